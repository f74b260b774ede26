import { describe, expect, it } from 'vitest';
import { designs, rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import {
  bit,
  bitmap,
  breadthFirstSearch,
  compile,
  counter,
  defineDesign,
  defineSystem,
  type Exploration,
  memoise,
  owned,
  runEngine,
  shared,
} from '../../../src/index.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { type SymbolicLimits, symbolicSearch } from '../../../src/search/symbolic/symbolic-search.ts';
import { designsOrMutants, isNightly } from '../../support/nightly.ts';

const small = { vcpus: 1, pages: 1 };
type Params = Readonly<Record<string, number>>;
const named = (id: string): AnyDesign => [...designs, ...mutants].find((design) => design.id === id) as AnyDesign;

const symbolic = (design: AnyDesign, params: Params, limits?: SymbolicLimits): Exploration =>
  runEngine(symbolicSearch(compile(design, params), limits));
const explicit = (design: AnyDesign, params: Params): Exploration =>
  runEngine(breadthFirstSearch(memoise(compile(design, params))));

/** Returns what both searches say of a design that holds, or of one that does not. */
function resultOf({ verdict, states, transitions, covers, untaken, violation }: Exploration): object {
  return violation ? { verdict, length: violation.schedule.length } : { verdict, states, transitions, covers, untaken };
}

describe('symbolic search finds what the explicit search finds', () => {
  for (const design of isNightly ? designsOrMutants : [rmapXchg]) {
    it(`of ${design.id} at 1x1`, () => {
      expect(resultOf(symbolic(design, small))).toEqual(resultOf(explicit(design, small)));
    });
  }

  it('a shortest counterexample', () => {
    const mutant = named('rmap-xchg/fault-without-mmu-lock');
    const [found, expected] = [symbolic(mutant, small), explicit(mutant, small)];
    expect(resultOf(found)).toEqual(resultOf(expected));
    expect(found.verdict).toBe('violated');
  });

  const covers = rmapXchg.properties.filter(({ kind }) => kind === 'cover');
  for (const cover of isNightly ? covers : covers.filter(({ id }) => id === 'stale-tlb-write')) {
    it(`a shortest run that hits ${cover.id}`, () => {
      const design = { ...rmapXchg, properties: [{ ...cover, isGoal: true }] } as unknown as AnyDesign;
      expect(resultOf(symbolic(design, small))).toEqual(resultOf(explicit(design, small)));
    });
  }

  it.runIf(isNightly)('with store buffers', () => {
    const design = { ...named('rmap-xchg-handshake'), memoryModel: 'tso' } as AnyDesign;
    const { verdict, states, transitions } = symbolic(design, { ...small, loggingOn: 1 });
    expect({ verdict, states, transitions }).toEqual({ verdict: 'holds', states: 4_950, transitions: 14_583 });
  });

  it('the depth, if it goes level by level', () => {
    const params = { ...small, loggingOn: 1 };
    const { states, depth } = symbolic(rmapXchg, params, { byLevels: true });
    expect({ states, depth }).toEqual({ states: 1_090, depth: 25 });
  });
});

describe('symbolic search', () => {
  it('gives a partial result at a number of states', () => {
    const found = symbolic(rmapXchg, small, { maxStates: 10 });
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
    expect(found.states).toBeGreaterThanOrEqual(10);
    expect(found.states).toBeLessThan(1520);
    expect(Number(found.symbolic?.checked)).toBeLessThan(found.states);
  });

  it('names a violation to which it found no schedule in time', () => {
    const program = compile(late, {});
    // The second search starts with one state, after the first one has visited all of them.
    let most = 0;
    const found = runEngine(symbolicSearch(program), ({ states }) => {
      most = Math.max(most, states);
      return most > 15 && states < most ? 'time' : undefined;
    });
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'time', symbolic: { violated: 'never-late' } });
    expect(found.violation).toBeUndefined();
  });

  it('stops at once where not even the first diagrams fit', () => {
    const { verdict, stoppedBy, states } = symbolic(rmapXchg, { vcpus: 1, pages: 1 }, { maxMemoryBytes: 2 ** 16 });
    expect({ verdict, stoppedBy, states }).toEqual({ verdict: 'inconclusive', stoppedBy: 'max-memory', states: 1 });
  });

  it('finds a violation in the initial state before it needs memory', () => {
    const property = { id: 'never', description: 'no state is allowed', kind: 'invariant', holds: () => false };
    const design = { ...rmapXchg, properties: [property] } as unknown as AnyDesign;
    const { verdict, violation } = symbolic(design, small, { maxMemoryBytes: 2 ** 16 });
    expect({ verdict, violation }).toEqual({
      verdict: 'violated',
      violation: { property: 'never', schedule: [], fault: undefined },
    });
  });

  it('gives a partial result when its memory is full', () => {
    const found = symbolic(rmapXchg, { vcpus: 2, pages: 1 }, { maxMemoryBytes: 2 ** 20 });
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-memory' });
  });

  it('refuses bitmaps that it has no variables for', () => {
    expect(() => symbolic(rmapXchg, { vcpus: 1, pages: 33 })).toThrow('bitmaps of at most 32 bits');
  });

  it('takes a copy of a whole bitmap as one path', () => {
    const pages = 24;
    const found = symbolic(copying(pages), {});
    expect(found).toMatchObject({ verdict: 'holds', states: 3 ** pages });
    expect(found.symbolic?.paths).toBe(2 * pages + 1);
  });

  it('gives a bit a variable when it changes late', () => {
    const found = symbolic(late, {});
    expect(found).toMatchObject({ verdict: 'violated', violation: { property: 'never-late' } });
    expect(found.violation?.schedule.length).toBe(15);
  });
});

const copyingSystem = defineSystem({
  name: 'copying',
  memory: ({ pages }: { pages: number }) => ({ m: owned({ log: bitmap(pages), copy: bitmap(pages) }) }),
  params: { pages: { default: 24, min: 1, max: 32, description: 'pages' } },
  actors: { it: 'one' },
  tags: [],
});

/** An actor that sets bits of a log, copies the log in one step, and clears bits that are in both. */
function copying(pages: number): AnyDesign {
  const actor = copyingSystem.actor({
    events: {
      SET: { field: 'page', size: (params) => params.pages },
      COPY: {},
      DROP: { field: 'page', size: (params) => params.pages },
    },
  });
  const machine = actor
    .use(
      actor.implement({
        actions: {
          set: ({ context: { m }, event }) => m.log.set(event.page),
          copy: ({ context: { m } }) => m.copy.copyFrom(m.log),
          drop: ({ context: { m }, event }) => m.copy.clear(event.page),
        },
        guards: {},
      }),
    )
    .createMachine({
      id: 'it',
      initial: 'only',
      states: { only: { on: { SET: { actions: 'set' }, COPY: { actions: 'copy' }, DROP: { actions: 'drop' } } } },
    });
  return defineDesign({
    id: 'copying',
    title: 'copies a bitmap',
    system: copyingSystem,
    machines: { it: machine },
    params: { pages },
    properties: [
      copyingSystem.properties.always({ id: 'copied', description: 'the copy is in the log' }, ({ m }) =>
        m.log.contains(m.copy),
      ),
    ],
  }) as AnyDesign;
}

const lateSystem = defineSystem({
  name: 'late',
  memory: () => ({ m: shared({ late: bit() }), n: owned({ count: counter(15) }) }),
  actors: { it: 'one' },
  tags: [],
});
const lateActor = lateSystem.actor({ events: { NEXT: {}, BACK: {} } });

/** An actor that changes a bit after 14 steps in a row, which a random walk does hardly ever. */
const late = defineDesign({
  id: 'late',
  title: 'a bit that changes late',
  system: lateSystem,
  machines: {
    it: lateActor
      .use(
        lateActor.implement({
          actions: {
            next: ({ context: { n } }) => n.count.set(n.count.get() + 1),
            back: ({ context: { n } }) => n.count.set(0),
            change: ({ context: { m } }) => m.late.set(true),
          },
          guards: { isLast: ({ context: { n } }) => n.count.get() === 14 },
        }),
      )
      .createMachine({
        id: 'it',
        initial: 'only',
        states: {
          only: {
            on: { NEXT: [{ guard: 'isLast', actions: 'change' }, { actions: 'next' }], BACK: { actions: 'back' } },
          },
        },
      }),
  },
  properties: [
    lateSystem.properties.never({ id: 'never-late', description: 'the bit is clear' }, ({ m }) => m.late.get()),
  ],
}) as AnyDesign;
