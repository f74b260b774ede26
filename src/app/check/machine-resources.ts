import { availableParallelism, totalmem } from 'node:os';
import { maxWorkers } from '../../search/parallel/worker-barrier.ts';

/** Returns the default memory limit of a search, in bytes: half of the memory of the machine, or of its container. */
export function memoryBudget(): number {
  const constrained = process.constrainedMemory();
  return (constrained ? Math.min(constrained, totalmem()) : totalmem()) / 2;
}

/** Returns the number of cores, or the most threads that a search can have. */
export const defaultWorkers = (): number => Math.min(availableParallelism(), maxWorkers);
