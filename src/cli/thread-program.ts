import type { Program } from '../compile/program.ts';
import type { AnyDesign } from '../model/design.ts';
import { targetsOf } from './catalogue.ts';
import { programOf } from './run.ts';

/** What a thread needs to compile a design for itself. */
export interface WhichProgram {
  /** the id of the design, and the file that it is from if it is not shipped */
  readonly design: string;
  readonly file: string | undefined;
  readonly memoryModel: AnyDesign['memoryModel'];
  readonly params: Readonly<Record<string, number>>;
}

export async function programFor({ memoryModel, params, ...which }: WhichProgram): Promise<Program> {
  return programOf({ ...(await designFor(which)), ...(memoryModel && { memoryModel }) }, params);
}

/** The design that another thread has told of. */
export async function designFor({ design, file }: Pick<WhichProgram, 'design' | 'file'>): Promise<AnyDesign> {
  const target = (await targetsOf([file ?? design])).find(({ design: { id } }) => id === design);
  if (!target) throw new Error(`${file ?? design} has no design '${design}' any more`);
  return target.design;
}
