import { parentPort } from 'node:worker_threads';
import { SearchWorker } from '../../search/bfs/search-worker.ts';
import { runWorker } from '../../search/parallel/worker-barrier.ts';
import { programForMode } from '../check/search-mode.ts';
import { programFor } from './worker-program.ts';
import type { SearchJob } from './worker-protocol.ts';

parentPort?.on('message', async ({ mode, memory, ...ref }: SearchJob) => {
  const program = programForMode(mode, await programFor(ref));
  runWorker(memory.barrier, new SearchWorker(program, memory));
});
