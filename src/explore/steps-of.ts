import type { Program } from '../compile/program.ts';
import { FieldSums } from './field-sums.ts';
import { KnownSteps } from './known-steps.ts';
import { PlainSteps } from './plain-steps.ts';
import type { Steps } from './steps.ts';
import { Symmetric } from './symmetry.ts';

/** The steps of a program, in the quickest way that it allows. */
export function stepsOf(program: Program): Steps {
  const { state, successors } = program;
  if (!successors) return new PlainSteps(program);
  const isSymmetric = program instanceof Symmetric && program.ways > 1;
  return new KnownSteps(state, successors, isSymmetric ? program.sums : new FieldSums(successors.twin.layout.fields));
}
