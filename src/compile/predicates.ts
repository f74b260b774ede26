import type { Slot } from '../model/memory.ts';
import { looksAtSteps, type Property } from '../model/property.ts';
import { bitsOfAll, overlap } from './bits.ts';
import { DecisionTrees, enoughWords } from './decision-trees.ts';
import type { Effect } from './effects.ts';
import type { Renamed, StepMade } from './renamed.ts';
import { type Asked, RenamedAnswers } from './renamed-answers.ts';
import type { Twin } from './twin.ts';

interface Predicate extends Asked {
  /** by the look of the last step, where it looks at the step: the root of its tree */
  readonly roots: number[];
}

/** What invariants and covers say, remembered by what they read. */
export class Predicates {
  private readonly trees = new DecisionTrees();
  private readonly invariants: readonly Predicate[];
  /** by property */
  private readonly covers: readonly (Predicate | undefined)[];
  private reads: Int32Array;
  /** by effect: the invariants that it can make false, as far as was known at that count of changes of `reads` */
  private readonly asked: (readonly Predicate[] | undefined)[] = [];
  private askedAt = 0;
  /** where actors may change places */
  private renamed: RenamedAnswers | undefined;

  constructor(
    private readonly state: Int32Array,
    private readonly twin: Twin,
    properties: readonly Property[],
  ) {
    const of = (property: Property, n: number, holds: Predicate['holds']): Predicate => ({
      property: n,
      holds,
      isCover: property.kind === 'cover',
      looksAtSteps: looksAtSteps(property),
      roots: [],
    });
    this.invariants = properties.flatMap((property, n) =>
      property.kind === 'invariant' ? [of(property, n, property.holds)] : [],
    );
    this.covers = properties.map((property, n) =>
      property.kind === 'cover' ? of(property, n, property.seen) : undefined,
    );
    this.reads = new Int32Array(readsLength(properties.length, state.length));
  }

  /** Index in `properties` of the first invariant that the current state breaks, or -1. */
  violated(step: StepMade): number {
    return this.firstBroken(this.invariants, step);
  }

  /**
   * Whether an effect may break an invariant that held before it: not if it changed nothing that one was seen to read. It reads that again then,
   * and says the same.
   * @param number the number of the effect
   */
  mayViolate(number: number, effect: Effect): boolean {
    return this.askedAfter(number, effect).length > 0;
  }

  /** As `violated`, where the state before the last step, which had this effect, broke none. */
  violatedAfter(number: number, effect: Effect): number {
    return this.firstBroken(this.askedAfter(number, effect), effect);
  }

  private askedAfter(number: number, { changed }: Effect): readonly Predicate[] {
    const changes = this.reads[this.reads.length - 1] as number;
    if (this.askedAt !== changes) {
      this.asked.length = 0;
      this.askedAt = changes;
    }
    let asked = this.asked[number];
    if (asked === undefined) {
      asked = this.invariants.filter(({ property }) => overlap(changed, this.readBy(property)));
      this.asked[number] = asked;
    }
    return asked;
  }

  /** Calls `hit` for each open cover that the current state or the last step shows. */
  hits(open: readonly number[], step: StepMade, hit: (property: number) => void): void {
    for (let i = open.length - 1; i >= 0; i--) {
      const cover = this.covers[open[i] as number];
      if (cover && this.test(cover, step)) hit(cover.property);
    }
  }

  /**
   * Takes note of what invariants read in memory that several threads share, as each of them checks other states.
   * @param reads as many words as `readsLength` says
   */
  shareReads(reads: Int32Array): void {
    for (let n = 0; n < reads.length - 1; n++) Atomics.or(reads, n, this.reads[n] as number);
    Atomics.add(reads, reads.length - 1, 1);
    this.reads = reads;
  }

  /** From now on states are taken for one another. */
  renameBy(renamed: Renamed): void {
    this.renamed = new RenamedAnswers(this.twin, renamed, this.state.length);
    this.trees.clear();
    for (const predicate of [...this.invariants, ...this.covers]) if (predicate) predicate.roots.length = 0;
  }

  /** Numbers of effects stand for others from now on. */
  forgetEffects(): void {
    this.asked.length = 0;
  }

  private firstBroken(invariants: readonly Predicate[], step: StepMade): number {
    for (let n = 0; n < invariants.length; n++) {
      const invariant = invariants[n] as Predicate;
      if (!this.test(invariant, step)) return invariant.property;
    }
    return -1;
  }

  private test(predicate: Predicate, step: StepMade): boolean {
    const { trees, state } = this;
    const { roots, property } = predicate;
    const nth = predicate.looksAtSteps ? step.look : 0;
    let root = roots[nth];
    if (root === undefined) {
      root = trees.plant();
      roots[nth] = root;
    }
    const leaf = trees.find(root, state);
    if (leaf >= 0) return leaf === 1;
    const [answer, read] = this.ask(predicate, step);
    if (trees.words <= enoughWords) trees.learn(root, read, state, answer ? 1 : 0);
    this.noteReads(property, bitsOfAll(read, state.length));
    return answer;
  }

  /** What a predicate says of the current state, and on which fields that depends. */
  private ask(predicate: Predicate, step: StepMade): [boolean, readonly Slot[]] {
    const { twin, state, renamed } = this;
    if (renamed) return renamed.of(predicate, state, step);
    const answer = twin.watch(state, () => predicate.holds(twin.program.instance.view, step.seen));
    return [answer, [...twin.read]];
  }

  private noteReads(property: number, bits: Int32Array): void {
    const known = this.readBy(property);
    let isMore = false;
    for (let n = 0; n < bits.length; n++) {
      if (((bits[n] as number) & ~(known[n] as number)) === 0) continue;
      Atomics.or(known, n, bits[n] as number);
      isMore = true;
    }
    if (isMore) Atomics.add(this.reads, this.reads.length - 1, 1);
  }

  private readBy(property: number): Int32Array {
    const words = this.state.length;
    return this.reads.subarray(property * words, (property + 1) * words);
  }
}

/** Words for what each property was seen to read, and for how often that has become more. */
export const readsLength = (properties: number, words: number): number => properties * words + 1;
