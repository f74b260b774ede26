import type { Program } from '../../compile/program.ts';
import { ScheduleRunner } from './schedule-runner.ts';
import { ShrinkCandidates } from './shrink-candidates.ts';

/**
 * Shrinks a counterexample: a greedy descent in the manner of delta debugging (A. Zeller and R. Hildebrandt,
 * Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28(2), 2002). A candidate replaces the schedule if it
 * violates the same property and costs less: fewer steps, then fewer context switches, then smaller choice ids.
 *
 * Two things differ from ddmin. Besides the removal of chunks there are candidates that know actors: they remove or
 * join steps of one actor. And a candidate need not be executable: choices that have become disabled are dropped, so
 * that the consequences of a removed step disappear with it.
 *
 * Sound because every candidate is executed. The result is minimal with respect to the candidates; a shorter
 * counterexample may exist.
 * @param path ids of the choices; the last of them violates `property`, none before it violates any
 * @returns ids of the choices of the shrunk schedule
 */
export function shrink(program: Program, path: readonly number[], property: string): number[] {
  const runner = new ScheduleRunner(program);
  const proposals = new ShrinkCandidates(program);
  const simplify = (current: readonly number[], candidates: Iterable<number[]>): number[] | undefined => {
    const cost = proposals.costOf(current);
    for (const candidate of candidates) {
      const { executed, violated } = runner.follow(candidate);
      if (violated === property && proposals.isSimpler(proposals.costOf(executed), cost)) return executed;
    }
    return undefined;
  };
  const acyclic = runner.withoutCycles(path);
  // The step that hits a goal may lead back to an earlier state.
  let best = runner.follow(acyclic).violated === property ? acyclic : [...path];
  let before: readonly number[];
  do {
    before = best;
    for (const stage of [proposals.shorter, proposals.withFewerSwitches, proposals.inCanonicalOrder]) {
      for (let next: number[] | undefined = best; next; next = simplify(best, stage.call(proposals, best))) best = next;
    }
  } while (best !== before);
  return best;
}
