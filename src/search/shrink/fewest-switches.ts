import type { Program } from '../../compile/program.ts';
import { ScheduleRunner } from './schedule-runner.ts';
import { ShrinkCandidates } from './shrink-candidates.ts';

/**
 * Reorders a counterexample so that it switches between actors as seldom as a greedy descent finds, even if it gets
 * longer.
 * @param path ids of the choices; the last of them violates `property`, none before it violates any
 */
export function withFewestSwitches(program: Program, path: readonly number[], property: string): number[] {
  const runner = new ScheduleRunner(program);
  const proposals = new ShrinkCandidates(program);
  const switches = (one: readonly number[]): number => proposals.costOf(one).switches;
  let best = [...path];
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const candidate of proposals.withFewerSwitches(best)) {
      const { executed, violated } = runner.follow(candidate);
      if (violated !== property || switches(executed) >= switches(best)) continue;
      best = executed;
      isBetter = true;
      break;
    }
  }
  return best;
}
