import type { Program } from '../compile/program.ts';
import type { Exploration, Verdict } from './exploration.ts';

/**
 * Returns what a proof says nothing about: the transitions that no step of the search has taken. Nothing for another
 * verdict, as the search may end before it comes to them.
 * @param taken by transition: 1 if some worker has taken it
 */
export function untakenUnder(
  verdict: Verdict,
  program: Program,
  taken: Int32Array = new Int32Array(program.transitions.length),
): Pick<Exploration, 'untaken'> {
  if (verdict !== 'holds') return {};
  program.markTaken(taken);
  return { untaken: program.transitions.filter((_, n) => taken[n] === 0) };
}
