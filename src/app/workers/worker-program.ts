import type { Program } from '../../compile/program.ts';
import type { AnyDesign } from '../../model/design.ts';
import { programOf } from '../check/verification-job.ts';
import { resolveTargets } from '../designs/design-registry.ts';

/** What a thread needs to compile a design for itself. */
export interface ProgramRef {
  /** the id of the design, and the file that it is from if it is not shipped */
  readonly design: string;
  readonly file: string | undefined;
  readonly memoryModel: AnyDesign['memoryModel'];
  readonly params: Readonly<Record<string, number>>;
}

export async function programFor({ memoryModel, params, ...which }: ProgramRef): Promise<Program> {
  return programOf({ ...(await designFor(which)), ...(memoryModel && { memoryModel }) }, params);
}

/** The design that another thread has told of. */
export async function designFor({ design, file }: Pick<ProgramRef, 'design' | 'file'>): Promise<AnyDesign> {
  const target = (await resolveTargets([file ?? design])).find(({ design: { id } }) => id === design);
  if (!target) throw new Error(`${file ?? design} has no design '${design}' any more`);
  return target.design;
}
