import type { Program } from '../compile/program.ts';
import { PlainSuccessors, RememberedSuccessors } from '../compile/successors.ts';
import { KnownSteps } from './known-steps.ts';
import { PlainSteps } from './plain-steps.ts';
import type { Steps } from './steps.ts';

/** The steps of a program, in the quickest way that it allows. */
export function stepsOf(program: Program): Steps {
  const { successors } = program;
  return successors instanceof RememberedSuccessors
    ? new KnownSteps(program.state, successors)
    : new PlainSteps(program, successors ?? new PlainSuccessors(program));
}
