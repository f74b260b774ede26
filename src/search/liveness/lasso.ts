import { Cycles } from './cycles.ts';
import type { FairComponents } from './fair-components.ts';
import type { FairCycleQuery } from './fair-cycle-query.ts';
import { Stems } from './stems.ts';

/** An infinite run, as ids of choices: the stem once, then the cycle for ever. */
export interface Lasso {
  readonly stem: readonly number[];
  /** empty if nothing happens after the stem */
  readonly cycle: readonly number[];
}

/** Limit of the minimization: edges visited. */
const maxEdges = 20_000_000;

/**
 * Finds a short lasso into a fair component. The stem is a shortest path to the start of its cycle. The cycle goes
 * greedily from one edge that satisfies an outstanding fairness constraint to the nearest that satisfies another. (To
 * find a shortest fair lasso is NP-hard: E. Clarke, O. Grumberg, K. McMillan and X. Zhao, DAC 1995.)
 */
export function findLasso(query: FairCycleQuery, fair: FairComponents): Lasso {
  const stems = new Stems(query, fair);
  const cycles = new Cycles(query, fair);
  let best = { state: 0, length: Number.POSITIVE_INFINITY, cycle: [] as readonly number[] };
  for (const { state, length } of stems.starts) {
    const shortest = best.length + best.cycle.length;
    if (length >= shortest || cycles.edgesVisited > maxEdges) break;
    const cycle = cycles.from(state);
    if (length + cycle.length < shortest) best = { state, length, cycle };
  }
  return { stem: stems.to(best.state), cycle: best.cycle };
}
