import type { Property } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOfAll, intersects } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { Effect } from './effect-cache.ts';
import { copyInto } from './growable-array.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import { OrbitPropertyCache } from './orbit-property-cache.ts';
import { type Evaluation, evaluateObserved, type PropertyQuery } from './property-evaluation.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

interface Predicate extends PropertyQuery {
  /** root of its tree over states; 0 if there is none */
  root: number;
  /** by signature of the last step: root of its tree over the states in which it looks at the step */
  readonly stepRoots: number[];
}

/** Caches the values of invariants and covers by the fields that they read. */
export class PropertyCache {
  private readonly trees = new DecisionTrees();
  private readonly invariants: readonly Predicate[];
  /** by property; undefined if it is not a cover */
  private readonly covers: readonly (Predicate | undefined)[];
  /** by property: mask of the bits that it has ever read; then the version, which counts changes of the masks */
  private readSets: Int32Array;
  /** by effect: offset in `roots` of the trees of the properties that it may affect; 0 if not computed */
  private firstOf: Int32Array = new Int32Array(1 << 10);
  private roots: Int32Array = new Int32Array(1 << 10);
  private end = 1;
  /** version of `readSets` and number of open covers for which `firstOf` is valid */
  private readSetsVersion = 0;
  private openCovers = 0;
  private readonly leaves = new Int32Array(4);
  /** root of a tree that is `safe` in all states: pads lists of roots */
  private safeRoot = 0;
  /** by property: 1 if it has looked at a step */
  private readonly seenToUseStep: Uint8Array;
  private maxBytes = Number.POSITIVE_INFINITY;
  /** evaluates properties over orbits, if states are identified by symmetry */
  private orbit: OrbitPropertyCache | undefined;

  constructor(
    private readonly state: Int32Array,
    private readonly instrumented: InstrumentedProgram,
    properties: readonly Property[],
  ) {
    const predicateOf = (property: Property, n: number, holds: Predicate['holds']): Predicate => ({
      property: n,
      holds,
      isCover: property.kind === 'cover',
      root: 0,
      stepRoots: [],
    });
    this.invariants = properties.flatMap((property, n) =>
      property.kind === 'invariant' ? [predicateOf(property, n, (view) => property.holds(view))] : [],
    );
    this.covers = properties.map((property, n) =>
      property.kind === 'cover' ? predicateOf(property, n, property.isHit) : undefined,
    );
    this.readSets = new Int32Array(readSetsLength(properties.length, state.length));
    this.seenToUseStep = new Uint8Array(properties.length);
    this.newSafeTree();
  }

  /**
   * Returns the index in `properties` of the first invariant that the current state violates, or -1.
   * @param from looks at invariants from this index on
   */
  violated(step: StepSignature, from: number): number {
    const { invariants } = this;
    return this.firstViolated(from === 0 ? invariants : invariants.filter(({ property }) => property >= from), step);
  }

  /** Returns the same as `violated`, assuming that the state before this effect violated no invariant. */
  violatedAfter(effect: Effect): number {
    return this.firstViolated(this.affectedBy(this.invariants, effect), effect);
  }

  /**
   * Returns true if the cache proves that a state violates no invariant and hits no open cover. Assumes the same of its
   * predecessor.
   * @param index index of the effect that led to the state
   * @param at offset of the state in `states`
   */
  isKnownSafe(index: number, effect: Effect, open: readonly number[], states: Int32Array, at: number): boolean {
    const { trees, leaves } = this;
    const version = this.readSets[this.readSets.length - 1];
    if (this.readSetsVersion !== version || this.openCovers !== open.length || index >= this.firstOf.length) {
      this.forgetEffects(index);
      this.readSetsVersion = version;
      this.openCovers = open.length;
    }
    let first = this.firstOf[index];
    if (first === 0) {
      first = this.rootsOfAffected(effect, open);
      this.firstOf[index] = first;
    }
    for (; this.roots[first] !== 0; first += 4) {
      trees.findFour(this.roots, first, states, at, leaves);
      for (let n = 0; n < 4; n++) if (leaves[n] !== safe) return false;
    }
    return true;
  }

  /**
   * Writes the roots of the trees of all properties that an effect may affect, padded to a multiple of four and ended
   * by 0. Returns their offset.
   */
  private rootsOfAffected(effect: Effect, open: readonly number[]): number {
    const covers = open.map((cover) => this.covers[cover] as Predicate);
    const affected = [...this.affectedBy(this.invariants, effect), ...this.affectedBy(covers, effect)];
    const roots = affected.map((predicate) => this.rootOf(predicate));
    while (roots.length % 4 > 0) roots.push(this.safeRoot);
    roots.push(0);
    const first = this.end;
    this.end += roots.length;
    if (this.end > this.roots.length) this.roots = copyInto(this.roots, new Int32Array(2 * this.end));
    this.roots.set(roots, first);
    return first;
  }

  /** Returns the predicates whose value an effect may change: it inverts a bit that they have read. */
  private affectedBy(predicates: readonly Predicate[], { flippedBits }: Effect): Predicate[] {
    return predicates.filter(({ property }) => intersects(flippedBits, this.readSetOf(property)));
  }

  /** Calls `hit` for each open cover that the current state or the last step hits. */
  coverHits(open: readonly number[], step: StepSignature, hit: (property: number) => void): void {
    for (let i = open.length - 1; i >= 0; i--) {
      const cover = this.covers[open[i]];
      if (cover && this.value(cover, step)) hit(cover.property);
    }
  }

  /** Returns whether a cover was seen to look at a step. Before that, a state decides whether it is hit. */
  usesStep(property: number): boolean {
    return this.seenToUseStep[property] === 1;
  }

  /**
   * Shares the read sets with other workers, as each evaluates properties in other states.
   * @param readSets shared memory of `readSetsLength` words
   */
  shareReadSets(readSets: Int32Array): void {
    for (let n = 0; n < readSets.length - 1; n++) Atomics.or(readSets, n, this.readSets[n]);
    Atomics.add(readSets, readSets.length - 1, 1);
    this.readSets = readSets;
  }

  /** Identifies symmetric states from now on. */
  useSymmetry(symmetry: SymmetryGroup): void {
    this.orbit = new OrbitPropertyCache(this.instrumented, symmetry, this.state.length);
    this.clear();
  }

  /** memory of the cache, in bytes */
  get bytes(): number {
    const lists = this.firstOf.byteLength + this.roots.byteLength;
    return this.trees.bytes + lists + (this.orbit?.bytes ?? 0);
  }

  /** Limits the memory of the trees, and that of orbits. */
  limit(bytes: number): void {
    this.maxBytes = bytes;
    this.orbit?.limit(bytes);
  }

  /** Forgets all values. What the properties were seen to read stays. */
  clear(): void {
    this.forgetEffects();
    this.orbit?.clear();
    this.trees.clear();
    for (const predicate of [...this.invariants, ...this.covers]) {
      if (!predicate) continue;
      predicate.root = 0;
      predicate.stepRoots.length = 0;
    }
    this.newSafeTree();
  }

  /** Invalidates what depends on indices of effects, and makes room for indices up to `last`. */
  forgetEffects(last = 0): void {
    const { length } = this.firstOf;
    this.firstOf = last > 0 && last < length ? this.firstOf.fill(0) : new Int32Array(Math.max(1 << 10, 2 * last));
    this.roots = new Int32Array(1 << 10);
    this.end = 1;
  }

  private newSafeTree(): void {
    this.safeRoot = this.trees.newTree();
    this.trees.insert(this.safeRoot, [], this.state, safe);
  }

  private firstViolated(invariants: readonly Predicate[], step: StepSignature): number {
    for (let n = 0; n < invariants.length; n++) {
      const invariant = invariants[n];
      if (!this.value(invariant, step)) return invariant.property;
    }
    return -1;
  }

  private value(predicate: Predicate, step: StepSignature): boolean {
    const { trees, state } = this;
    const { property, isCover } = predicate;
    let leaf = trees.find(this.rootOf(predicate), state);
    if (leaf === dependsOnStep) leaf = trees.find(this.stepRootOf(predicate, step), state);
    if (leaf >= 0) return (leaf === safe) !== isCover;
    const evaluation = this.evaluate(predicate, step);
    const { value, read, readBeforeStep } = evaluation;
    if (readBeforeStep !== undefined) this.seenToUseStep[property] = 1;
    if (trees.words > maxTreeWords || trees.bytes > this.maxBytes) this.clear();
    this.insert(predicate, step, evaluation);
    this.addToReadSet(property, bitsOfAll(read, state.length));
    return value;
  }

  /** Caches a value: for all steps if the property did not look at the step, else for this one. */
  private insert(predicate: Predicate, step: StepSignature, { value, read, readBeforeStep }: Evaluation): void {
    const { trees, state } = this;
    const leaf = value !== predicate.isCover ? safe : unsafe;
    // One of the two trees may know the state already.
    const insert = (root: number, fields: readonly BitField[], value: number): void => {
      if (trees.find(root, state) < 0) trees.insert(root, fields, state, value);
    };
    if (readBeforeStep === undefined) insert(this.rootOf(predicate), read, leaf);
    else {
      insert(this.rootOf(predicate), read.slice(0, readBeforeStep), dependsOnStep);
      insert(this.stepRootOf(predicate, step), read, leaf);
    }
  }

  /** Returns the root of the tree of a predicate over states. */
  private rootOf(predicate: Predicate): number {
    if (predicate.root === 0) predicate.root = this.trees.newTree();
    return predicate.root;
  }

  /** Returns the root of the tree of a predicate over the states in which it looks at a step. */
  private stepRootOf({ stepRoots }: Predicate, { signature }: StepSignature): number {
    const root = stepRoots[signature] ?? this.trees.newTree();
    stepRoots[signature] = root;
    return root;
  }

  /** Evaluates a predicate in the current state. */
  private evaluate(predicate: Predicate, step: StepSignature): Evaluation {
    const { instrumented, state, orbit } = this;
    return orbit ? orbit.evaluate(predicate, state, step) : evaluateObserved(predicate, instrumented, state, step.step);
  }

  private addToReadSet(property: number, bits: Int32Array): void {
    const known = this.readSetOf(property);
    let isMore = false;
    for (let n = 0; n < bits.length; n++) {
      if ((bits[n] & ~known[n]) === 0) continue;
      Atomics.or(known, n, bits[n]);
      isMore = true;
    }
    if (isMore) Atomics.add(this.readSets, this.readSets.length - 1, 1);
  }

  private readSetOf(property: number): Int32Array {
    const words = this.state.length;
    return this.readSets.subarray(property * words, (property + 1) * words);
  }
}

/** Returns the length of the read sets: `words` words per property, and the version. */
export const readSetsLength = (properties: number, words: number): number => properties * words + 1;

/**
 * The leaves of the trees: an invariant holds or a cover is not hit, the opposite, and, in a tree over states, that the
 * cover looks at the step.
 */
const safe = 1;
const unsafe = 0;
const dependsOnStep = 2;
