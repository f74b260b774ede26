import { describe, expect, it } from 'vitest';
import { replay } from '../../src/live/replay.ts';
import type { Design } from '../../src/model/design.ts';
import { eventsOf } from '../../src/model/events.ts';
import { instantiate } from '../../src/model/instance.ts';
import type { Property } from '../../src/model/property.ts';
import { parseSchedule, resolveSchedule } from '../../src/model/schedule-text.ts';
import { leadsTo, toy } from '../support/toys.ts';

/** E goes to and fro between two states, F leads to an end that is marked, from the second one. */
const toAndFro = (premises: object = {}): Design =>
  toy({
    states: {
      s: { on: { E: 't' } },
      t: { on: { E: 's', F: 'end' } },
      end: { tags: ['marked'] },
    },
    properties: [
      leadsTo(
        { id: 'ends', description: 'it comes to its end', ...premises } as { id: string; description: string },
        () => true,
        ({ is }) => is.marked.count() > 0,
      ) as Property,
    ],
  });
const [e, f] = [
  { event: 0, payload: 0 },
  { event: 1, payload: 0 },
];

describe('a run without an end, on live actors', () => {
  it('breaks what it never comes to, as a whole', () => {
    const { steps, cycle, violation } = replay(toAndFro(), {}, [e], [e, e]);
    expect({ steps: steps.length, cycle }).toEqual({ steps: 3, cycle: 2 });
    expect(violation).toEqual({
      property: 'ends',
      description: 'it comes to its end',
      detail: 'unanswered from the beginning',
    });
  });

  it('has a schedule that replays it', () => {
    const design = toAndFro();
    const { schedule } = replay(design, {}, [e], [e, e]);
    const instance = instantiate(design);
    expect(resolveSchedule(parseSchedule(schedule), instance, eventsOf(instance))).toEqual({
      choices: [e],
      cycle: [e, e],
    });
  });

  it.each([
    [
      'it is not fair: what it assumes can be taken again and again, and is not',
      { strongly: [{ event: 'F' }] },
      [e, e],
    ],
    ['it repeats what happens finitely often', { finitely: ['E'] }, [e, e]],
    ['it stays where a step can be taken for ever', {}, []],
  ])('breaks nothing where %s', (_, premises, cycle) => {
    expect(replay(toAndFro(premises), {}, [], cycle).violation).toBeUndefined();
  });

  it('violates nothing once the request is answered', () => {
    expect(replay(toAndFro(), {}, [e, f], []).violation).toBeUndefined();
  });

  it('is refused where what it repeats leads elsewhere', () => {
    expect(() => replay(toAndFro(), {}, [], [e])).toThrow(expect.objectContaining({ code: 'BAD_SCHEDULE' }));
  });
});
