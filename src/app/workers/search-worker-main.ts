import { parentPort } from 'node:worker_threads';
import type { SearchBuffers } from '../../search/bfs/search-memory.ts';
import { SearchWorker } from '../../search/bfs/search-worker.ts';
import { runWorker } from '../../search/parallel/worker-barrier.ts';
import { programForMode, type SearchMode } from '../check/search-mode.ts';
import { type ProgramRef, programFor } from './worker-program.ts';

/** A search that a worker thread is to join. */
export interface SearchJob extends ProgramRef {
  readonly mode: SearchMode;
  readonly memory: SearchBuffers;
}

parentPort?.on('message', async ({ mode, memory, ...ref }: SearchJob) => {
  const program = programForMode(mode, await programFor(ref));
  runWorker(memory.barrier, new SearchWorker(program, memory));
});
