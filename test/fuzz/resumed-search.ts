import { breadthFirstSearch, type Exploration, type Limits, type Program, runEngine } from 'precopy';
import type { CheckpointStore, SearchCheckpoint } from '../../src/search/bfs/checkpoint.ts';
import type { ArrayVisitor } from '../../src/search/storage/growable-buffer.ts';
import { Dice } from './random.ts';

/** Keeps the latest checkpoint in memory. */
class MemoryCheckpoints implements CheckpointStore {
  latest: SearchCheckpoint | undefined;
  private arrays: (Int32Array | Uint16Array | Float64Array)[] = [];

  isDue(): boolean {
    return false;
  }

  save(checkpoint: SearchCheckpoint, each: (visit: ArrayVisitor) => void): void {
    this.latest = structuredClone(checkpoint);
    this.arrays = [];
    each((array) => void this.arrays.push(array.slice()));
  }

  restore(each: (visit: ArrayVisitor) => void): void {
    let n = 0;
    each((array) => array.set(this.arrays[n++] as Int32Array));
    if (n !== this.arrays.length) throw new Error('the checkpoint has more arrays than are restored');
  }
}

/** Searches with an interruption at a random place, after which a new search goes on from the checkpoint. */
export function resumedSearch(program: () => Program, limits: Limits, seed: number): Exploration {
  const dice = new Dice(seed);
  const checkpoints = new MemoryCheckpoints();
  let left = dice.between(1, 6);
  const first = runEngine(breadthFirstSearch(program(), limits, { checkpoints }), () =>
    left-- === 0 ? 'interrupt' : undefined,
  );
  if (first.stoppedBy === undefined) return first;
  return runEngine(breadthFirstSearch(program(), limits, { checkpoints }));
}
