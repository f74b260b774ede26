import type { Choice } from '../../../model/choices.ts';
import { type DecisionDiagrams, none } from '../decision-diagrams.ts';
import type { Slices } from '../slices.ts';
import type { Steps } from './steps.ts';

/** A fairness constraint: a set of choices. */
export interface SymbolicConstraint {
  /**
   * true for strong fairness: infinitely often enabled implies infinitely often taken; false for weak: continuously
   * enabled does
   */
  readonly strong: boolean;
  /** Returns whether a choice is one of them. */
  readonly includes: (choice: Choice) => boolean;
  /** the states that enable one of the choices */
  readonly enabled: number;
  /** the steps of those that a run may take infinitely often */
  readonly steps: Steps;
}

/** A constraint, and what is known of it for the states that are left. */
interface Watched {
  readonly constraint: SymbolicConstraint;
  /** the states that were left when `taking` was computed */
  left: number;
  /** those of them from which a step of the constraint leads to one of them */
  taking: number;
  /** whether it removes no state of `left` */
  isSettled: boolean;
}

/**
 * Finds fair runs that go on for ever inside a set, by the states on them: a greatest fixpoint (E. Emerson and C.-L.
 * Lei, Efficient Model Checking in Fragments of the Propositional Mu-Calculus, LICS 1986; strong fairness as in Y.
 * Kesten, A. Pnueli and L. Raviv, Algorithmic Verification of Linear Temporal Logic Specifications, ICALP 1998).
 *
 *     left := the set
 *     until nothing is removed, for each constraint:
 *       waiting := the states of `left` from which no step of the constraint leads to `left`,
 *                  and, if the constraint is weak, which enable it
 *       remove from `left` what cannot leave `waiting` except out of `left`, and enables the constraint
 *
 * Emerson and Lei keep what can reach a state that satisfies the constraint. Here its complement is removed, which is
 * the same set: a path to a step of the constraint has no such step before, so it goes through waiting states only.
 * These are few, since the states in which an actor waits for one step of its own are.
 *
 * What is left is not empty exactly if there is a fair run. From each state of it, every weak constraint is satisfied
 * by a step, or by a state that does not enable it, and every strong one that is enabled by a step, on a path in it. So
 * each of its strongly connected components that no step leaves is fair. With strong constraints it may lack states on
 * the way to such a component. As in the explicit search, a run may stutter: a state that enables no constraint is a
 * fair run by itself.
 */
export class FairStates {
  private readonly watched: readonly Watched[];
  private readonly initial: number;

  /**
   * @param states the states that the run must not leave
   * @param unanswered a set that contains them, and no other successor of them: steps from them lead to them or out of
   *   it
   * @param steps those that it may take infinitely often
   */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    public states: number,
    private readonly unanswered: number,
    private readonly steps: Steps,
    constraints: readonly SymbolicConstraint[],
  ) {
    this.initial = states;
    this.watched = constraints.map((constraint) => ({ constraint, left: none, taking: none, isSettled: false }));
  }

  /** Removes states until the fixpoint is reached. Yields from time to time. */
  *find(slices: Slices): Generator<void, void, undefined> {
    for (let before = -1; before !== this.states; ) {
      before = this.states;
      for (const one of this.watched) {
        while (!(one.isSettled && one.left === this.states)) {
          const last = this.states;
          yield* this.removeBlocked(one, one.constraint.enabled, slices);
          one.isSettled = last === this.states;
          if (this.states === none) return;
        }
      }
      if (before !== this.states) continue;
      // A strong constraint must be taken even if it is not enabled for ever: this is more work, and done at the end.
      for (const one of this.watched) if (one.constraint.strong) yield* this.removeBlocked(one, before, slices);
    }
  }

  /** Removes states that enable a constraint and from which no run inside a set, or out of it, satisfies it. */
  private *removeBlocked(one: Watched, within: number, slices: Slices): Generator<void, void, undefined> {
    const { diagrams, states } = this;
    const { enabled } = one.constraint;
    const mark = slices.held.push(within, states) - 2;
    const waiting = yield* slices.run(() => this.waitingIn(one, within));
    if (waiting !== none) {
      slices.held.push(waiting);
      const waits = yield* slices.run(() => this.steps.from(waiting));
      slices.held.push(...waits.roots());
      const leaving = yield* slices.run(() => waits.predecessors(diagrams.difference(states, waiting)));
      const escaping = yield* waits.backward(leaving, slices);
      slices.held.push(escaping);
      this.states = yield* slices.run(() =>
        diagrams.difference(states, diagrams.and(diagrams.difference(waiting, escaping), enabled)),
      );
    }
    slices.held.length = mark;
  }

  /** Returns the states of a set that are left, and do not take the constraint; none if none of them enables it. */
  private waitingIn(one: Watched, within: number): number {
    const { diagrams, states } = this;
    this.update(one);
    const waiting = diagrams.difference(diagrams.and(within, states), one.taking);
    return diagrams.intersects(waiting, one.constraint.enabled) ? waiting : none;
  }

  /** Computes which states of those that are left a step of a constraint leads to others of them. */
  private update(one: Watched): void {
    const { diagrams, states } = this;
    const { steps, enabled } = one.constraint;
    if (one.left === none) {
      one.taking = diagrams.and(diagrams.and(this.initial, enabled), steps.predecessors(this.unanswered));
      one.left = this.initial;
    }
    if (one.left === states) return;
    const removed = diagrams.difference(one.left, states);
    const taking = diagrams.and(one.taking, states);
    const doubtful = diagrams.and(taking, steps.predecessors(removed));
    const still = steps.from(doubtful).predecessors(states);
    one.taking = diagrams.or(diagrams.difference(taking, doubtful), still);
    one.left = states;
    one.isSettled = false;
  }

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield* [this.states, this.initial, this.unanswered];
    for (const { constraint, left, taking } of this.watched) {
      yield left;
      yield taking;
      yield constraint.enabled;
      yield* constraint.steps.roots();
    }
  }
}
