import { parentPort } from 'node:worker_threads';
import { serve } from '../explore/crew.ts';
import { Member } from '../explore/member.ts';
import { FewPreemptions } from '../explore/preemptions.ts';
import type { SharedMemory } from '../explore/workspace.ts';
import type { AnyDesign } from '../model/design.ts';
import { targetsOf } from './catalogue.ts';
import { programOf } from './run.ts';

/** A search that a thread is asked to help with. */
export interface Call {
  /** the id of the design, and the file that it is from if it is not shipped */
  readonly design: string;
  readonly file: string | undefined;
  readonly memoryModel: AnyDesign['memoryModel'];
  readonly params: Readonly<Record<string, number>>;
  readonly preemptions: number | undefined;
  readonly memory: SharedMemory;
}

parentPort?.on('message', async ({ design, file, memoryModel, params, preemptions, memory }: Call) => {
  const target = (await targetsOf([file ?? design])).find(({ design: { id } }) => id === design);
  if (!target) throw new Error(`${file} has no design '${design}' any more`);
  const program = programOf({ ...target.design, ...(memoryModel && { memoryModel }) }, params);
  serve(new Member(preemptions === undefined ? program : new FewPreemptions(program, preemptions), memory));
});
