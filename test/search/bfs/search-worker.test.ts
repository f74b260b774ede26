import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { UnitField } from '../../../src/search/bfs/block.ts';
import { BlockExpander } from '../../../src/search/bfs/block-expansion.ts';
import { allocate } from '../../../src/search/bfs/search-memory.ts';
import { SearchWorker } from '../../../src/search/bfs/search-worker.ts';
import type { PhaseRunner } from '../../../src/search/parallel/worker-barrier.ts';
import { createSuccessorGenerator } from '../../../src/search/successors/successor-factory.ts';

const parentsPerBlock = 32;

/** Runs all phases on one worker, which takes tasks in a given order. */
const runnerInOrder = (worker: SearchWorker, order: (tasks: number[]) => number[]): PhaseRunner => ({
  beginBlock() {},
  *runPhase(phase, tasks) {
    worker.runPhase(phase, 0, order(Array.from({ length: tasks }, (_, task) => task)));
  },
  shutDown() {},
});

/** Visits all states in blocks of units of one state each. Returns the path to each state, by state id. */
function pathsOfSearch(order: (tasks: number[]) => number[]): string[] {
  const program = memoise(compile(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 }));
  const generator = createSuccessorGenerator(program);
  const worker = new SearchWorker(
    program,
    allocate({
      words: program.state.length,
      hashWords: generator.hashWords,
      sleepWords: 0,
      choices: generator.choices.length,
      properties: program.properties.length,
      transitions: program.transitions.length,
      bytes: 1 << 24,
      parentsPerUnit: 1,
    }),
    generator,
  );
  const { block, predecessors, frontier } = worker.memory;
  const blocks = new BlockExpander(worker, undefined, runnerInOrder(worker, order));
  program.reset();
  worker.start();
  let states = 1;
  for (let expanded = 0; expanded < states; ) {
    const end = Math.min(expanded + parentsPerBlock, states);
    const addUnit = (unit: number): void => {
      predecessors.beginUnit(block.firstParent[unit] as number, states);
      states += block.get(unit, UnitField.newStates);
    };
    for (const _ of blocks.expand(expanded, end, states, addUnit));
    frontier.release(end);
    expanded = end;
  }
  return Array.from({ length: states }, (_, state) => predecessors.pathTo(state).join(' '));
}

describe('a search worker', () => {
  const inOrder = pathsOfSearch((tasks) => tasks);
  const interleaved = (tasks: number[]): number[] => [0, 1].flatMap((odd) => tasks.filter((task) => task % 2 === odd));

  it('discovers the same states in the same order, whatever the order of its tasks', () => {
    expect(inOrder).toHaveLength(1_090);
    expect(pathsOfSearch((tasks) => tasks.toReversed())).toEqual(inOrder);
    expect(pathsOfSearch(interleaved)).toEqual(inOrder);
  });
});
