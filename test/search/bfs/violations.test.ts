import { describe, expect, it } from 'vitest';
import {
  type AnyDesign,
  compile,
  counter,
  defineDesign,
  defineSystem,
  type Exploration,
  posted,
  queue,
  rendezvous,
  replay,
  shared,
} from '../../../src/index.ts';
import { eventName } from '../../../src/model/events.ts';
import { naiveSearch } from '../../../src/search/reference/naive.ts';
import { explore } from '../../support/explore.ts';
import { always, cycle, never, noDeadlock, toy } from '../../support/toys.ts';

/** Returns the steps of a counterexample as text. */
function stepsOf(design: AnyDesign, { violation }: Exploration): string[] {
  const { events, instance } = compile(design);
  return (violation?.schedule ?? []).map(({ event, payload }) => eventName(instance, events[event] as never, payload));
}

describe('a violation', () => {
  const reach5 = never({ id: 'never-5', description: 'a is never 5' }, ({ toy }) => toy.a.get() === 5);

  it('has a shortest counterexample', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'incA' }, F: { actions: 'double' } } } },
      actions: { double: ({ context: { toy } }) => toy.a.set(Math.min(7, 2 * toy.a.get())) },
      properties: [reach5],
    });
    const result = explore(design);
    expect(result).toMatchObject({ verdict: 'violated', violation: { property: 'never-5', fault: undefined } });
    expect(result.violation?.schedule.length).toBe(4);
    expect(result.violation?.schedule.length).toBe(naiveSearch(design, {}).violation?.length);
  });

  it('has the depth of its counterexample, the initial state included', () => {
    const result = explore(toy({ states: { s: { on: { E: { actions: 'incA' } } } }, properties: [reach5] }));
    expect(result.violation?.schedule.length).toBe(5);
    expect(result.depth).toBe(6);
  });

  it('leaves the other properties inconclusive', () => {
    const { properties } = explore(
      toy({
        states: { s: { on: { E: { actions: 'incA' } } } },
        properties: [always({ id: 'other', description: '' }, () => true), reach5],
      }),
    );
    expect(properties).toEqual([
      { id: 'other', verdict: 'inconclusive' },
      { id: 'never-5', verdict: 'violated' },
      { id: 'well-formed', verdict: 'inconclusive' },
    ]);
  });

  it('of the initial state has an empty schedule', () => {
    const result = explore(toy({ ...cycle, properties: [always({ id: 'false', description: '' }, () => false)] }));
    expect(result).toMatchObject({ verdict: 'violated', depth: 1, violation: { property: 'false', schedule: [] } });
  });

  it('is that of the first property, if a state violates several', () => {
    const result = explore(
      toy({
        ...cycle,
        properties: [
          never({ id: 'one', description: '' }, ({ toy }) => toy.a.get() === 2),
          never({ id: 'two', description: '' }, ({ toy }) => toy.a.get() === 2),
        ],
      }),
    );
    expect(result.violation?.property).toBe('one');
  });

  it('occurs on live actors too', () => {
    const design = toy({ states: { s: { on: { E: { actions: 'incA' } } } }, properties: [reach5] });
    const { violation } = explore(design);
    expect(replay(design, {}, violation?.schedule ?? []).violation?.property).toBe('never-5');
  });
});

describe('a deadlock', () => {
  const noStop = noDeadlock({ id: 'goes-on', description: 'it goes on' }, ({ toy }) => toy.b.get() === 1);

  it('is a state without successors', () => {
    const design = toy({
      states: { s: { on: { E: 't' } }, t: { on: { F: { guard: 'never', target: 's' } } } },
      properties: [noStop],
    });
    const result = explore(design);
    expect(result).toMatchObject({ verdict: 'violated', depth: 2, violation: { property: 'goes-on' } });
    expect(stepsOf(design, result)).toEqual(['it E']);
  });

  it('is no valid end state', () => {
    const design = toy({ states: { s: { on: { E: { target: 't', actions: 'incB' } } }, t: {} }, properties: [noStop] });
    expect(explore(design).verdict).toBe('holds');
  });

  it('is no violation without a deadlock property', () => {
    expect(explore(toy({ states: { s: { on: { E: 't' } }, t: {} } })).verdict).toBe('holds');
  });

  it('may be the initial state', () => {
    const result = explore(toy({ states: { s: {} }, properties: [noStop] }));
    expect(result).toMatchObject({ verdict: 'violated', depth: 1, violation: { property: 'goes-on', schedule: [] } });
  });

  it('is reported before a violation with a longer schedule', () => {
    const design = toy({
      states: {
        s: { on: { E: 'goesOn', F: 'stuck' } },
        goesOn: { on: { E: { target: 'goesOn', actions: 'incA' } } },
        stuck: {},
      },
      properties: [noStop, never({ id: 'counts', description: '' }, ({ toy }) => toy.a.get() === 1)],
    });
    expect(naiveSearch(design, {}).violation).toEqual({ property: 'goes-on', length: 1 });
    expect(explore(design).violation?.property).toBe('goes-on');
  });
});

describe('well-formed is violated by', () => {
  /** Two actors: `it` sends on E what `other` takes only in its first state. */
  function pair(delivery: 'rendezvous' | 'posted'): AnyDesign {
    const system = defineSystem({
      name: 'pair',
      memory: () => ({ m: shared({ a: counter(1) }) }),
      messages: { HELLO: delivery === 'posted' ? posted() : rendezvous() },
      actors: { it: 'one', other: 'one' },
    });
    const it = system
      .actor({ events: { E: {} } })
      .setup({ actions: { greet: ({ context: { send, actors } }) => send('HELLO', actors.other) } })
      .createMachine({ id: 'it', initial: 's', states: { s: { on: { E: { actions: 'greet' } } } } });
    const other = system
      .actor({ events: {} })
      .setup({ actions: {} })
      .createMachine({ id: 'other', initial: 'first', states: { first: { on: { HELLO: 'second' } }, second: {} } });
    return defineDesign({ id: 'pair', title: 'pair', system, machines: { it, other }, properties: [] });
  }

  it('a message that its receiver does not accept', () => {
    const design = pair('rendezvous');
    const result = explore(design);
    expect(result).toMatchObject({
      verdict: 'violated',
      violation: {
        property: 'well-formed',
        fault: "other gets HELLO from it in 'second', which has no transition for it",
      },
    });
    expect(stepsOf(design, result)).toEqual(['it E', 'it E']);
    expect(replay(design, {}, result.violation?.schedule ?? []).violation?.property).toBe('well-formed');
  });

  it('no posted message that waits', () => {
    expect(explore(pair('posted')).verdict).toBe('holds');
  });

  it('a counter out of its range', () => {
    const design = toy({ states: { s: { on: { E: { actions: 'incA' } } } } });
    const result = explore(design);
    expect(result).toMatchObject({
      verdict: 'violated',
      depth: 9,
      violation: { property: 'well-formed', fault: 'toy.a is 0 to 7 and cannot become 8' },
    });
    expect(result.properties).toEqual([{ id: 'well-formed', verdict: 'violated' }]);
  });

  it('a fault of a guard', () => {
    const system = defineSystem({
      name: 'queue',
      memory: () => ({ m: shared({ q: queue(1, 2) }) }),
      actors: { it: 'one' },
    });
    const it = system
      .actor({ events: { E: {} } })
      .setup({ actions: {}, guards: { oldestIsOne: ({ context: { m } }) => m.q.peek() === 1 } })
      .createMachine({ id: 'it', initial: 's', states: { s: { on: { E: { guard: 'oldestIsOne', target: 's' } } } } });
    const design = defineDesign({ id: 'queue', title: 'a queue', system, machines: { it }, properties: [] });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [{ event: 0, payload: 0 }] });
  });

  it('a fault in the initial state', () => {
    const design = toy({
      states: { s: { entry: 'tooMuch' } },
      actions: { tooMuch: ({ context: { toy } }) => toy.a.set(9) },
    });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [] });
  });

  it('an eventless loop', () => {
    const design = toy({ states: { s: { on: { E: 'a' } }, a: { always: 'b' }, b: { always: 'a' } } });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [{ event: 0, payload: 0 }] });
  });

  it('no exception of an action, which ends the search', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'mistaken' } } } },
      actions: {
        mistaken: () => {
          throw new RangeError('mistaken');
        },
      },
    });
    expect(() => explore(design)).toThrow(RangeError);
  });
});
