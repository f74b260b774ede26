import { memoise } from '../../cache/cached-program.ts';
import { compile } from '../../compile/compile.ts';
import type { Program } from '../../compile/program.ts';
import type { AnyDesign } from '../../model/design.ts';
import { withQuestion } from '../check/question.ts';
import { designFor } from './design-ref.ts';
import type { ProgramRef } from './worker-protocol.ts';

/** Compiles a design for a search: every thread of it explores a program of its own. */
export function programOf(design: AnyDesign, params: Readonly<Record<string, number>>): Program {
  return memoise(compile(design, params));
}

/** Imports and compiles the program that another thread names. */
export async function programFor({ memoryModel, question, params, ...ref }: ProgramRef): Promise<Program> {
  const design = { ...(await designFor(ref)), ...(memoryModel && { memoryModel }) };
  return programOf(await withQuestion(design, question, params), params);
}
