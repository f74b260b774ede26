import { actor, bit, bitmap, compile, counter, memoise, queue, runEngine } from 'precopy';
import { describe, expect, it } from 'vitest';
import { defineDesign } from '../../src/model/define-design.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { posted } from '../../src/model/messages.ts';
import { defineSystem, shared } from '../../src/model/system.ts';
import { breadthFirstSearch, type Limits } from '../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../src/search/bfs/preemption-bound.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import type { Exploration } from '../../src/search/exploration.ts';
import { liveness } from '../../src/search/liveness/liveness.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { naiveSearch } from '../../src/search/reference/naive.ts';
import { nightly } from '../support/nightly.ts';

const coarse = 'a test of sizes, not of accesses';

/** Actors of which any two may post a message to the last; a mailbox has a bit for each actor. */
function crowd(actors: number): AnyDesign {
  const system = defineSystem({
    name: 'crowd',
    memory: () => ({ m: shared({ last: actor(actors), taken: counter(2) }) }),
    messages: { HELLO: posted() },
    actors: { sender: () => actors - 1, receiver: 'one' },
    tags: ['sent'],
  });
  const sender = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        take: ({ context: { m, send, actors } }) => {
          m.taken.set(m.taken.get() + 1);
          send('HELLO', actors.receiver);
        },
      },
      guards: { isFree: ({ context: { m } }) => m.taken.get() < 2 },
    })
    .createMachine({
      id: 'sender',
      initial: 'idle',
      states: {
        idle: { on: { STEP: { guard: 'isFree', actions: 'take', target: 'sent', meta: { coarse } } } },
        sent: { tags: ['sent'] },
      },
    });
  const receiver = system
    .actor({ events: {} })
    .setup({ actions: { keep: ({ context: { m }, event }) => m.last.set(event.from) } })
    .createMachine({ id: 'receiver', initial: 'idle', states: { idle: { on: { HELLO: { actions: 'keep' } } } } });
  return defineDesign({
    id: 'crowd',
    title: `${actors} actors`,
    system,
    machines: { sender, receiver },
    properties: [
      system.properties.never(
        { id: 'last-two', description: 'the message of the last sender does not come after that of the one before' },
        ({ m, is }) => m.last.get() === actors - 2 && is.sent.of(actors - 3),
      ),
    ],
  });
}

/** One actor with many events, each of which sets the counter of the event; `wide` counters, of which two are set. */
function manyEvents(events: number, properties: number): AnyDesign {
  const system = defineSystem({
    name: 'events',
    memory: () => ({ m: shared({ first: counter(events), second: counter(events) }) }),
    actors: { it: 'one', other: 'one' },
  });
  const set = (cell: 'first' | 'second', count: number) => {
    const names = Array.from({ length: count }, (_, n) => `E${n}`);
    return system
      .actor({ events: Object.fromEntries(names.map((name) => [name, {}])) })
      .setup({
        actions: Object.fromEntries(
          names.map((name, n) => [
            name,
            ({ context: { m } }: { context: { m: Record<'first' | 'second', { set(value: number): void }> } }) =>
              m[cell].set(n + 1),
          ]),
        ),
      })
      .createMachine({
        id: cell,
        initial: 'ready',
        states: { ready: { on: Object.fromEntries(names.map((name) => [name, { actions: name }])) } },
      });
  };
  return defineDesign({
    id: 'events',
    title: `${events} events`,
    system,
    machines: { it: set('first', events), other: set('second', 3) },
    properties: Array.from({ length: properties }, (_, n) =>
      system.properties.never(
        { id: `p${n}`, description: 'the last one is broken' },
        ({ m }) => n === properties - 1 && m.first.get() === events && m.second.get() === 3,
      ),
    ),
  });
}

/** A machine of many states in a row. */
function manyLeaves(leaves: number): AnyDesign {
  const system = defineSystem({ name: 'row', memory: () => ({}), actors: { it: 'one', other: 'one' }, tags: ['end'] });
  const states = Object.fromEntries(
    Array.from({ length: leaves }, (_, n) => [
      `s${n}`,
      n + 1 < leaves ? { on: { NEXT: `s${n + 1}` } } : { tags: ['end' as const] },
    ]),
  );
  const it = system
    .actor({ events: { NEXT: {} } })
    .setup({ actions: {} })
    .createMachine({ id: 'it', initial: 's0', states } as never);
  const other = system
    .actor({ events: { NEXT: {} } })
    .setup({ actions: {} })
    .createMachine({ id: 'other', initial: 'a', states: { a: { on: { NEXT: 'b' } }, b: {} } });
  return defineDesign({
    id: 'row',
    title: `${leaves} states`,
    system,
    machines: { it, other },
    properties: [
      system.properties.never({ id: 'end', description: 'the end is not reached' }, ({ is }) => is.end.count() > 0),
    ],
  });
}

/** Counters of the greatest size, and more of them that pad the state to `words` words. */
function greatCounters(words: number): AnyDesign {
  const values = [0, 1, 2 ** 30, 2 ** 31 - 2, 2 ** 31 - 1];
  const system = defineSystem({
    name: 'great',
    memory: () => ({ m: shared({ c: Array.from({ length: words }, () => counter(2 ** 31 - 1)) }) }),
    actors: { one: 'one', two: 'one' },
  });
  const setting = (id: string, at: number) =>
    system
      .actor({ events: { SET: { field: 'v', size: () => values.length } } })
      .setup({ actions: { set: ({ context: { m }, event }) => m.c(at).set(values[event.v] as number) } })
      .createMachine({ id, initial: 's', states: { s: { on: { SET: { actions: 'set' } } } } });
  return defineDesign({
    id: 'great',
    title: `${words} words`,
    system,
    machines: { one: setting('one', 0), two: setting('two', words - 1) },
    properties: [
      system.properties.never(
        { id: 'both', description: 'not both are greatest' },
        ({ m }) => m.c(0).get() === 2 ** 31 - 1 && m.c(words - 1).get() === 2 ** 31 - 1,
      ),
    ],
  });
}

/** A bitmap of which the first and the last bits are set and cleared. */
function bitmapOf(bits: number): AnyDesign {
  const places = [...new Set([0, Math.floor(bits / 2), bits - 1])];
  const system = defineSystem({
    name: 'bits',
    memory: () => ({ m: shared({ before: bit(), map: bitmap(bits), after: bit(true) }) }),
    actors: { one: 'one', two: 'one' },
  });
  const actorOf = (id: string, value: boolean) =>
    system
      .actor({ events: { TAKE: { field: 'place', size: () => places.length } } })
      .setup({
        actions: {
          take: ({ context: { m }, event }) => {
            if (value) m.map.set(places[event.place] as number);
            else m.map.clear(places[event.place] as number);
          },
        },
      })
      .createMachine({ id, initial: 's', states: { s: { on: { TAKE: { actions: 'take' } } } } });
  return defineDesign({
    id: 'bits',
    title: `${bits} bits`,
    system,
    machines: { one: actorOf('one', true), two: actorOf('two', false) },
    properties: [
      system.properties.never(
        { id: 'all', description: 'not all of these bits are set' },
        ({ m }) => m.map.count() === places.length && m.map.has(bits - 1),
      ),
    ],
  });
}

/** A queue that is filled beyond its capacity. */
function queueOf(capacity: number): AnyDesign {
  const system = defineSystem({
    name: 'queue',
    memory: () => ({ m: shared({ q: queue(capacity, 3) }) }),
    actors: { it: 'one' },
  });
  const it = system
    .actor({ events: { PUSH: {} } })
    .setup({ actions: { push: ({ context: { m } }) => m.q.push(2) } })
    .createMachine({ id: 'it', initial: 's', states: { s: { on: { PUSH: { actions: 'push' } } } } });
  return defineDesign({ id: 'queue', title: `${capacity}`, system, machines: { it }, properties: [] });
}

/** Each step reads all of the state, so that nothing of it is worth caching. */
function readsAll(cells: number): AnyDesign {
  const system = defineSystem({
    name: 'sums',
    memory: () => ({ m: shared({ c: Array.from({ length: cells }, () => counter(3)) }) }),
    actors: { it: 'one', other: 'one' },
  });
  const adding = (id: string, step: number) =>
    system
      .actor({ events: { ADD: { field: 'i', size: () => cells } } })
      .setup({
        actions: {
          add: ({ context: { m }, event }) => {
            let sum = step;
            for (let n = 0; n < cells; n++) sum += m.c(n).get() * (n + 1);
            m.c(event.i).set(sum % 4);
          },
        },
      })
      .createMachine({ id, initial: 's', states: { s: { on: { ADD: { actions: 'add', meta: { coarse } } } } } });
  return defineDesign({
    id: 'sums',
    title: `${cells} cells`,
    system,
    machines: { it: adding('it', 1), other: adding('other', 2) },
    properties: [
      system.properties.never({ id: 'threes', description: 'not all cells are 3' }, ({ m }) =>
        Array.from({ length: cells }, (_, n) => m.c(n).get()).every((value) => value === 3),
      ),
    ],
  });
}

const figuresOf = ({ verdict, states, depth, violation }: Exploration) =>
  verdict === 'violated'
    ? { property: violation?.property, steps: violation?.schedule.length }
    : { verdict, states, depth };

describe.each<[string, AnyDesign]>([
  ...nightly<[string, AnyDesign]>([['32 actors', crowd(32)]]),
  ['33 actors', crowd(33)],
  ['73 events and 45 properties', manyEvents(70, 45)],
  ['a machine of 257 states', manyLeaves(257)],
  ['a state of two words', greatCounters(2)],
  ['a state of 33 words', greatCounters(33)],
  ...nightly<[string, AnyDesign]>([['a state of 513 words', greatCounters(513)]]),
  ['a state of 2,000 words', greatCounters(2000)],
  ...[1, 32, 33, 65, 1025, ...nightly([31, 63, 64, 1024])].map((bits): [string, AnyDesign] => [
    `${bits} bits`,
    bitmapOf(bits),
  ]),
  ...[0, 1, 40].map((capacity): [string, AnyDesign] => [`a queue of ${capacity}`, queueOf(capacity)]),
  ['steps that read all of the state', readsAll(4)],
])('%s', (_, design) => {
  const naive = naiveSearch(design, {});
  const expected = naive.violation
    ? { property: naive.violation.property, steps: naive.violation.length }
    : { verdict: 'holds', states: naive.states, depth: naive.depth };
  const plain = (limits?: Limits) => breadthFirstSearch(compile(design), limits);
  const cached = (limits?: Limits) => breadthFirstSearch(memoise(compile(design)), limits);

  it.each<[string, () => ReturnType<typeof plain>]>([
    ['breadth-first search', plain],
    ['the transition cache', cached],
    ['partial-order reduction', () => cached({ partialOrder: true })],
    ['coverage', () => cached({ coverage: true })],
    ['little memory', () => cached({ maxMemoryBytes: 2 ** 23 })],
  ])('has the verdict of the reference by %s', (_, engine) => {
    expect(figuresOf(runEngine(engine()))).toEqual(expected);
  });

  it('has its verdict by the other engines', () => {
    const property = naive.violation?.property;
    const bounded = runEngine(preemptionBoundedSearch(memoise(compile(design)), 1000));
    expect(bounded.violation?.property).toBe(property);
    const bits = runEngine(bitstate(memoise(compile(design)), { seed: 1, depth: 1000, bytes: 2 ** 20 }));
    expect(bits.violation?.property).toBe(property);
    const draw = { strategy: 'random', seed: 1, runs: 50, depth: 50, bugDepth: 1 } as const;
    const sampled = runEngine(sampleSchedules(memoise(compile(design)), draw));
    expect([undefined, property]).toContain(sampled.violation?.property);
    if (property === 'well-formed' || property === undefined)
      expect(runEngine(liveness(memoise(compile(design)))).violation?.property).toBe(property);
    if (design.system.spec.name === 'bits' || design.system.spec.name === 'queue')
      expect(runEngine(dpor(memoise(compile(design)), { depth: 3 })).violation?.property).toBe(
        naive.violation && naive.violation.length <= 3 ? property : undefined,
      );
  });
});
