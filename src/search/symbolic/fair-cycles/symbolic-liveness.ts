import { compile } from '../../../compile/compile.ts';
import type { Program } from '../../../compile/program.ts';
import type { AnyDesign } from '../../../model/design.ts';
import { actorsOf } from '../../../model/leads-to-actors.ts';
import type { LeadsTo, Property } from '../../../model/property.ts';
import type { Engine, Exploration, Progress, StopReason, Verdict } from '../../exploration.ts';
import { none } from '../decision-diagrams.ts';
import type { StateSets } from '../state-sets.ts';
import { type SymbolicLimits, SymbolicSearch } from '../symbolic-search.ts';
import { FairStates } from './fair-states.ts';
import type { Steps } from './steps.ts';
import { findLasso } from './symbolic-lasso.ts';
import { type LeadsToStates, leadsToStates, rootsOf, stepsOfChoices } from './symbolic-leads-to.ts';

/**
 * Checks the leads-to properties of a program under fairness, on decision diagrams:
 *
 *     visit all reachable states, as `symbolicSearch` does
 *     for each property, and each actor that it speaks of:
 *       find the states with a pending request: those that a request leads to without an answer
 *       remove those from which no fair run stays among them (`FairStates`)
 *       if a state is left, the property is violated: report a lasso into it
 *
 * What a property says, what is fair, and what a run may do at its end are those of the explicit search (`liveness`).
 * @example
 * const { verdict, violation } = runEngine(symbolicLiveness(compile(design)));
 */
export function* symbolicLiveness({ design, params }: Program, limits: SymbolicLimits = {}): Engine {
  const program = compile(withLeadsToOnly(design), params);
  const result = yield* new SymbolicLivenessSearch(program, limits).run();
  program.repeatSteps();
  return result;
}

/** A run may violate invariants, as in the explicit search for fair cycles. */
const withLeadsToOnly = (design: AnyDesign): AnyDesign => ({
  ...design,
  properties: (design.properties as readonly Property[]).filter(({ kind }) => kind === 'leads-to'),
});

type Interruptible<T> = Generator<Progress, T, StopReason | undefined>;

class SymbolicLivenessSearch extends SymbolicSearch {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly nonVacuous = new Set<string>();
  private lasso: Exploration['violation'];

  override *run(): Engine {
    const { stoppedBy, ...result } = yield* super.run();
    const { lasso, program, verdicts, nonVacuous } = this;
    const ids = program.properties.map(({ id }) => id);
    return {
      ...result,
      // A limit may come after a lasso was found.
      ...(lasso
        ? { verdict: 'violated', violation: lasso, depth: lasso.schedule.length + 1 }
        : stoppedBy && { stoppedBy }),
      properties: ids.map((id) => ({ id, verdict: verdicts.get(id) ?? 'inconclusive' })),
      covers: ids.map((id) => ({ id, hit: nonVacuous.has(id) })),
    };
  }

  protected override *conclude(sets: StateSets): Engine {
    const steps = yield* this.interruptible('fair', stepsOfChoices(sets));
    if (steps.value === undefined) return this.stopped(steps.stop as StopReason, sets);
    for (const property of this.program.properties as readonly LeadsTo[]) {
      for (const actor of actorsOf(property, this.program.instance)) {
        if (this.verdicts.has(property.id)) break;
        const stop = yield* this.decide(sets, property, actor, steps.value);
        if (stop) return this.stopped(stop, sets);
      }
      if (!this.verdicts.has(property.id)) this.verdicts.set(property.id, 'holds');
    }
    return yield* this.lasso ? this.violated(this.lasso, sets) : this.holds(sets);
  }

  /** Decides a property for an actor, and records the first lasso. Returns the reason to stop, if there is one. */
  private *decide(
    sets: StateSets,
    property: LeadsTo,
    actor: number,
    steps: readonly Steps[],
  ): Interruptible<StopReason | undefined> {
    const { held } = sets.slices;
    const { length } = held;
    const { id } = property;
    const found = yield* this.interruptible('fair', leadsToStates(sets, this.choiceIds, property, actor, steps));
    if (found.value === undefined) return found.stop;
    if (found.value.isNonVacuous) this.nonVacuous.add(id);
    held.push(...rootsOf(found.value));
    const fair = yield* this.interruptible('fair', fairStates(sets, found.value));
    if (fair.value === undefined) return fair.stop;
    if (fair.value !== none && !this.lasso) {
      this.known = id;
      held.push(fair.value);
      const lasso = yield* this.interruptible('lasso', findLasso(sets, found.value, fair.value, this.program));
      if (lasso.value === undefined) return lasso.stop;
      this.lasso = { property: id, ...lasso.value, fault: undefined };
    }
    if (fair.value !== none) this.verdicts.set(id, 'violated');
    held.length = length;
    return undefined;
  }
}

/**
 * Returns states of fair runs that go on for ever without an answer to a request, none if there is no such run. Yields
 * from time to time.
 */
function* fairStates(
  { diagrams, states, slices }: StateSets,
  found: LeadsToStates,
): Generator<void, number, undefined> {
  const { request, unanswered, steps, repeatable, constraints } = found;
  const isAll = yield* slices.run(() => diagrams.implies(diagrams.and(states, unanswered), request));
  const pending = isAll ? request : yield* steps.forward(request, unanswered, slices);
  const fair = new FairStates(diagrams, pending, unanswered, repeatable, constraints);
  slices.holders.push(() => fair.roots());
  yield* fair.find(slices);
  slices.holders.pop();
  return fair.states;
}
