import { breadthFirstSearch, type Exploration, type Limits, type Program, runEngine } from 'precopy';
import type { SearchCheckpoint } from '../../src/search/bfs/search-checkpoint.ts';
import { MemoryCheckpoints } from '../support/memory-checkpoints.ts';
import { Dice } from './random.ts';

/** Searches with an interruption at a random place, after which a new search goes on from the checkpoint. */
export function resumedSearch(program: () => Program, limits: Limits, seed: number): Exploration {
  const dice = new Dice(seed);
  const checkpoints = new MemoryCheckpoints<SearchCheckpoint>();
  let left = dice.between(1, 6);
  const first = runEngine(breadthFirstSearch(program(), limits, { checkpoints }), () =>
    left-- === 0 ? 'interrupt' : undefined,
  );
  if (first.stoppedBy === undefined) return first;
  return runEngine(breadthFirstSearch(program(), limits, { checkpoints }));
}
