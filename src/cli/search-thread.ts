import { parentPort } from 'node:worker_threads';
import { serve } from '../explore/crew.ts';
import { Member } from '../explore/member.ts';
import { FewPreemptions } from '../explore/preemptions.ts';
import type { SharedMemory } from '../explore/workspace.ts';
import { programFor, type WhichProgram } from './thread-program.ts';

/** A search that a thread is asked to help with. */
export interface Call extends WhichProgram {
  readonly preemptions: number | undefined;
  readonly memory: SharedMemory;
}

parentPort?.on('message', async ({ preemptions, memory, ...which }: Call) => {
  const program = await programFor(which);
  serve(new Member(preemptions === undefined ? program : new FewPreemptions(program, preemptions), memory));
});
