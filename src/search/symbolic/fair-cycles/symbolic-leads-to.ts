import type { Choice, ChoiceIds } from '../../../model/choices.ts';
import { fairnessAssumptionsOf, includesChoice } from '../../../model/fairness.ts';
import type { LeadsTo } from '../../../model/property.ts';
import { all, none } from '../decision-diagrams.ts';
import type { StateSets } from '../state-sets.ts';
import type { SymbolicConstraint } from './fair-states.ts';
import { statesWhere } from './predicate-states.ts';
import { Steps, stepsOf, unionOf } from './steps.ts';

/** The check of one leads-to property, for one actor or for the system as a whole, among the visited states. */
export interface LeadsToStates {
  readonly property: LeadsTo;
  /** true if `from` holds in some state; otherwise the property holds vacuously */
  readonly isNonVacuous: boolean;
  /** the visited states in which `from` holds, and `to` does not */
  readonly request: number;
  /** a set whose visited states are those in which `to` does not hold */
  readonly unanswered: number;
  readonly constraints: readonly SymbolicConstraint[];
  /** the steps that change something */
  readonly steps: Steps;
  /** the steps of the choices that a run may take infinitely often */
  readonly repeatable: Steps;
  /** Returns whether a choice is one of these. */
  readonly isRepeatable: (choice: Choice) => boolean;
}

/** Returns the diagrams that have to be kept. */
export function* rootsOf({ request, unanswered, constraints, repeatable }: LeadsToStates): Generator<number> {
  yield* [request, unanswered];
  yield* repeatable.roots();
  for (const { enabled, steps } of constraints) {
    yield enabled;
    yield* steps.roots();
  }
}

/** Returns the steps of each choice, by its id, and leaves them among what is held. Yields from time to time. */
export function* stepsOfChoices({
  diagrams,
  symbolic,
  relation,
  slices,
}: StateSets): Generator<void, Steps[], undefined> {
  const steps: Steps[] = [];
  for (const choice of relation.choices) {
    const own = yield* slices.run(() => stepsOf(diagrams, symbolic.bits.length, relation.relationIds, choice));
    slices.held.push(...own.roots());
    steps.push(own);
  }
  return steps;
}

/**
 * Finds the sets of states that decide a property. Yields from time to time.
 * @param actor id of the actor, or -1 for the system
 * @param stepsByChoice by id of a choice: its steps
 */
export function* leadsToStates(
  sets: StateSets,
  choiceIds: ChoiceIds,
  property: LeadsTo,
  actor: number,
  stepsByChoice: readonly Steps[],
): Generator<void, LeadsToStates, undefined> {
  const { diagrams, symbolic, states, relation, slices } = sets;
  const { held } = slices;
  const { length } = held;
  const { events } = symbolic.program;
  const { finitely = [] } = property;
  const isRepeatable = ({ event }: Choice): boolean => !finitely.includes(events[event].type);
  function* where(predicate: (view: never) => boolean): Generator<void, number, undefined> {
    const set = yield* statesWhere(sets, predicate, `the property '${property.id}'`);
    held.push(set);
    return set;
  }
  /** Returns the steps of some choices from the states of a set. */
  function* stepsIn(set: number, includes: (choice: Choice) => boolean): Generator<void, Steps, undefined> {
    const some = stepsByChoice.filter((_, id) => includes(choiceIds.choiceOf(id)));
    const steps = yield* slices.run(() =>
      unionOf(
        diagrams,
        some.map((one) => (set === all ? one : one.from(set))),
      ),
    );
    held.push(...steps.roots());
    return steps;
  }
  const from = yield* where((view) => property.from(view, actor));
  const to = yield* where((view) => property.to(view, actor));
  const constraints: SymbolicConstraint[] = [];
  for (const assumption of fairnessAssumptionsOf(events, property)) {
    const when = assumption.when === undefined ? all : yield* where(assumption.when);
    const includes = ({ event, payload }: Choice): boolean => includesChoice(assumption, event, payload);
    const included = relation.choices.filter(({ id }) => includes(choiceIds.choiceOf(id)));
    const enabled = yield* slices.run(() =>
      diagrams.and(
        when,
        included.reduce<number>((union, { taken }) => diagrams.or(union, taken), none),
      ),
    );
    held.push(enabled);
    const steps = yield* stepsIn(when, (choice) => includes(choice) && isRepeatable(choice));
    constraints.push({ strong: assumption.strong, includes, enabled, steps });
  }
  const repeatable = yield* stepsIn(all, isRepeatable);
  const unanswered = yield* slices.run(() => diagrams.not(to));
  held.push(unanswered);
  const request = yield* slices.run(() => diagrams.and(states, diagrams.and(from, unanswered)));
  held.push(request);
  const isNonVacuous = yield* slices.run(() => diagrams.intersects(states, from));
  held.length = length;
  const steps = new Steps(diagrams, relation.relations, none);
  return { property, isNonVacuous, request, unanswered, constraints, isRepeatable, steps, repeatable };
}
