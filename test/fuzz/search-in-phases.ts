import type { Program } from 'precopy';
import { UnitField } from '../../src/search/bfs/block.ts';
import { BlockExpander } from '../../src/search/bfs/block-expansion.ts';
import { allocate } from '../../src/search/bfs/search-memory.ts';
import { Phase, SearchWorker } from '../../src/search/bfs/search-worker.ts';
import { createSuccessorGenerator } from '../../src/search/successors/successor-factory.ts';
import { Dice } from './random.ts';

/**
 * Visits all states with two workers that share the memory of the search and take the tasks of each phase in a random
 * order, in blocks of units of one state each.
 */
export function searchInPhases(create: () => Program, seed: number): { states: number; transitions: number } {
  const dice = new Dice(seed);
  const program = create();
  const generator = createSuccessorGenerator(program);
  const leader = new SearchWorker(
    program,
    allocate({
      words: program.state.length,
      hashWords: generator.hashWords,
      sleepWords: 0,
      choices: Math.max(1, generator.choices.length),
      properties: program.properties.length,
      transitions: program.transitions.length,
      bytes: 2 ** 24,
      parentsPerUnit: 1,
    }),
    generator,
  );
  leader.memory.growRecords();
  const workers = [leader, new SearchWorker(create(), leader.memory.buffers)] as const;
  const { block, predecessors, frontier } = leader.memory;
  /** by unit of the block: the worker that expands it, and hence commits it */
  let ownerOf: number[] = [];
  const blocks = new BlockExpander(leader, undefined, {
    beginBlock(units) {
      ownerOf = dice.times(units, () => dice.below(2));
    },
    *runPhase(phase, tasks) {
      const isOfUnits = phase !== Phase.deduplicate;
      const drawn = dice.times(tasks, (task) => ({ task, by: isOfUnits ? ownerOf[task] : dice.below(2) }));
      // A worker runs its share of a phase at once; the shares are in the order of the tasks, as on a real machine.
      for (const first of dice.chance(50) ? [0, 1] : [1, 0]) {
        const share = drawn.filter(({ by }) => by === first).map(({ task }) => task);
        workers[first]?.runPhase(phase, first, share);
      }
    },
    shutDown() {},
  });
  program.reset();
  leader.start();
  let states = 1;
  let transitions = 1;
  for (let expanded = 0; expanded < states; ) {
    const end = Math.min(expanded + 24, states);
    for (const _ of blocks.expand(expanded, end, states, (unit) => {
      predecessors.beginUnit(block.firstParent[unit] as number, states);
      states += block.get(unit, UnitField.newStates);
      transitions += block.get(unit, UnitField.generated);
    }));
    frontier.release(end);
    expanded = end;
  }
  return { states, transitions };
}
