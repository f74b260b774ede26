import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs.ts';
import {
  compile,
  counter,
  defineDesign,
  defineSystem,
  type Exploration,
  exhaustive,
  type Limits,
  type Progress,
  posted,
  rendezvous,
  type StopReason,
  shared,
} from '../../src/index.ts';
import { replay } from '../../src/live/replay.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { eventName } from '../../src/model/events.ts';
import { instantiate } from '../../src/model/instance.ts';
import { explore } from '../support/explore.ts';
import { always, never, noDeadlock, reachable, toy } from '../support/toys.ts';
import { exploreNaively } from './naive.ts';

const small = { vcpus: 1, pages: 1, loggingOn: 1 };
const statesOfSmall = 1_498;

/** A counter that goes up to 3 and back to 0. */
const cycle = {
  states: {
    s: {
      on: { E: { guard: 'aIsBelow3', actions: 'incA' }, F: { guard: 'full', actions: 'clear' } },
    },
  },
  actions: { clear: ({ context: { toy } }) => toy.a.set(0) },
  guards: { full: ({ context: { toy } }) => toy.a.get() === 3 },
} satisfies Parameters<typeof toy>[0];

/** The steps of a counterexample, as text. */
function stepsOf(design: AnyDesign, { violation }: Exploration): string[] {
  const { events, instance } = compile(design);
  return (violation?.schedule ?? []).map(({ event, payload }) => eventName(instance, events[event] as never, payload));
}

describe('a search that ends', () => {
  it('counts as TLC counts: the initial state is depth 1 and generated', () => {
    const { verdict, states, transitions, depth } = explore(toy(cycle));
    expect({ verdict, states, transitions, depth }).toEqual({ verdict: 'holds', states: 4, transitions: 5, depth: 4 });
  });

  it('says of each property that it holds, and of messages and cells that they are well-formed', () => {
    const { properties } = explore(
      toy({
        ...cycle,
        properties: [always({ id: 'p', says: 'p' }, () => true), noDeadlock({ id: 'd', says: 'd' }, () => false)],
      }),
    );
    expect(properties).toEqual([
      { id: 'p', verdict: 'holds' },
      { id: 'd', verdict: 'holds' },
      { id: 'well-formed', verdict: 'holds' },
    ]);
  });

  it('says which covers were hit: in a state, in a step, and never', () => {
    const { covers, properties } = explore(
      toy({
        ...cycle,
        properties: [
          reachable({ id: 'state', says: '' }, ({ toy }) => toy.a.get() === 3),
          reachable({ id: 'step', says: '' }, (_, { actions }) => actions.includes('clear')),
          reachable({ id: 'never', says: '' }, ({ toy }) => toy.b.get() === 1),
        ],
      }),
    );
    expect(covers).toEqual([
      { id: 'state', hit: true },
      { id: 'step', hit: true },
      { id: 'never', hit: false },
    ]);
    expect(properties).toEqual([{ id: 'well-formed', verdict: 'holds' }]);
  });

  it('hits a cover by the actions of eventless transitions, too', () => {
    const { covers } = explore(
      toy({
        states: { s: { on: { E: 't' } }, t: { always: { actions: 'incB', target: 'u' } }, u: {} },
        properties: [reachable({ id: 'incB', says: '' }, (_, { actions }) => actions.includes('incB'))],
      }),
    );
    expect(covers).toEqual([{ id: 'incB', hit: true }]);
  });

  it('hits no cover by a step that did not happen', () => {
    const { covers } = explore(
      toy({
        states: { s: { entry: 'incA', on: { E: { guard: 'never', actions: 'incB' } } } },
        properties: [reachable({ id: 'step', says: '' }, (_, { actions }) => actions.length > 0)],
      }),
    );
    expect(covers).toEqual([{ id: 'step', hit: false }]);
  });

  it('finds the same again with the same program', () => {
    const design = toy({
      states: { s: { on: { E: { guard: 'aIsZero', actions: 'incA' } } } },
      properties: [
        reachable({ id: 'no', says: '' }, ({ toy }, { actions }) => actions.includes('incA') && toy.a.get() === 0),
      ],
    });
    const program = compile(design);
    const run = (): Exploration => {
      const search = exhaustive(program);
      let turn = search.next();
      while (!turn.done) turn = search.next();
      return turn.value;
    };
    expect(run()).toEqual(run());
  });

  it('tells how likely it is that a state was left out', () => {
    const { states, transitions, collisionProbability } = explore(rmapXchg, small);
    expect(collisionProbability).toBe((states * (transitions - states)) / 2 ** 64);
  });
});

describe('a program that is reset', () => {
  it('has taken no step', () => {
    const program = compile(toy({ states: { s: { on: { E: { actions: 'incA' } } } } }));
    program.reset();
    program.step(0, 0);
    expect(program.seen().actions).toEqual(['incA']);
    program.reset();
    expect(program.seen().actions).toEqual([]);
  });
});

describe('a violation', () => {
  const reach5 = never({ id: 'never-5', says: 'a is never 5' }, ({ toy }) => toy.a.get() === 5);

  it('is found with one of the shortest schedules', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'incA' }, F: { actions: 'double' } } } },
      actions: { double: ({ context: { toy } }) => toy.a.set(Math.min(7, 2 * toy.a.get())) },
      properties: [reach5],
    });
    const result = explore(design);
    expect(result).toMatchObject({ verdict: 'violated', violation: { property: 'never-5', fault: undefined } });
    expect(result.violation?.schedule.length).toBe(4);
    expect(result.violation?.schedule.length).toBe(exploreNaively(design, {}).violation?.length);
  });

  it('has the depth of its schedule, the initial state counted', () => {
    const result = explore(toy({ states: { s: { on: { E: { actions: 'incA' } } } }, properties: [reach5] }));
    expect(result.violation?.schedule.length).toBe(5);
    expect(result.depth).toBe(6);
  });

  it('leaves the other properties open', () => {
    const { properties } = explore(
      toy({
        states: { s: { on: { E: { actions: 'incA' } } } },
        properties: [always({ id: 'other', says: '' }, () => true), reach5],
      }),
    );
    expect(properties).toEqual([
      { id: 'other', verdict: 'inconclusive' },
      { id: 'never-5', verdict: 'violated' },
      { id: 'well-formed', verdict: 'inconclusive' },
    ]);
  });

  it('may be in the initial state: then its schedule is empty', () => {
    const result = explore(toy({ ...cycle, properties: [always({ id: 'false', says: '' }, () => false)] }));
    expect(result).toMatchObject({ verdict: 'violated', depth: 1, violation: { property: 'false', schedule: [] } });
  });

  it('is the first of several that break in the same state', () => {
    const result = explore(
      toy({
        ...cycle,
        properties: [
          never({ id: 'one', says: '' }, ({ toy }) => toy.a.get() === 2),
          never({ id: 'two', says: '' }, ({ toy }) => toy.a.get() === 2),
        ],
      }),
    );
    expect(result.violation?.property).toBe('one');
  });

  it('happens on live actors as well', () => {
    const design = toy({ states: { s: { on: { E: { actions: 'incA' } } } }, properties: [reach5] });
    const { violation } = explore(design);
    expect(replay(design, {}, violation?.schedule ?? []).violation?.property).toBe('never-5');
  });
});

describe('a deadlock', () => {
  const noStop = noDeadlock({ id: 'goes-on', says: 'it goes on' }, ({ toy }) => toy.b.get() === 1);

  it('is a state in which nothing can happen', () => {
    const design = toy({
      states: { s: { on: { E: 't' } }, t: { on: { F: { guard: 'never', target: 's' } } } },
      properties: [noStop],
    });
    const result = explore(design);
    expect(result).toMatchObject({ verdict: 'violated', depth: 2, violation: { property: 'goes-on' } });
    expect(stepsOf(design, result)).toEqual(['it E']);
  });

  it('is none where the system may stop', () => {
    const design = toy({ states: { s: { on: { E: { target: 't', actions: 'incB' } } }, t: {} }, properties: [noStop] });
    expect(explore(design).verdict).toBe('holds');
  });

  it('is none where no property asks for it', () => {
    expect(explore(toy({ states: { s: { on: { E: 't' } }, t: {} } })).verdict).toBe('holds');
  });

  it('may be the initial state', () => {
    const result = explore(toy({ states: { s: {}, t: { on: { E: 't' } } }, properties: [noStop] }));
    expect(result).toMatchObject({ verdict: 'violated', depth: 1, violation: { property: 'goes-on', schedule: [] } });
  });

  it('is reported before a violation that more steps lead to', () => {
    const design = toy({
      states: {
        s: { on: { E: 'goesOn', F: 'stuck' } },
        goesOn: { on: { E: { target: 'goesOn', actions: 'incA' } } },
        stuck: {},
      },
      properties: [noStop, never({ id: 'counts', says: '' }, ({ toy }) => toy.a.get() === 1)],
    });
    expect(exploreNaively(design, {}).violation).toEqual({ property: 'no-deadlock', length: 1 });
    expect(explore(design).violation?.property).toBe('goes-on');
  });
});

describe('what the model itself forbids breaks well-formed', () => {
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

  it('a message where nobody takes it', () => {
    const design = pair('rendezvous');
    const result = explore(design);
    expect(result).toMatchObject({
      verdict: 'violated',
      violation: { property: 'well-formed', fault: "other gets HELLO from it in 'second', where nothing takes it" },
    });
    expect(stepsOf(design, result)).toEqual(['it E', 'it E']);
    expect(replay(design, {}, result.violation?.schedule ?? []).violation?.property).toBe('well-formed');
  });

  it('but not a posted message that waits', () => {
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
    const design = toy({
      states: { s: { on: { E: { guard: 'faulty', target: 's' } } } },
      guards: { faulty: ({ context: { toy } }) => toy.a.set(9) },
    });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [{ event: 0, payload: 0 }] });
  });

  it('a fault when the actors start', () => {
    const design = toy({
      states: { s: { entry: 'tooMuch' } },
      actions: { tooMuch: ({ context: { toy } }) => toy.a.set(9) },
    });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [] });
  });

  it('eventless transitions without end', () => {
    const design = toy({ states: { s: { on: { E: 'a' } }, a: { always: 'b' }, b: { always: 'a' } } });
    expect(explore(design).violation).toMatchObject({ property: 'well-formed', schedule: [{ event: 0, payload: 0 }] });
  });

  it('but not a mistake in an action, which is an error of its own', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'mistaken' } } } },
      actions: { mistaken: ({ context }) => context.nothing.set(1) },
    });
    expect(() => explore(design)).toThrow(TypeError);
  });
});

describe('a search that is stopped', () => {
  /** Runs a search on `rmap-xchg`, and gives it a reason to stop after some turns. */
  function stopped(
    sizes: object,
    limits: Limits,
    reason?: StopReason,
    turns = 0,
  ): { result: Exploration; progress: Progress[] } {
    const search = exhaustive(compile(rmapXchg, { ...sizes }), limits);
    const progress: Progress[] = [];
    let turn = search.next();
    while (!turn.done) {
      progress.push(turn.value);
      turn = reason && progress.length > turns ? search.next(reason) : search.next();
    }
    return { result: turn.value, progress };
  }

  function expectPartial(result: Exploration, stoppedBy: StopReason): void {
    expect(result.verdict).toBe('inconclusive');
    expect(result.stoppedBy).toBe(stoppedBy);
    expect(result.violation).toBeUndefined();
    expect(result.states).toBeGreaterThan(0);
    expect(result.frontier).toBeGreaterThan(0);
    expect(result.depth).toBeGreaterThan(0);
    expect(result.transitions).toBeGreaterThanOrEqual(result.states);
    expect(result.tableBytes).toBeGreaterThan(0);
    expect(new Set(result.properties.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(result.properties.map(({ id }) => id)).toContain('well-formed');
    expect(result.covers.length).toBeGreaterThan(0);
  }

  it('by a number of states', () => {
    const { result } = stopped(small, { maxStates: 300 });
    expectPartial(result, 'max-states');
    expect(result.states).toBeGreaterThanOrEqual(300);
    expect(result.states).toBeLessThan(600);
  });

  it('not by a number of states that it does not reach', () => {
    const { result } = stopped(small, { maxStates: statesOfSmall + 1 });
    expect(result).toMatchObject({ verdict: 'holds', states: statesOfSmall, frontier: 0 });
    expect(result.stoppedBy).toBeUndefined();
  });

  it('by a number of bytes', () => {
    const maxMemoryBytes = 8 * 1024 ** 2;
    const { result, progress } = stopped({ vcpus: 2, pages: 2 }, { maxMemoryBytes });
    expectPartial(result, 'max-memory');
    for (const { memoryBytes } of progress) expect(memoryBytes).toBeLessThan(maxMemoryBytes);
    expect(result.tableBytes).toBeLessThan(1.5 * maxMemoryBytes);
  });

  it('at once, when there is not even memory for the tables', () => {
    expectPartial(stopped(small, { maxMemoryBytes: 1 }).result, 'max-memory');
  });

  it.each(['time', 'interrupt'] as const)('by whoever drives it, for the reason %s', (reason) => {
    const { result, progress } = stopped({ vcpus: 2, pages: 2 }, {}, reason, 5);
    expectPartial(result, reason);
    expect(progress.length).toBe(6);
  });

  it('tells on its way how far it is', () => {
    const { progress, result } = stopped({ vcpus: 1, pages: 2 }, {});
    expect(progress.length).toBeGreaterThan(3);
    for (const [n, { states, transitions, depth, frontier, memoryBytes }] of progress.entries()) {
      const before = progress[n - 1] ?? { states: 0, transitions: 0, depth: 0 };
      expect(states).toBeGreaterThanOrEqual(before.states);
      expect(transitions).toBeGreaterThanOrEqual(before.transitions);
      expect(depth).toBeGreaterThanOrEqual(before.depth);
      expect(depth).toBeLessThanOrEqual(result.depth);
      expect(frontier).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(0);
    }
  });
});

describe('a design with more choices than a search can number', () => {
  it('is refused', () => {
    const system = defineSystem({
      name: 'wide',
      params: { wide: { default: 70_000, min: 1, max: 100_000, description: 'choices' } },
      memory: () => ({}),
      actors: { it: 'one' },
    });
    const it = system
      .actor({ events: { PICK: { field: 'n', size: ({ wide }) => wide } } })
      .setup({ actions: {} })
      .createMachine({ id: 'it', initial: 's', states: { s: { on: { PICK: 's' } } } });
    const design = defineDesign({ id: 'wide', title: 'wide', system, machines: { it }, properties: [] });
    expect(instantiate(design).params).toEqual({ wide: 70_000 });
    expect(() => explore(design)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});
