import { type StepOrStart, tooManyAccesses } from '../model/access-faults.ts';
import { ModelFault } from '../model/errors.ts';
import type { Program } from './program.ts';

/**
 * Checks that the last step accessed shared memory at most once, or that one of its transitions says why not.
 * @throws ModelFault
 */
export function checkAccesses(
  { instance, microsteps, flatTransitions }: Pick<Program, 'instance' | 'microsteps' | 'flatTransitions'>,
  step: StepOrStart,
): void {
  const { accesses } = instance;
  if (accesses.shared <= 1) return;
  for (let n = 0; n < microsteps.count; n++) if (flatTransitions[microsteps.transitions[n]].isCoarse) return;
  throw new ModelFault(tooManyAccesses(instance, step, accesses.sharedAccesses()));
}
