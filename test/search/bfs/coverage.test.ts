import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Coverage } from '../../../src/search/bfs/coverage.ts';
import { estimateRemaining } from '../../../src/search/bfs/state-space-estimate.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { reachable, toy } from '../../support/toys.ts';

/** Counts `a` up to 3, and from there goes to `u` by an eventless transition; `F` is refused, and `b` never changes. */
const design = toy({
  states: {
    s: {
      on: { E: { guard: 'aIsBelow3', actions: 'incA', target: 't' }, F: { guard: 'never', actions: 'incB' } },
    },
    t: { always: { guard: 'aIsBelow3', target: 's' }, on: { E: 's', F: 's' } },
  },
});

function coverageOf(program = compile(design)): Coverage {
  return runEngine(breadthFirstSearch(program, { coverage: true })).coverage as Coverage;
}

describe('the coverage of a search', () => {
  it('counts how often each transition is taken, and how many states its steps discover', () => {
    const { transitions } = coverageOf();
    const counts = transitions.map(({ source, event, taken, newStates }) => [`${source} ${event}`, taken, newStates]);
    expect(Object.fromEntries(counts.map(([name, ...both]) => [name, both]))).toEqual({
      's E': [3, 3],
      's F': [0, 0],
      't ': [2, 0],
      't E': [1, 1],
      't F': [1, 0],
    });
  });

  it('names the cells that never change', () => {
    expect(coverageOf().deadCells).toEqual(['toy.b']);
  });

  it('equals the counts of the program, and attributes each new state to one transition', () => {
    const program = memoise(compile(rmapXchg, { vcpus: 1, pages: 1 }));
    const before = [...program.counts];
    const { coverage, states } = runEngine(breadthFirstSearch(program, { coverage: true }));
    const taken = coverage?.transitions.map(({ taken }) => taken);
    expect(taken).toEqual([...program.counts].map((count, n) => count - (before[n] as number)));
    expect(coverage?.transitions.reduce((sum, { newStates }) => sum + newStates, 0)).toBe(states - 1);
  });

  it('leaves the rest of the result unchanged', () => {
    const covers = [reachable({ id: 'up', description: '' }, (_, { actions }) => actions.includes('incA'))];
    const program = compile({ ...design, properties: covers });
    const { coverage, ...found } = runEngine(breadthFirstSearch(program, { coverage: true }));
    expect(found).toEqual(runEngine(breadthFirstSearch(program)));
    expect(coverage).toBeDefined();
  });
});

describe('the state-space estimate', () => {
  const bell = Array.from({ length: 61 }, (_, n) => Math.round(10_000 * Math.exp(-((n - 30) ** 2) / 100)));
  const bulk = bell.filter((states) => states > 0);

  it('extrapolates levels that form a bell curve', () => {
    for (const seen of [20, 30, 40]) {
      const left = bulk.slice(seen).reduce((sum, states) => sum + states, 0);
      expect(Math.abs((estimateRemaining(bulk.slice(0, seen)) as number) / left - 1)).toBeLessThan(0.1);
    }
  });

  it('is undefined for few levels, and while growth accelerates', () => {
    expect(estimateRemaining([1, 2, 4])).toBeUndefined();
    expect(estimateRemaining([1, 2, 5, 13, 40, 150, 700, 4000])).toBeUndefined();
    for (let levels = 6; levels < 500; levels++)
      expect(estimateRemaining(Array(levels).fill(2)), `${levels}`).toBeUndefined();
  });

  it('is about zero when levels die out', () => {
    expect(estimateRemaining([1, 50, 200, 220, 60, 4, 1])).toBeLessThan(2);
  });
});
