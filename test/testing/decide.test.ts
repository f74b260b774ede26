import fc from 'fast-check';
import { holds, noLostWrite, runArbitrary } from 'precopy/fast-check';
import { rmapXchg } from 'precopy/kvm';
import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/model/property.ts';
import { parseSchedule } from '../../src/model/schedule-text.ts';
import { failureOf } from '../support/failure-of.ts';
import { always, leadsTo, never, noDeadlock, reachable, toy } from '../support/toys.ts';
import 'precopy/vitest';

/** E goes to and fro between two states, F leads to an end that is marked, from the second one. */
const toAndFro = toy({ states: { s: { on: { E: 't' } }, t: { on: { E: 's', F: 'end' } }, end: { tags: ['marked'] } } });
/** E counts to 7, and then on. No cell holds 8. */
const overflows = toy({ states: { s: { on: { E: { actions: 'incA' } } } } });

const ends = leadsTo(
  { id: 'ends', description: 'it ends' },
  () => true,
  ({ is }) => is.marked.of(0),
);
const stays = leadsTo(
  { id: 'stays', description: 'once at its end, it stays there' },
  ({ is }) => is.marked.of(0),
  ({ is }) => is.marked.of(0),
);
const neverAsked = leadsTo(
  { id: 'never-asked', description: 'a premise that never arises' },
  ({ toy }) => toy.a.get() > 0,
  () => false,
);
const unmarked = never({ id: 'unmarked', description: 'it does not end' }, ({ is }) => is.marked.of(0));
const counts = always({ id: 'counts', description: 'a is a number' }, ({ toy }) => toy.a.get() >= 0);
const isHit = reachable({ id: 'is-hit', description: 'it ends' }, ({ is }) => is.marked.of(0));
const isMissed = reachable({ id: 'is-missed', description: 'it counts' }, ({ toy }) => toy.a.get() > 0);
const goesOn = noDeadlock({ id: 'goes-on', description: 'it goes on' });
const elsewhere = { ...counts, id: 'elsewhere', where: () => false } as Property;

const toHold = (list: Property | readonly Property[], design = toAndFro) =>
  failureOf(() => expect(design).toHold(list));
const notToHold = (list: Property | readonly Property[], design = toAndFro) =>
  failureOf(() => expect(design).not.toHold(list));

describe('toHold decides', () => {
  it('an invariant, a deadlock property, a cover and a leads-to property', () => {
    expect(toAndFro).toHold([counts, stays, isHit]);
    expect(toAndFro).not.toHold(unmarked);
    expect(toAndFro).not.toHold(goesOn);
    expect(toAndFro).not.toHold(isMissed);
    expect(toAndFro).not.toHold(ends);
  });

  it('safety and liveness if the list has both', () => {
    expect(toHold([counts, ends])).toMatch(/^toy violates ends:/);
    expect(toHold([unmarked, stays])).toMatch(/^toy violates unmarked:/);
  });

  it('a leads-to property with a lasso that can be replayed', () => {
    const message = toHold(ends);
    expect(message).toContain('for ever');
    const schedule = parseSchedule(/npx precopy replay '(.*)'/.exec(message)?.[1] ?? '');
    expect(schedule).toMatchObject({ design: 'toy' });
  });

  it('a leads-to property whose premise never arises neither way', () => {
    const vacuous = 'toy satisfies never-asked vacuously: the premise never arises';
    expect(toHold(neverAsked)).toBe(vacuous);
    expect(notToHold(neverAsked)).toBe(vacuous);
  });

  it('a leads-to property at a limit neither way', () => {
    const inconclusive = /is inconclusive: stopped by max-states after/;
    expect(failureOf(() => expect(toAndFro).toHold(ends, {}, { maxStates: 1 }))).toMatch(inconclusive);
    expect(failureOf(() => expect(toAndFro).not.toHold(ends, {}, { maxStates: 1 }))).toMatch(inconclusive);
  });
});

describe('not.toHold fails if', () => {
  it('well-formed is violated, and none of the properties named', () => {
    expect(notToHold(unmarked, overflows)).toMatch(/^toy violates well-formed, which is none of the properties named:/);
  });

  it('only a cover beside other properties is missed', () => {
    expect(notToHold([counts, isMissed])).toMatch(/^toy never hits is-missed/);
  });

  it('all properties hold', () => {
    expect(notToHold(counts)).toBe('toy holds in all of its 3 states');
  });
});

describe('toSurvive', () => {
  const sampling = { strategy: 'random', seed: 1, runs: 20 } as const;

  it('decides safety properties', () => {
    expect(toAndFro).toSurvive([counts, isMissed], {}, sampling);
    expect(toAndFro).not.toSurvive(goesOn, {}, sampling);
  });

  it('fails with not if only well-formed is violated', () => {
    expect(failureOf(() => expect(overflows).not.toSurvive(counts, {}, sampling))).toContain('none of the properties');
  });

  it.each([{ runs: 0 }, { depth: 0 }, { runs: Number.NaN }])('refuses to sample nothing: %j', (nothing) => {
    expect(failureOf(() => expect(toAndFro).toSurvive(counts, {}, { ...sampling, ...nothing }))).toContain(
      'decide nothing',
    );
  });
});

describe('the front doors for tests refuse', () => {
  const sampling = { strategy: 'random', seed: 1, runs: 2 } as const;
  const doors: Readonly<Record<string, (list: readonly Property[]) => unknown>> = {
    toHold: (list) => expect(toAndFro).toHold(list),
    'not.toHold': (list) => expect(toAndFro).not.toHold(list),
    toSurvive: (list) => expect(toAndFro).toSurvive(list, {}, sampling),
    'not.toSurvive': (list) => expect(toAndFro).not.toSurvive(list, {}, sampling),
    holds: (list) => holds(toAndFro, list),
  };
  const sampled = ['toSurvive', 'not.toSurvive', 'holds'];

  it.each(Object.keys(doors))('an empty list: %s', (door) => {
    expect(() => doors[door]?.([])).toThrow('nothing to decide of toy: the list of properties is empty');
  });

  it.each(Object.keys(doors))('a property that is undefined: %s', (door) => {
    expect(() => doors[door]?.([counts, undefined as unknown as Property])).toThrow(
      'property 1 of the list is undefined',
    );
  });

  it.each(Object.keys(doors))('a property that does not apply at these params: %s', (door) => {
    expect(() => doors[door]?.([counts, elsewhere])).toThrow('elsewhere does not apply at these params');
    const cover = { ...isHit, where: () => false } as Property;
    if (!sampled.includes(door)) expect(() => doors[door]?.([cover])).toThrow('is-hit does not apply at these params');
  });

  it.each(sampled)('a leads-to property, which no finite schedule violates: %s', (door) => {
    expect(() => doors[door]?.([counts, ends])).toThrow('random schedules do not decide ends');
  });

  it.each(sampled)('covers alone: %s', (door) => {
    expect(() => doors[door]?.([isHit])).toThrow('there is nothing to decide of toy');
  });

  it('runs of a design that no run can violate', () => {
    expect(() => runArbitrary({ ...toAndFro, properties: [ends, isHit] })).toThrow('there is nothing to decide of toy');
    expect(() => holds(toAndFro, counts, {}, { depth: 0 })).toThrow('decide nothing');
  });

  it('a property of a system whose memory the design does not have', () => {
    expect(() => fc.assert(noLostWrite(toAndFro), { numRuns: 1 })).toThrow();
    expect(() => expect(rmapXchg).not.toHold(isMissed, { vcpus: 1, pages: 1 })).toThrow();
  });
});
