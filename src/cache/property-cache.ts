import { isStepCover, type Property } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOfAll, intersects } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { Effect } from './effect-cache.ts';
import { copyInto } from './grow-array.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import { OrbitPropertyCache, type PropertyQuery } from './orbit-property-cache.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

interface Predicate extends PropertyQuery {
  /** by the look of the last step, where it looks at the step: the root of its tree */
  readonly roots: number[];
}

/** What invariants and covers say, remembered by what they read. */
export class PropertyCache {
  private readonly trees = new DecisionTrees();
  private readonly invariants: readonly Predicate[];
  /** by property */
  private readonly covers: readonly (Predicate | undefined)[];
  private reads: Int32Array;
  /** by effect: where in `roots` those stand that it may change the answer of, as far as is known at that count of changes of `reads`; or 0 */
  private firstOf: Int32Array = new Int32Array(1 << 10);
  private roots: Int32Array = new Int32Array(1 << 12);
  private end = 1;
  private changes = 0;
  /** how many covers were open then */
  private open = 0;
  private readonly leaves = new Int32Array(4);
  /** a tree that says so of all states */
  private quietRoot = 0;
  /** where actors may change places */
  private renamed: OrbitPropertyCache | undefined;

  constructor(
    private readonly state: Int32Array,
    private readonly twin: InstrumentedProgram,
    properties: readonly Property[],
  ) {
    const of = (property: Property, n: number, holds: Predicate['holds']): Predicate => ({
      property: n,
      holds,
      isCover: property.kind === 'cover',
      looksAtSteps: isStepCover(property),
      roots: [],
    });
    this.invariants = properties.flatMap((property, n) =>
      property.kind === 'invariant' ? [of(property, n, property.holds)] : [],
    );
    this.covers = properties.map((property, n) =>
      property.kind === 'cover' ? of(property, n, property.seen) : undefined,
    );
    this.reads = new Int32Array(readsLength(properties.length, state.length));
    this.plantQuiet();
  }

  /** Index in `properties` of the first invariant that the current state breaks, or -1. */
  violated(step: StepSignature): number {
    return this.firstBroken(this.invariants, step);
  }

  /** As `violated`, where the state before the last step, which had this effect, broke none. */
  violatedAfter(effect: Effect): number {
    return this.firstBroken(this.changedBy(this.invariants, effect), effect);
  }

  /**
   * Whether it is known without asking that no invariant is broken and no open cover shown in a state, where neither was in the one before it.
   * @param number of the effect that led there
   * @param at where the state begins in `states`
   */
  isKnownSafe(number: number, effect: Effect, open: readonly number[], states: Int32Array, at: number): boolean {
    const { trees, leaves } = this;
    const changes = this.reads[this.reads.length - 1];
    if (this.changes !== changes || this.open !== open.length || number >= this.firstOf.length) {
      this.forgetEffects(number);
      this.changes = changes;
      this.open = open.length;
    }
    let first = this.firstOf[number];
    if (first === 0) {
      first = this.findRoots(effect, open);
      this.firstOf[number] = first;
    }
    for (; this.roots[first] !== 0; first += 4) {
      trees.findFour(this.roots, first, states, at, leaves);
      for (let n = 0; n < 4; n++) if (leaves[n] !== unaffected) return false;
    }
    return true;
  }

  /** Where the roots of the trees of all that an effect may change the answer of stand, by fours, with a 0 behind them. */
  private findRoots(effect: Effect, open: readonly number[]): number {
    const covers = open.map((cover) => this.covers[cover] as Predicate);
    const asked = [...this.changedBy(this.invariants, effect), ...this.changedBy(covers, effect)];
    const roots = asked.map((predicate) => this.rootOf(predicate, effect));
    while (roots.length % 4 > 0) roots.push(this.quietRoot);
    roots.push(0);
    const first = this.end;
    this.end += roots.length;
    if (this.end > this.roots.length) this.roots = copyInto(this.roots, new Int32Array(2 * this.end));
    this.roots.set(roots, first);
    return first;
  }

  /** Those of some predicates that may say something else after an effect: it changed something that they were seen to read. */
  private changedBy(predicates: readonly Predicate[], { changed }: Effect): Predicate[] {
    return predicates.filter(({ property }) => intersects(changed, this.readBy(property)));
  }

  /** Calls `hit` for each open cover that the current state or the last step shows. */
  hits(open: readonly number[], step: StepSignature, hit: (property: number) => void): void {
    for (let i = open.length - 1; i >= 0; i--) {
      const cover = this.covers[open[i]];
      if (cover && this.test(cover, step)) hit(cover.property);
    }
  }

  /**
   * Takes note of what invariants read in memory that several threads share, as each of them checks other states.
   * @param reads as many words as `readsLength` says
   */
  shareReads(reads: Int32Array): void {
    for (let n = 0; n < reads.length - 1; n++) Atomics.or(reads, n, this.reads[n]);
    Atomics.add(reads, reads.length - 1, 1);
    this.reads = reads;
  }

  /** From now on states are taken for one another. */
  renameBy(renamed: SymmetryGroup): void {
    this.renamed = new OrbitPropertyCache(this.twin, renamed, this.state.length);
    this.trees.clear();
    for (const predicate of [...this.invariants, ...this.covers]) if (predicate) predicate.roots.length = 0;
    this.plantQuiet();
  }

  /** Numbers of effects, at least up to this one, stand for others from now on. */
  forgetEffects(number = 0): void {
    const { length } = this.firstOf;
    this.firstOf = number < length ? this.firstOf.fill(0) : new Int32Array(2 * number);
    this.end = 1;
  }

  private plantQuiet(): void {
    this.quietRoot = this.trees.newTree();
    this.trees.insert(this.quietRoot, [], this.state, unaffected);
  }

  private firstBroken(invariants: readonly Predicate[], step: StepSignature): number {
    for (let n = 0; n < invariants.length; n++) {
      const invariant = invariants[n];
      if (!this.test(invariant, step)) return invariant.property;
    }
    return -1;
  }

  private test(predicate: Predicate, step: StepSignature): boolean {
    const { trees, state } = this;
    const { property, isCover } = predicate;
    const root = this.rootOf(predicate, step);
    const leaf = trees.find(root, state);
    if (leaf >= 0) return (leaf === unaffected) !== isCover;
    const [answer, read] = this.ask(predicate, step);
    if (trees.words <= maxTreeWords) trees.insert(root, read, state, answer !== isCover ? unaffected : affected);
    this.noteReads(property, bitsOfAll(read, state.length));
    return answer;
  }

  private rootOf({ looksAtSteps, roots }: Predicate, { signature }: StepSignature): number {
    const nth = looksAtSteps ? signature : 0;
    const root = roots[nth] ?? this.trees.newTree();
    roots[nth] = root;
    return root;
  }

  /** What a predicate says of the current state, and on which fields that depends. */
  private ask(predicate: Predicate, step: StepSignature): [boolean, readonly BitField[]] {
    const { twin, state, renamed } = this;
    if (renamed) return renamed.of(predicate, state, step);
    const answer = twin.record(state, () => predicate.holds(twin.program.instance.view, step.seen));
    return [answer, [...twin.read]];
  }

  private noteReads(property: number, bits: Int32Array): void {
    const known = this.readBy(property);
    let isMore = false;
    for (let n = 0; n < bits.length; n++) {
      if ((bits[n] & ~known[n]) === 0) continue;
      Atomics.or(known, n, bits[n]);
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

/** What the leaves of the trees say: that an invariant holds, or a cover is not shown; and the opposite. */
const unaffected = 1;
const affected = 0;
