import { StepOutcome } from '../compile/program.ts';
import { applyPatch, conflict, isEqual, isSubset, union } from './access-sets.ts';
import type { Effect, EffectCache } from './effect-cache.ts';

/** A table of this size is cleared rather than enlarged: 16 MiB. */
const maxPairWords = 1 << 22;

/**
 * The independence relation of partial-order reduction (P. Godefroid, LNCS 1032, 1996): two choices are independent in
 * a state if neither disables the other, and both orders lead to the same state.
 *
 * The relation is cached by pairs of effects, so it must hold in all states in which the two choices have these
 * effects. The effects fix the bits that the choices read. `compute` rejects the pair if the second step of an order
 * reads any other bit that the first step did not write. So in each order both steps are patches that are the same in
 * all these states, and only the unread bits differ between states. A patch keeps a bit or writes a constant. If two
 * sequences of patches lead to equal states from one start, and from the start with all unread bits inverted, then they
 * do from any values of the unread bits: a bit that only one order writes would differ in one of the two runs.
 */
export class IndependenceRelation {
  /**
   * open hash table of pairs: first effect + 1, or 0 if empty; then second effect, shifted by one, and 1 if independent
   */
  private pairs = new Int32Array(1 << 12);
  private used = 0;

  constructor(private readonly effectCache: EffectCache) {}

  /** Returns whether two choices with these effects in a state are independent. */
  areIndependent(choice: number, effect: number, other: number, otherEffect: number, state: () => Int32Array): boolean {
    const at = this.slotOf(effect, otherEffect);
    if (this.pairs[at] !== 0) return (this.pairs[at + 1] & 1) === 1;
    const independent = this.compute(choice, effect, other, otherEffect, state());
    this.insert(effect, otherEffect, independent ? 1 : 0);
    return independent;
  }

  get bytes(): number {
    return this.pairs.byteLength;
  }

  private compute(choice: number, effect: number, other: number, otherEffect: number, state: Int32Array): boolean {
    const { effects } = this.effectCache;
    const [one, two] = [effects[effect], effects[otherEffect]];
    if (one.outcome !== StepOutcome.taken || two.outcome !== StepOutcome.taken) return false;
    if (!conflict(one, two)) return true;
    const known = union(one.bitsRead, two.bitsRead);
    const twoAfterOne = this.effectAfter(one, other, state, union(known, one.bitsWritten));
    const oneAfterTwo = this.effectAfter(two, choice, state, union(known, two.bitsWritten));
    if (!twoAfterOne || !oneAfterTwo) return false;
    // Compare both orders twice, with all unread bits as they are and then inverted.
    const inverted = state.map((word, n) => word ^ ~known[n]);
    return [state, inverted].every((start) => {
      const [end, otherEnd] = [Int32Array.from(start), Int32Array.from(start)];
      for (const step of [one, twoAfterOne]) applyPatch(step.patch, end);
      for (const step of [two, oneAfterTwo]) applyPatch(step.patch, otherEnd);
      return isEqual(end, otherEnd);
    });
  }

  /** Returns the effect of a choice after a step; undefined if it cannot be taken, or reads bits that are not known. */
  private effectAfter(first: Effect, choice: number, state: Int32Array, known: Int32Array): Effect | undefined {
    const { effectCache } = this;
    const between = Int32Array.from(state);
    applyPatch(first.patch, between);
    const index = effectCache.find(choice, between);
    const then = effectCache.effects[index >= 0 ? index : effectCache.learn(choice, between)];
    if (then.outcome !== StepOutcome.taken) return undefined;
    return isSubset(then.bitsRead, known) ? then : undefined;
  }

  /** Returns the slot of a pair, or the empty slot where it belongs. */
  private slotOf(one: number, other: number): number {
    const { pairs } = this;
    const mask = pairs.length - 1;
    let at = ((Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b)) >>> 7) & mask & ~1;
    while (pairs[at] !== 0 && (pairs[at] !== one + 1 || pairs[at + 1] >> 1 !== other)) at = (at + 2) & mask;
    return at;
  }

  private insert(one: number, other: number, independent: number): void {
    const at = this.slotOf(one, other);
    this.pairs[at] = one + 1;
    this.pairs[at + 1] = (other << 1) | independent;
    this.used += 2;
    if (2 * this.used < this.pairs.length) return;
    const old = this.pairs;
    this.used = 0;
    this.pairs = new Int32Array(Math.min(2 * old.length, maxPairWords));
    if (old.length === maxPairWords) return;
    for (let n = 0; n < old.length; n += 2) {
      if (old[n] !== 0) this.insert(old[n] - 1, old[n + 1] >> 1, old[n + 1] & 1);
    }
  }
}
