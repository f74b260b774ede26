import { memoise } from '../cache/cached-program.ts';
import { constantProperties } from '../cache/constant-properties.ts';
import { compile } from '../compile/compile.ts';
import { confirmCounterexample } from '../live/confirm-counterexample.ts';
import { type AnyDesign, allCheckKindsOf, type CheckKind, checksOf } from '../model/design.ts';
import type { Trace } from '../model/trace.ts';
import { breadthFirstSearch, type Limits } from '../search/bfs/breadth-first-search.ts';
import type { Exploration } from '../search/exploration.ts';
import { liveness } from '../search/liveness/liveness.ts';
import { runEngine } from '../search/run-engine.ts';
import { type Params, refuseInapplicable } from './with-properties.ts';

/** The result of one search. */
export interface SearchResult {
  readonly checks: CheckKind;
  /** true for the second of two safety checks: the first one has hit the covers */
  readonly isSecond: boolean;
  readonly exploration: Exploration;
  /** of a proof: ids of the properties that read nothing of the state, and so hold in any */
  readonly sayNothing: readonly string[];
  /** of a violation: the counterexample, as live actors executed it */
  readonly trace: Trace | undefined;
}

/**
 * Decides the properties of a design as `precopy check` does: safety by breadth-first search, then leads-to properties,
 * if it has some, by the search for fair cycles. Each at the params that the design has for it. The first search that
 * is no proof is the last one.
 * @throws PrecopyError as `compile`; `INTERNAL` if live actors contradict a counterexample
 */
export function decide(design: AnyDesign, params: Params, limits: Limits): readonly SearchResult[] {
  const results: SearchResult[] = [];
  for (const { checks, isSecond = false, ...check } of checksOf(design, allCheckKindsOf(design), params)) {
    const program = memoise(compile(design, check.params));
    refuseInapplicable(design, program.params);
    const search = checks === 'safety' ? breadthFirstSearch(program, limits) : liveness(program, limits);
    const exploration = runEngine(search);
    const { violation } = exploration;
    const trace = violation && confirmCounterexample(design, program.params, violation, checks);
    const isProof = checks === 'safety' && exploration.verdict === 'holds';
    const sayNothing = isProof ? constantProperties(program) : [];
    results.push({ checks, isSecond, exploration, sayNothing, trace });
    if (exploration.verdict !== 'holds') break;
  }
  return results;
}
