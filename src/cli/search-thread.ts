import { parentPort } from 'node:worker_threads';
import type { Program } from '../compile/program.ts';
import { serve } from '../explore/crew.ts';
import { Member } from '../explore/member.ts';
import { FewPreemptions } from '../explore/preemptions.ts';
import { Symmetric } from '../explore/symmetry.ts';
import type { SharedMemory } from '../explore/workspace.ts';
import { programFor, type WhichProgram } from './thread-program.ts';

/** A search that a thread is asked to help with. */
export interface Call extends WhichProgram {
  readonly preemptions: number | undefined;
  readonly bySymmetry: boolean;
  readonly memory: SharedMemory;
}

parentPort?.on('message', async ({ preemptions, bySymmetry, memory, ...which }: Call) => {
  const program = await programFor(which);
  serve(new Member(schedulesOf(program, preemptions, bySymmetry), memory));
});

function schedulesOf(program: Program, preemptions: number | undefined, bySymmetry: boolean): Program {
  if (bySymmetry) return new Symmetric(program);
  return preemptions === undefined ? program : new FewPreemptions(program, preemptions);
}
