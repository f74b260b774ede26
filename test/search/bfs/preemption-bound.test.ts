import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { counter, defineDesign, defineSystem, owned, shared } from '../../../src/index.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { preemptionBoundedSearch } from '../../../src/search/bfs/preemption-bound.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { explore } from '../../support/explore.ts';
import { type ThreadsView, threads } from '../../support/threads.ts';

const bounded = (design: AnyDesign, bound: number, sizes = {}): Exploration =>
  runEngine(preemptionBoundedSearch(memoise(compile(design, sizes)), bound));

/** Two actors of two steps each; the property is violated if both have taken one. */
const betweenBoth = threads(
  [
    ['-', '-'],
    ['-', '-'],
  ],
  ({ properties }) => [
    properties.never(
      { id: 'both', description: '' },
      ({ mem }: ThreadsView) => mem.pc(0).get() === 1 && mem.pc(1).get() === 1,
    ),
  ],
);

const coarse = 'whose turn it is, and the count, are one cell';

/** Two actors that count in turns; the other one spins. */
const table = defineSystem({
  name: 'table',
  memory: () => ({ table: shared({ count: counter(4) }) }),
  actors: { player: () => 2 },
});
const turns = defineDesign({
  id: 'turns',
  title: 'two players that take turns',
  system: table,
  machines: {
    player: table
      .actor({ events: { STEP: {} } })
      .setup({
        actions: { count: ({ context: { table } }) => table.count.set(table.count.get() + 1), look: () => {} },
        guards: { isMyTurn: ({ context: { table, nth } }) => table.count.get() < 4 && table.count.get() % 2 === nth },
      })
      .createMachine({
        id: 'player',
        initial: 'playing',
        states: {
          playing: {
            on: {
              STEP: [
                { guard: 'isMyTurn', actions: 'count', meta: { coarse } },
                { actions: 'look', meta: { coarse } },
              ],
            },
          },
        },
      }),
  },
  properties: [
    table.properties.never({ id: 'far', description: 'they count to 4' }, ({ table }) => table.count.get() === 4),
  ],
}) as AnyDesign;

describe('preemption-bounded search', () => {
  it('does not find a race that needs another preemption', () => {
    expect(bounded(betweenBoth, 0)).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'preemptions' });
    expect(bounded(betweenBoth, 1)).toMatchObject({ verdict: 'violated', violation: { property: 'both' }, depth: 3 });
  });

  it('counts no switch away from an actor that has terminated', () => {
    const design = threads([['w0'], ['w0'], ['w0']], ({ properties }) => [
      properties.never(
        { id: 'in-order', description: '' },
        ({ mem }: ThreadsView) => mem.pc(0).get() === 1 && mem.pc(2).get() === 1,
      ),
    ]);
    expect(bounded(design, 0).verdict).toBe('violated');
  });

  it('counts no switch away from an actor that spins', () => {
    expect(bounded(turns, 0)).toMatchObject({ verdict: 'violated', violation: { property: 'far' }, depth: 5 });
  });

  it('finds a race for owned memory in a state from which the bound allows one of its steps only', () => {
    const system = defineSystem({
      name: 'two-owners',
      memory: () => ({ list: owned({ head: counter(1) }) }),
      actors: { early: 'one', late: 'one' },
    });
    const thread = system
      .actor({ events: { STEP: {} } })
      .setup({ actions: { write: ({ context: { list } }) => list.head.set(1), look: () => {} } })
      .createMachine({
        id: 'thread',
        initial: 'outside',
        states: {
          outside: { on: { STEP: { actions: 'look', target: 'inside' } } },
          inside: { on: { STEP: { actions: 'write', target: 'done' } } },
          done: {},
        },
      });
    const early = thread.extend({ initial: 'inside', states: { outside: { on: { STEP: 'inside' } } } });
    const machines = { early, late: thread };
    const design = defineDesign({ id: 'two-owners', title: 'two owners', system, machines, properties: [] });
    const { violation } = bounded(design, 0);
    expect(violation).toMatchObject({ property: 'well-formed', schedule: [expect.anything()] });
    expect(violation?.fault).toMatch(/^list\.head is owned memory/);
  });

  it('proves properties if the bound disables nothing', () => {
    const design = threads([
      ['w0', 'w1'],
      ['w1', 'w0'],
    ]);
    expect(bounded(design, 3)).toMatchObject({ verdict: 'holds', preemptions: 3 });
    expect(bounded(design, 1)).toMatchObject({ verdict: 'inconclusive', preemptions: 1 });
  });

  it('hits only covers and violates only properties that the full search does', () => {
    const sizes = { vcpus: 1, pages: 1 };
    const all = explore(rmapXchg, sizes);
    const few = bounded(rmapXchg, 1, sizes);
    expect(few.covers.map(({ id }) => id)).toEqual(all.covers.map(({ id }) => id));
    expect(few.properties.map(({ verdict }) => verdict)).not.toContain('violated');
    expect(few.properties.map(({ verdict }) => verdict)).not.toContain('holds');
  });
});
