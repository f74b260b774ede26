import { parentPort } from 'node:worker_threads';
import type { SearchBuffers } from '../../search/bfs/search-memory.ts';
import { SearchWorker } from '../../search/bfs/search-worker.ts';
import { runWorker } from '../../search/parallel/worker-barrier.ts';
import { programForMode, type SearchMode } from '../check/search-mode.ts';
import { type ProgramRef, programFor } from './worker-program.ts';

/** A search that a thread is asked to help with. */
export interface SearchJob extends ProgramRef {
  readonly way: SearchMode;
  readonly memory: SearchBuffers;
}

parentPort?.on('message', async ({ way, memory, ...which }: SearchJob) => {
  const program = await programFor(which);
  runWorker(new SearchWorker(programForMode(way, program), memory));
});
