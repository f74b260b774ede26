import { StepOutcome } from '../compile/step-outcome.ts';
import { applyPatch, conflict, isEqual, isSubset, union } from './access-sets.ts';
import type { Effect, EffectCache } from './effect-cache.ts';

/**
 * Which two steps lead to the same state in either order, not only where they are first seen side by side but in all states in which both have
 * these effects. What neither of them reads cannot make a difference to that.
 */
export class IndependenceRelation {
  /** an open hash table: one effect and 1, or 0; the other one, and in the lowest bit whether they commute */
  private pairs = new Int32Array(1 << 12);
  private used = 0;

  constructor(private readonly effects: EffectCache) {}

  /** Whether two choices commute that have these effects in a state. */
  areIndependent(choice: number, effect: number, other: number, otherEffect: number, state: () => Int32Array): boolean {
    const at = this.placeOf(effect, otherEffect);
    if (this.pairs[at] !== 0) return (this.pairs[at + 1] & 1) === 1;
    const commute = this.compute(choice, effect, other, otherEffect, state());
    this.enter(effect, otherEffect, commute ? 1 : 0);
    return commute;
  }

  private compute(choice: number, effect: number, other: number, otherEffect: number, state: Int32Array): boolean {
    const [one, two] = [this.effects.all[effect], this.effects.all[otherEffect]];
    if (one.outcome !== StepOutcome.taken || two.outcome !== StepOutcome.taken) return false;
    if (!conflict(one, two)) return true;
    const known = union(one.bitsRead, two.bitsRead);
    const then = this.after(one, other, state, union(known, one.bitsWritten));
    const otherThen = this.after(two, choice, state, union(known, two.bitsWritten));
    if (!then || !otherThen) return false;
    // What is not known is as it is here, and then the opposite: what only one order writes shows in one of the two.
    const opposite = state.map((word, n) => word ^ ~known[n]);
    return [state, opposite].every((start) => {
      const [end, otherEnd] = [Int32Array.from(start), Int32Array.from(start)];
      for (const step of [one, then]) applyPatch(step.writes, end);
      for (const step of [two, otherThen]) applyPatch(step.writes, otherEnd);
      return isEqual(end, otherEnd);
    });
  }

  /** What a choice does after a step; undefined where it cannot be taken, or depends on more than what is known. */
  private after(first: Effect, choice: number, state: Int32Array, known: Int32Array): Effect | undefined {
    const { effects } = this;
    const between = Int32Array.from(state);
    applyPatch(first.writes, between);
    const number = effects.find(choice, between);
    const then = effects.all[number >= 0 ? number : effects.learn(choice, between)];
    if (then.outcome !== StepOutcome.taken) return undefined;
    return isSubset(then.bitsRead, known) ? then : undefined;
  }

  private placeOf(one: number, other: number): number {
    const { pairs } = this;
    const mask = pairs.length - 1;
    let at = ((Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b)) >>> 7) & mask & ~1;
    while (pairs[at] !== 0 && (pairs[at] !== one + 1 || pairs[at + 1] >> 1 !== other)) at = (at + 2) & mask;
    return at;
  }

  private enter(one: number, other: number, commute: number): void {
    const at = this.placeOf(one, other);
    this.pairs[at] = one + 1;
    this.pairs[at + 1] = (other << 1) | commute;
    this.used += 2;
    if (2 * this.used < this.pairs.length) return;
    const old = this.pairs;
    this.pairs = new Int32Array(2 * old.length);
    this.used = 0;
    for (let n = 0; n < old.length; n += 2) {
      if (old[n] !== 0) this.enter(old[n] - 1, old[n + 1] >> 1, old[n + 1] & 1);
    }
  }
}
