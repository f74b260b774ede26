import { copyInto } from '../../cache/growable-array.ts';
import type { StepOutcome, SuccessorSource } from '../../compile/program.ts';
import type { AdditiveHash } from '../storage/additive-hash.ts';
import { mix32 } from '../storage/hash-mix.ts';
import type { SuccessorGenerator } from './successor-generator.ts';

const effectsAtFirst = 1 << 10;

/**
 * Steps whose effects are remembered. An effect knows all that it changes and from what, so what it adds to the sums of a state is a
 * constant: no state has to be made to find out whether it was seen. The fingerprint is the sum of the whole and of the blocks, each mixed, so
 * that it does not matter which block is which.
 */
export class IncrementalSuccessors implements SuccessorGenerator {
  readonly choices: Int32Array;
  readonly hashWords: number;
  high = 0;
  low = 0;
  private readonly words: number;
  private readonly effectOf: Int32Array;
  /** where the state is that was looked at, with its sums */
  private here: Int32Array = new Int32Array();
  private hereAt = 0;
  /** without its sums */
  private readonly stateVector = () => this.here.slice(this.hereAt, this.hereAt + this.words);
  private hereHigh = 0;
  private hereLow = 0;
  /** by block of it: its sums, mixed */
  private readonly mixedHigh: Int32Array;
  private readonly mixedLow: Int32Array;
  /** by effect: what it adds to the sums, which blocks it adds something to, as bits, and how it ends */
  private hashDelta: Int32Array;
  private touched = new Uint8Array(effectsAtFirst);
  private outcomes = new Uint8Array(effectsAtFirst);
  /** by effect and word: the bits that turn over */
  private flippedBits: Int32Array;
  private known = 0;
  /** by effect: whether it may show one of the covers that were open when there were that many */
  private shows = new Uint8Array(effectsAtFirst);
  private covers = 0;

  constructor(
    private readonly state: Int32Array,
    private readonly successors: SuccessorSource,
    private readonly of: AdditiveHash,
  ) {
    this.words = state.length;
    this.hashWords = 2 * (of.blocks + 1);
    this.hashDelta = new Int32Array(this.hashWords * effectsAtFirst);
    this.flippedBits = new Int32Array(this.words * effectsAtFirst);
    this.mixedHigh = new Int32Array(of.blocks);
    this.mixedLow = new Int32Array(of.blocks);
    this.choices = successors.choices;
    this.effectOf = successors.effectOf;
  }

  writeInitial(into: Int32Array): void {
    into.set(this.state);
    this.of.accumulate(this.state, into, this.words);
    this.loadHash(into, 0);
    this.high = this.hereHigh;
    this.low = orOne(this.hereHigh, this.hereLow);
  }

  begin(): void {
    if (!this.successors.evictIfFull()) return;
    this.known = 0;
    this.covers = 0;
  }

  enumerate(from: Int32Array, at: number): number {
    const { successors } = this;
    this.load(from, at);
    this.loadHash(from, at);
    const count = successors.enumerate();
    if (this.known < successors.effects.length) this.indexNewEffects();
    return count;
  }

  evaluate(n: number): StepOutcome {
    const { hashDelta } = this;
    const effect = this.effectOf[n];
    const from = effect * this.hashWords;
    let high = this.hereHigh + hashDelta[from];
    let low = this.hereLow + hashDelta[from + 1];
    for (let rest = this.touched[effect]; rest !== 0; rest &= rest - 1) {
      const { here } = this;
      const block = 31 - Math.clz32(rest & -rest);
      const at = this.hereAt + this.words + 2 * (block + 1);
      const blockHigh = (here[at] + hashDelta[from + 2 * (block + 1)]) | 0;
      const blockLow = (here[at + 1] + hashDelta[from + 2 * (block + 1) + 1]) | 0;
      const mixedHigh = blockHigh ^ mix32(blockLow, 1);
      const mixedLow = blockLow ^ mix32(mixedHigh, 2);
      high += (mixedHigh ^ mix32(mixedLow, 3)) - this.mixedHigh[block];
      low += mixedLow - this.mixedLow[block];
    }
    this.high = high | 0;
    this.low = orOne(high | 0, low | 0);
    return this.outcomes[effect] as StepOutcome;
  }

  moveTo(n: number): void {
    this.load(this.here, this.hereAt);
    this.successors.take(n);
  }

  transitionId(n: number): number {
    return this.effectOf[n];
  }

  materialize(key: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    const { words, hashWords, hashDelta, flippedBits } = this;
    const firstTurned = key * words;
    for (let n = 0; n < words; n++) into[to + n] = from[at + n] ^ flippedBits[firstTurned + n];
    const firstAdded = key * hashWords;
    for (let n = 0; n < hashWords; n++) {
      into[to + words + n] = from[at + words + n] + hashDelta[firstAdded + n];
    }
  }

  load(made: Int32Array, at: number): void {
    const { state, words } = this;
    for (let n = 0; n < words; n++) state[n] = made[at + n];
  }

  isKnownSafe(key: number, made: Int32Array, at: number, covers: readonly number[]): boolean {
    return this.successors.isKnownSafe(key, covers, made, at);
  }

  violated(key: number): number {
    return this.successors.violatedAfter(key);
  }

  commute(n: number, m: number): boolean {
    return this.successors.areIndependent(n, m, this.stateVector);
  }

  mayHitCover(n: number, covers: readonly number[]): boolean {
    if (this.covers !== covers.length) {
      this.covers = covers.length;
      this.shows.fill(0);
    }
    const { shows } = this;
    const effect = this.effectOf[n];
    if (shows[effect] === unknown) shows[effect] = this.successors.mayHitCover(n, covers) ? yes : no;
    return shows[effect] === yes;
  }

  /** Remembers the sums of a state, and what they come to. */
  private loadHash(here: Int32Array, hereAt: number): void {
    const first = hereAt + this.words;
    this.here = here;
    this.hereAt = hereAt;
    let high = here[first];
    let low = here[first + 1];
    for (let block = 0; block < this.of.blocks; block++) {
      const at = first + 2 * (block + 1);
      const blockLow = here[at + 1];
      const mixedHigh = here[at] ^ mix32(blockLow, 1);
      const mixedLow = blockLow ^ mix32(mixedHigh, 2);
      this.mixedHigh[block] = mixedHigh ^ mix32(mixedLow, 3);
      this.mixedLow[block] = mixedLow;
      high += this.mixedHigh[block];
      low += mixedLow;
    }
    this.hereHigh = high | 0;
    this.hereLow = low | 0;
  }

  /** Finds out what new effects add. */
  private indexNewEffects(): void {
    const { hashWords } = this;
    const { effects } = this.successors;
    if (effects.length >= this.outcomes.length) {
      this.hashDelta = copyInto(this.hashDelta, new Int32Array(2 * hashWords * effects.length));
      this.touched = copyInto(this.touched, new Uint8Array(2 * effects.length));
      this.outcomes = copyInto(this.outcomes, new Uint8Array(2 * effects.length));
      this.shows = copyInto(this.shows, new Uint8Array(2 * effects.length));
      this.flippedBits = copyInto(this.flippedBits, new Int32Array(2 * this.words * effects.length));
    }
    const [from, to] = [new Int32Array(hashWords), new Int32Array(hashWords)];
    for (; this.known < effects.length; this.known++) {
      const { sampleState, flippedBits, outcome } = effects[this.known];
      this.of.accumulate(sampleState, from, 0);
      this.of.accumulate(
        sampleState.map((word, n) => word ^ flippedBits[n]),
        to,
        0,
      );
      this.flippedBits.set(flippedBits, this.known * this.words);
      const hashDelta = to.map((sum, n) => sum - from[n]);
      this.hashDelta.set(hashDelta, this.known * hashWords);
      this.touched[this.known] = hashDelta.reduce(
        (bits, sum, n) => (n > 1 && sum !== 0 ? bits | (1 << ((n >> 1) - 1)) : bits),
        0,
      );
      this.outcomes[this.known] = outcome;
    }
  }
}

const unknown = 0;
const no = 1;
const yes = 2;

/** The lower lane, as 0 0 is no fingerprint. */
const orOne = (high: number, low: number): number => (low === 0 && high === 0 ? 1 : low);
