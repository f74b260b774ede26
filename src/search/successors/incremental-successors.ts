import { copyInto } from '../../cache/growable-array.ts';
import type { StepOutcome, SuccessorSource } from '../../compile/program.ts';
import { type AdditiveHash, mix32 } from '../storage/zobrist-hash.ts';
import type { SuccessorGenerator } from './successor-generator.ts';

/** Bytes of the arrays of effects at first, as far as they depend on the size of states. */
const initialBytes = 1 << 16;

/**
 * Generates successors from cached effects, without making them. An effect inverts known bits of fields whose values it
 * depends on, so it adds a constant to each lane of an additive hash. The fingerprint of a successor follows from the
 * hash of its predecessor:
 *
 *     fingerprint(s) = H(s) + sum of mix(H_b(s)) over the blocks b       each in two lanes of 32 bits
 *
 * H is the hash of the state, and H_b that of a block, which one of several symmetric processes owns. The sum of mixed
 * block hashes is invariant under permutations of the blocks. Without symmetry there are no blocks.
 */
export class IncrementalSuccessors implements SuccessorGenerator {
  readonly choices: Int32Array;
  readonly hashWords: number;
  high = 0;
  low = 0;
  private readonly words: number;
  private readonly effectOf: Int32Array;
  /** the enumerated state: its array, its offset there, and its fingerprint */
  private parent: Int32Array = new Int32Array();
  private parentAt = 0;
  private parentHigh = 0;
  private parentLow = 0;
  /** by block of the enumerated state: its mixed hash */
  private readonly mixedHigh: Int32Array;
  private readonly mixedLow: Int32Array;
  /** the enumerated state without its hash */
  private readonly stateVector = () => this.parent.slice(this.parentAt, this.parentAt + this.words);
  /** number of indexed effects */
  private indexed = 0;
  /** by effect: the words that it adds to the hash */
  private hashDelta = new Int32Array();
  /** words of a set of blocks, with a bit for each */
  private readonly blockWords: number;
  /** by effect: the set of the blocks whose hash it changes */
  private changedBlocks = new Int32Array();
  private outcomes = new Uint8Array();
  /** by effect: the bits of the state that it inverts */
  private flippedBits = new Int32Array();
  /** by effect: whether it may hit one of `openCovers`, a list that has only become shorter, to `coverCount` */
  private coverHits = new Uint8Array();
  private openCovers: readonly number[] = [];
  private coverCount = 0;
  /** what `successors` had learned when the last state was enumerated */
  private learned = -1;
  isFull = false;
  private maxBytes = Number.POSITIVE_INFINITY;

  constructor(
    private readonly state: Int32Array,
    private readonly successors: SuccessorSource,
    private readonly hash: AdditiveHash,
  ) {
    this.words = state.length;
    this.hashWords = 2 * (hash.blocks + 1);
    this.blockWords = Math.ceil(hash.blocks / 32);
    this.mixedHigh = new Int32Array(hash.blocks);
    this.mixedLow = new Int32Array(hash.blocks);
    this.choices = successors.choices;
    this.effectOf = successors.effectOf;
    this.forgetEffects();
  }

  get bytes(): number {
    const { hashDelta, changedBlocks, flippedBits, outcomes, coverHits, successors } = this;
    const words = hashDelta.length + changedBlocks.length + flippedBits.length;
    return 4 * words + outcomes.length + coverHits.length + successors.bytes;
  }

  writeInitial(into: Int32Array): void {
    into.set(this.state);
    this.hash.accumulate(this.state, into, this.words);
    this.loadHash(into, 0);
    this.high = this.parentHigh;
    this.low = nonZeroLow(this.parentHigh, this.parentLow);
  }

  begin(maxBytes: number): void {
    const { successors } = this;
    this.maxBytes = maxBytes;
    if (successors.isFull || this.bytes > maxBytes) {
      successors.clear();
      this.forgetEffects();
    }
    this.isFull = false;
  }

  private forgetEffects(): void {
    this.indexed = 0;
    this.coverCount = 0;
    this.resize(Math.max(16, Math.floor(initialBytes / 4 / (this.words + this.hashWords + this.blockWords))));
  }

  /** Makes room for effects. Those that are indexed stay. */
  private resize(effects: number): void {
    const { indexed, words, hashWords, blockWords } = this;
    const copy = <A extends Int32Array | Uint8Array>(old: A, size: number, array: A): A =>
      copyInto(old.subarray(0, indexed * size) as A, array);
    this.hashDelta = copy(this.hashDelta, hashWords, new Int32Array(hashWords * effects));
    this.changedBlocks = copy(this.changedBlocks, blockWords, new Int32Array(blockWords * effects));
    this.flippedBits = copy(this.flippedBits, words, new Int32Array(words * effects));
    this.outcomes = copy(this.outcomes, 1, new Uint8Array(effects));
    this.coverHits = copy(this.coverHits, 1, new Uint8Array(effects));
  }

  enumerate(from: Int32Array, at: number): number {
    const { successors } = this;
    this.load(from, at);
    this.loadHash(from, at);
    const count = successors.enumerate();
    if (successors.learned !== this.learned) {
      this.learned = successors.learned;
      this.indexNewEffects();
      this.isFull = this.bytes > this.maxBytes;
    }
    return count;
  }

  hasOwnedRace(): boolean {
    return this.successors.hasOwnedRace();
  }

  evaluate(n: number): StepOutcome {
    const { hashDelta } = this;
    const effect = this.effectOf[n];
    const from = effect * this.hashWords;
    let high = this.parentHigh + hashDelta[from];
    let low = this.parentLow + hashDelta[from + 1];
    const { blockWords, changedBlocks } = this;
    for (let word = 0; word < blockWords; word++) {
      for (let rest = changedBlocks[effect * blockWords + word]; rest !== 0; rest &= rest - 1) {
        const { parent } = this;
        const block = 32 * word + 31 - Math.clz32(rest & -rest);
        const at = this.parentAt + this.words + 2 * (block + 1);
        const blockHigh = (parent[at] + hashDelta[from + 2 * (block + 1)]) | 0;
        const blockLow = (parent[at + 1] + hashDelta[from + 2 * (block + 1) + 1]) | 0;
        const mixedHigh = blockHigh ^ mix32(blockLow, 1);
        const mixedLow = blockLow ^ mix32(mixedHigh, 2);
        high = (high + (mixedHigh ^ mix32(mixedLow, 3)) - this.mixedHigh[block]) | 0;
        low = (low + mixedLow - this.mixedLow[block]) | 0;
      }
    }
    this.high = high | 0;
    this.low = nonZeroLow(high | 0, low | 0);
    return this.outcomes[effect] as StepOutcome;
  }

  moveTo(n: number): void {
    this.load(this.parent, this.parentAt);
    this.successors.take(n);
  }

  transitionId(n: number): number {
    return this.effectOf[n];
  }

  materialize(transitionId: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    const { words, hashWords, hashDelta, flippedBits } = this;
    const firstFlipped = transitionId * words;
    for (let n = 0; n < words; n++) into[to + n] = from[at + n] ^ flippedBits[firstFlipped + n];
    const firstDelta = transitionId * hashWords;
    for (let n = 0; n < hashWords; n++) {
      into[to + words + n] = from[at + words + n] + hashDelta[firstDelta + n];
    }
  }

  load(from: Int32Array, at: number): void {
    const { state, words } = this;
    for (let n = 0; n < words; n++) state[n] = from[at + n];
  }

  isKnownSafe(transitionId: number, from: Int32Array, at: number, openCovers: readonly number[]): boolean {
    return this.successors.isKnownSafe(transitionId, openCovers, from, at);
  }

  violated(transitionId: number): number {
    return this.successors.violatedAfter(transitionId);
  }

  areIndependent(n: number, m: number): boolean {
    return this.successors.areIndependent(n, m, this.stateVector);
  }

  mayHitCover(n: number, openCovers: readonly number[]): boolean {
    if (this.openCovers !== openCovers || this.coverCount !== openCovers.length) {
      this.openCovers = openCovers;
      this.coverCount = openCovers.length;
      this.coverHits.fill(0);
    }
    const { coverHits } = this;
    const effect = this.effectOf[n];
    if (coverHits[effect] === unknown) coverHits[effect] = this.successors.mayHitCover(n, openCovers) ? yes : no;
    return coverHits[effect] === yes;
  }

  /** Makes a state the enumerated one, and computes its fingerprint from its hash. */
  private loadHash(from: Int32Array, at: number): void {
    const first = at + this.words;
    this.parent = from;
    this.parentAt = at;
    let high = from[first];
    let low = from[first + 1];
    for (let block = 0; block < this.hash.blocks; block++) {
      const lane = first + 2 * (block + 1);
      const blockLow = from[lane + 1];
      const mixedHigh = from[lane] ^ mix32(blockLow, 1);
      const mixedLow = blockLow ^ mix32(mixedHigh, 2);
      this.mixedHigh[block] = mixedHigh ^ mix32(mixedLow, 3);
      this.mixedLow[block] = mixedLow;
      high = (high + this.mixedHigh[block]) | 0;
      low = (low + mixedLow) | 0;
    }
    this.parentHigh = high | 0;
    this.parentLow = low | 0;
  }

  /** Computes the hash deltas of new effects. */
  private indexNewEffects(): void {
    const { hashWords } = this;
    const { effects } = this.successors;
    if (effects.length > this.outcomes.length) this.resize(2 * effects.length);
    const [from, to] = [new Int32Array(hashWords), new Int32Array(hashWords)];
    for (; this.indexed < effects.length; this.indexed++) {
      const { sampleState, flippedBits, outcome } = effects[this.indexed];
      this.hash.accumulate(sampleState, from, 0);
      this.hash.accumulate(
        sampleState.map((word, n) => word ^ flippedBits[n]),
        to,
        0,
      );
      this.flippedBits.set(flippedBits, this.indexed * this.words);
      const hashDelta = to.map((sum, n) => sum - from[n]);
      this.hashDelta.set(hashDelta, this.indexed * hashWords);
      const changed = this.changedBlocks.subarray(this.indexed * this.blockWords).fill(0, 0, this.blockWords);
      for (let block = 0; block < this.hash.blocks; block++) {
        const lane = 2 * (block + 1);
        if ((hashDelta[lane] | hashDelta[lane + 1]) !== 0)
          changed[block >>> 5] = changed[block >>> 5] | (1 << (block & 31));
      }
      this.outcomes[this.indexed] = outcome;
    }
  }
}

const unknown = 0;
const no = 1;
const yes = 2;

/** Returns the lower lane of a fingerprint, which must not be 0 0. */
const nonZeroLow = (high: number, low: number): number => (low === 0 && high === 0 ? 1 : low);
