import type { Program } from '../../../compile/program.ts';
import type { Choice } from '../../../model/choices.ts';
import { none } from '../decision-diagrams.ts';
import type { StateSets } from '../state-sets.ts';
import { FairCycle } from './fair-cycle.ts';
import { shortestStem } from './stem.ts';
import { closure } from './steps.ts';
import type { LeadsToStates } from './symbolic-leads-to.ts';

/** An infinite run: the stem once, then the cycle for ever. */
export interface SymbolicLasso {
  readonly schedule: readonly Choice[];
  /** empty if nothing happens after the stem */
  readonly cycle: readonly Choice[];
}

/**
 * Finds a lasso (E. Clarke, O. Grumberg, K. McMillan and X. Zhao, Efficient Generation of Counterexamples and Witnesses
 * in Symbolic Model Checking, DAC 1995). The stem is a shortest path to a state that enables no constraint, if there is
 * one: the run ends there. Otherwise it leads to the nearest state from which a fair run goes on; if the component of
 * this state is not fair, to the nearest one that is reached from it and lies in another component, and so on. Yields
 * from time to time.
 * @param fair the states from which a fair run goes on for ever, not empty
 */
export function* findLasso(
  sets: StateSets,
  found: LeadsToStates,
  fair: number,
  program: Program,
): Generator<void, SymbolicLasso, undefined> {
  const { diagrams, symbolic, slices } = sets;
  const { constraints, repeatable } = found;
  const ends = yield* slices.run(() =>
    constraints.reduce((rest, { enabled }) => diagrams.difference(rest, enabled), fair),
  );
  if (ends !== none) return { schedule: (yield* shortestStem(sets, found, ends, program)).schedule, cycle: [] };
  // States before all cycles only lengthen them.
  let candidates = yield* closure(fair, slices, (set) => diagrams.and(set, repeatable.successors(set)));
  for (;;) {
    const { schedule, end } = yield* shortestStem(sets, found, candidates, program);
    const state = symbolic.setOf(diagrams, end);
    slices.held.push(candidates);
    const reached = yield* repeatable.forward(state, candidates, slices);
    slices.held.push(reached);
    const inside = yield* slices.run(() => repeatable.from(reached));
    slices.held.push(...inside.roots());
    const component = yield* inside.backward(symbolic.setOf(diagrams, end), slices);
    slices.held.push(component);
    if (yield* slices.run(() => isFair(sets, found, component))) {
      return { schedule, cycle: yield* new FairCycle(sets, found, component, program).through(end) };
    }
    candidates = yield* slices.run(() => diagrams.difference(reached, component));
  }
}

/** Returns whether a run that visits all of a component again and again is fair. */
function isFair({ diagrams }: StateSets, { constraints }: LeadsToStates, component: number): boolean {
  return constraints.every(({ strong, enabled, steps }) => {
    const isBinding = strong ? diagrams.intersects(component, enabled) : diagrams.implies(component, enabled);
    return !isBinding || diagrams.intersects(steps.from(component).predecessors(component), component);
  });
}
