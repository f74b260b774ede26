import { parentPort } from 'node:worker_threads';
import { serve } from '../explore/crew.ts';
import { Member } from '../explore/member.ts';
import type { SharedMemory } from '../explore/workspace.ts';
import { programFor, type WhichProgram } from './thread-program.ts';
import { programIn, type Way } from './way.ts';

/** A search that a thread is asked to help with. */
export interface Call extends WhichProgram {
  readonly way: Way;
  readonly memory: SharedMemory;
}

parentPort?.on('message', async ({ way, memory, ...which }: Call) => {
  const program = await programFor(which);
  serve(new Member(programIn(way, program), memory));
});
