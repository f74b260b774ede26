import { describe, expect, it } from 'vitest';
import peterson from '../../../examples/peterson.ts';
import { rmapXchg } from '../../../machines/designs/index.ts';
import {
  type AnyDesign,
  bit,
  compile,
  counter,
  defineDesign,
  defineSystem,
  type Exploration,
  owned,
  type Program,
  type Property,
  shared,
} from '../../../src/index.ts';
import type { Choice } from '../../../src/model/choices.ts';
import { eventName } from '../../../src/model/events.ts';
import { checkLiveness } from '../../support/explore.ts';
import { leadsTo as leadsToOfToy, toy } from '../../support/toys.ts';

/** Checks liveness, and names the choices of the lasso. */
function check(program: Program): { verdict: Exploration['verdict']; stem?: string[]; cycle?: string[] } {
  const { verdict, violation } = checkLiveness(program);
  const name = ({ event, payload }: Choice): string =>
    eventName(program.instance, program.events[event] as Program['events'][number], payload);
  return { verdict, ...(violation && { stem: violation.schedule.map(name), cycle: violation.cycle?.map(name) ?? [] }) };
}

const verdictOf = (design: AnyDesign, params?: Readonly<Record<string, number>>): Exploration['verdict'] =>
  checkLiveness(compile(design, params)).verdict;

/** Compiles a design without fairness assumptions. */
function unfair(design: AnyDesign, params?: Readonly<Record<string, number>>): Program {
  const program = compile(design, params);
  return Object.assign(program, { events: program.events.map((event) => ({ ...event, optional: true })) });
}

describe("Peterson's lock", () => {
  const starves = peterson.system.properties.leadsToForEach(
    { id: 'gets-in', description: 'whoever waits gets in' },
    ({ left, right }) => [left, right],
    ({ is }, actor) => is.waiting.of(actor),
    ({ is }, actor) => is.inside.of(actor),
  );
  const design = { ...peterson, properties: [starves] };

  it('lets every waiting process in, if both processes are weakly fair', () => {
    expect(verdictOf(design)).toBe('holds');
  });

  it('starves a process without fairness: nothing happens any more', () => {
    expect(check(unfair(design))).toEqual({ verdict: 'violated', stem: ['left STEP', 'left STEP'], cycle: [] });
  });
});

const coarse = 'a test-and-set, or two forks at once';

/** Two processes and a test-and-set lock. */
const bitLock = defineSystem({
  name: 'bit-lock',
  memory: () => ({ lock: shared({ taken: bit() }) }),
  actors: { process: () => 2 },
  tags: ['waiting', 'inside'],
});
const bitProcess = bitLock
  .actor({ events: { ASK: {}, TAKE: {}, LEAVE: {}, LOOK: {} } })
  .setup({
    actions: {
      take: ({ context: { lock } }) => lock.taken.set(true),
      leave: ({ context: { lock } }) => lock.taken.set(false),
    },
    guards: { isFree: ({ context: { lock } }) => !lock.taken.get() },
  })
  .createMachine({
    id: 'process',
    initial: 'outside',
    states: {
      outside: { on: { ASK: 'waiting' } },
      waiting: {
        tags: ['waiting'],
        on: { TAKE: { guard: 'isFree', actions: 'take', target: 'inside', meta: { coarse } } },
      },
      inside: { tags: ['inside'], on: { LEAVE: { actions: 'leave', target: 'outside' } } },
    },
  });
const bitLockDesign = (premises: object): AnyDesign => ({
  ...defineDesign({
    id: 'bit-lock',
    title: 'a test-and-set lock',
    system: bitLock,
    machines: { process: bitProcess },
    properties: [
      bitLock.properties.leadsToForEach(
        { id: 'gets-in', description: 'whoever waits gets in', ...premises },
        ({ process }) => process,
        ({ is }, actor) => is.waiting.of(actor),
        ({ is }, actor) => is.inside.of(actor),
      ),
    ],
  }),
});

describe('a test-and-set lock', () => {
  it('starves a process under weak fairness: each time the lock is free the other process takes it', () => {
    expect(check(compile(bitLockDesign({})))).toEqual({
      verdict: 'violated',
      stem: ['process0 ASK'],
      cycle: ['process1 ASK', 'process1 TAKE', 'process1 LEAVE'],
    });
  });

  it('starves no process under strong fairness of TAKE', () => {
    expect(verdictOf(bitLockDesign({ strongly: [{ event: 'TAKE' }] }))).toBe('holds');
  });

  it('starves no process if ASK happens finitely often', () => {
    expect(verdictOf(bitLockDesign({ finitely: ['ASK'] }))).toBe('holds');
  });
});

/** Dining philosophers (E. Dijkstra): three, who take their two forks one after the other. */
const table = defineSystem({
  name: 'dining-philosophers',
  memory: () => ({ table: shared({ fork: [bit(), bit(), bit()] }) }),
  actors: { philosopher: () => 3 },
  tags: ['hungry', 'eating'],
});
const philosopher = table.actor({ events: { STEP: {} } }).setup({
  actions: {
    takeLeft: ({ context: { table, nth } }) => table.fork(nth).set(true),
    takeRight: ({ context: { table, nth } }) => table.fork((nth + 1) % 3).set(true),
    putBoth: ({ context: { table, nth } }) => {
      table.fork(nth).set(false);
      table.fork((nth + 1) % 3).set(false);
    },
  },
  guards: {
    leftIsFree: ({ context: { table, nth } }) => !table.fork(nth).get(),
    rightIsFree: ({ context: { table, nth } }) => !table.fork((nth + 1) % 3).get(),
    leftFirst: ({ context: { nth } }) => nth > 0,
  },
});
const leftFirst = philosopher.createMachine({
  id: 'philosopher',
  initial: 'thinking',
  states: {
    thinking: { on: { STEP: 'wantsLeft' } },
    wantsLeft: {
      tags: ['hungry'],
      on: { STEP: { guard: 'leftIsFree', actions: 'takeLeft', target: 'hasLeft', meta: { coarse } } },
    },
    hasLeft: {
      tags: ['hungry'],
      on: { STEP: { guard: 'rightIsFree', actions: 'takeRight', target: 'eating', meta: { coarse } } },
    },
    eating: { tags: ['eating'], on: { STEP: { actions: 'putBoth', target: 'thinking', meta: { coarse } } } },
  },
});
const oneRightFirst = leftFirst.extend({
  states: {
    thinking: { on: { STEP: [{ guard: 'leftFirst', target: 'wantsLeft' }, { target: 'wantsRight' }] } },
    wantsRight: {
      tags: ['hungry'],
      on: { STEP: { guard: 'rightIsFree', actions: 'takeRight', target: 'hasRight', meta: { coarse } } },
    },
    hasRight: {
      tags: ['hungry'],
      on: { STEP: { guard: 'leftIsFree', actions: 'takeLeft', target: 'eating', meta: { coarse } } },
    },
  },
});
const dinner = (asymmetric: boolean, properties: readonly Property[]): AnyDesign =>
  defineDesign({
    id: 'dinner',
    title: 'dining philosophers',
    system: table,
    machines: { philosopher: asymmetric ? oneRightFirst : leftFirst },
    properties,
  }) as AnyDesign;

describe('dining philosophers', () => {
  const { leadsTo, leadsToForEach } = table.properties;
  const somebodyEats = leadsTo(
    { id: 'somebody-eats', description: 'where somebody is hungry somebody eats' },
    ({ is }) => is.hungry.count() > 0,
    ({ is }) => is.eating.count() > 0,
  );
  const everybodyEats = (premises: object): Property =>
    leadsToForEach(
      { id: 'everybody-eats', description: 'whoever is hungry eats', ...premises },
      ({ philosopher }) => philosopher,
      ({ is }, actor) => is.hungry.of(actor),
      ({ is }, actor) => is.eating.of(actor),
    );

  it('deadlock with a fork in each left hand', () => {
    const { verdict, stem, cycle } = check(compile(dinner(false, [somebodyEats])));
    expect({ verdict, steps: stem?.length, cycle }).toEqual({ verdict: 'violated', steps: 6, cycle: [] });
  });

  it('do not deadlock if one takes the right fork first', () => {
    expect(verdictOf(dinner(true, [somebodyEats]))).toBe('holds');
  });

  it('starve one by one under weak fairness, and not under strong fairness', () => {
    expect(verdictOf(dinner(true, [everybodyEats({})]))).toBe('violated');
    expect(verdictOf(dinner(true, [everybodyEats({ strongly: [{ event: 'STEP' }] })]))).toBe('holds');
  });
});

describe('the liveness check', () => {
  it('reports the verdict of each property, and a lasso of the first that is violated', () => {
    const { properties, violation } = checkLiveness(unfair(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 }));
    expect(properties.map(({ verdict }) => verdict)).toEqual(properties.map(() => 'violated'));
    expect(violation?.property).toBe('lock-is-granted');
    expect(violation?.cycle).toEqual([]);
  });

  it('reports properties that hold vacuously', () => {
    const { leadsTo } = bitLock.properties;
    const never = leadsTo(
      { id: 'never-asked', description: 'false leads to false' },
      () => false,
      () => false,
    );
    const { verdict, covers } = checkLiveness(compile({ ...bitLockDesign({}), properties: [never] }));
    expect({ verdict, covers }).toEqual({ verdict: 'holds', covers: [{ id: 'never-asked', hit: false }] });
  });

  it.each([
    ['max-states', { maxStates: 100 }],
    ['max-memory', { maxMemoryBytes: 1 }],
  ] as const)('has no verdict if it is stopped by %s', (stoppedBy, limits) => {
    const exploration = checkLiveness(compile(rmapXchg, { vcpus: 1, pages: 1 }), limits);
    expect(exploration).toMatchObject({ verdict: 'inconclusive', stoppedBy });
    expect(exploration.properties.every(({ verdict }) => verdict === 'inconclusive')).toBe(true);
  });

  it('reports a fault of the model', () => {
    const system = defineSystem({
      name: 'overflow',
      memory: () => ({ room: owned({ people: counter(1) }) }),
      actors: { door: 'one' },
    });
    const door = system
      .actor({ events: { STEP: {} } })
      .setup({ actions: { enter: ({ context: { room } }) => room.people.set(room.people.get() + 1) } })
      .createMachine({ id: 'door', initial: 'open', states: { open: { on: { STEP: { actions: 'enter' } } } } });
    const design = defineDesign({ id: 'overflow', title: 'a full room', system, machines: { door }, properties: [] });
    expect(checkLiveness(compile(design)).violation).toMatchObject({
      property: 'well-formed',
      schedule: { length: 2 },
    });
  });
});

describe('strong premises with conditions', () => {
  const fromStart = { E: 'start', F: 'end' };
  const endsIf = (first: boolean, second: boolean) =>
    toy({
      states: { start: { on: fromStart }, end: { tags: ['marked'] } },
      properties: [
        leadsToOfToy(
          {
            id: 'ends',
            description: 'it ends',
            strongly: [
              { event: 'F', when: () => first },
              { event: 'F', when: () => second },
            ],
          },
          () => true,
          ({ is }) => is.marked.count() > 0,
        ),
      ],
    });

  it.each([
    [true, false, 'holds'],
    [false, true, 'holds'],
    [false, false, 'violated'],
  ])('bind where their own condition holds: the first %s, the second %s', (first, second, verdict) => {
    expect(verdictOf(endsIf(first, second))).toBe(verdict);
  });
});
