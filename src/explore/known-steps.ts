import type { Effect } from '../compile/effects.ts';
import { larger } from '../compile/larger.ts';
import type { StepOutcome } from '../compile/step.ts';
import type { Successors } from '../compile/successors.ts';
import { mix } from './mix.ts';
import type { Steps } from './steps.ts';
import type { Sums } from './sums.ts';

const effectsAtFirst = 1 << 10;

/**
 * Steps whose effects are remembered. An effect knows all that it changes and from what, so what it adds to the sums of a state is a
 * constant: no state has to be made to find out whether it was seen. The fingerprint is the sum of the whole and of the blocks, each mixed, so
 * that it does not matter which block is which.
 */
export class KnownSteps implements Steps {
  readonly choices: Int32Array;
  readonly sums: number;
  high = 0;
  low = 0;
  private readonly words: number;
  private readonly effectOf: Int32Array;
  /** where the state is that was looked at, with its sums */
  private here: Int32Array = new Int32Array();
  private hereAt = 0;
  /** without its sums */
  private readonly plain = () => this.here.slice(this.hereAt, this.hereAt + this.words);
  private hereHigh = 0;
  private hereLow = 0;
  /** by block of it: its sums, mixed */
  private readonly mixedHigh: Int32Array;
  private readonly mixedLow: Int32Array;
  /** by effect: what it adds to the sums, which blocks it adds something to, as bits, and how it ends */
  private added: Int32Array;
  private touched = new Uint8Array(effectsAtFirst);
  private outcomes = new Uint8Array(effectsAtFirst);
  /** by effect and word: the bits that turn over */
  private turned: Int32Array;
  private known = 0;
  /** by effect: whether it may show one of the covers that were open when there were that many */
  private shows = new Uint8Array(effectsAtFirst);
  private covers = 0;

  constructor(
    private readonly state: Int32Array,
    private readonly successors: Successors,
    private readonly of: Sums,
  ) {
    this.words = state.length;
    this.sums = 2 * (of.blocks + 1);
    this.added = new Int32Array(this.sums * effectsAtFirst);
    this.turned = new Int32Array(this.words * effectsAtFirst);
    this.mixedHigh = new Int32Array(of.blocks);
    this.mixedLow = new Int32Array(of.blocks);
    this.choices = successors.choices;
    this.effectOf = successors.effectOf;
  }

  start(into: Int32Array): void {
    into.set(this.state);
    this.of.of(this.state, into, this.words);
    this.sumUp(into, 0);
    this.high = this.hereHigh;
    this.low = orOne(this.hereHigh, this.hereLow);
  }

  begin(): void {
    if (!this.successors.tidy()) return;
    this.known = 0;
    this.covers = 0;
  }

  look(from: Int32Array, at: number): number {
    const { successors } = this;
    this.goTo(from, at);
    this.sumUp(from, at);
    const count = successors.look();
    if (this.known < successors.effects.all.length) this.learn();
    return count;
  }

  at(n: number): StepOutcome {
    const { added } = this;
    const effect = this.effectOf[n] as number;
    const from = effect * this.sums;
    let high = this.hereHigh + (added[from] as number);
    let low = this.hereLow + (added[from + 1] as number);
    for (let rest = this.touched[effect] as number; rest !== 0; rest &= rest - 1) {
      const { here } = this;
      const block = 31 - Math.clz32(rest & -rest);
      const at = this.hereAt + this.words + 2 * (block + 1);
      const blockHigh = ((here[at] as number) + (added[from + 2 * (block + 1)] as number)) | 0;
      const blockLow = ((here[at + 1] as number) + (added[from + 2 * (block + 1) + 1] as number)) | 0;
      const mixedHigh = blockHigh ^ mix(blockLow, 1);
      const mixedLow = blockLow ^ mix(mixedHigh, 2);
      high += (mixedHigh ^ mix(mixedLow, 3)) - (this.mixedHigh[block] as number);
      low += mixedLow - (this.mixedLow[block] as number);
    }
    this.high = high | 0;
    this.low = orOne(high | 0, low | 0);
    return this.outcomes[effect] as StepOutcome;
  }

  take(n: number): void {
    this.goTo(this.here, this.hereAt);
    this.successors.take(n);
  }

  key(n: number): number {
    return this.effectOf[n] as number;
  }

  make(key: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    const { words, sums, added, turned } = this;
    const firstTurned = key * words;
    for (let n = 0; n < words; n++) into[to + n] = (from[at + n] as number) ^ (turned[firstTurned + n] as number);
    const firstAdded = key * sums;
    for (let n = 0; n < sums; n++) {
      into[to + words + n] = (from[at + words + n] as number) + (added[firstAdded + n] as number);
    }
  }

  goTo(made: Int32Array, at: number): void {
    const { state, words } = this;
    for (let n = 0; n < words; n++) state[n] = made[at + n] as number;
  }

  isQuiet(key: number, made: Int32Array, at: number, covers: readonly number[]): boolean {
    return this.successors.isQuiet(key, covers, made, at);
  }

  violated(key: number): number {
    return this.successors.violatedAfter(key);
  }

  commute(n: number, m: number): boolean {
    return this.successors.commute(n, m, this.plain);
  }

  mayShow(n: number, covers: readonly number[]): boolean {
    if (this.covers !== covers.length) {
      this.covers = covers.length;
      this.shows.fill(0);
    }
    const { shows } = this;
    const effect = this.effectOf[n] as number;
    if (shows[effect] === unknown) shows[effect] = this.successors.mayShow(n, covers) ? yes : no;
    return shows[effect] === yes;
  }

  /** Remembers the sums of a state, and what they come to. */
  private sumUp(here: Int32Array, hereAt: number): void {
    const first = hereAt + this.words;
    this.here = here;
    this.hereAt = hereAt;
    let high = here[first] as number;
    let low = here[first + 1] as number;
    for (let block = 0; block < this.of.blocks; block++) {
      const at = first + 2 * (block + 1);
      const blockLow = here[at + 1] as number;
      const mixedHigh = (here[at] as number) ^ mix(blockLow, 1);
      const mixedLow = blockLow ^ mix(mixedHigh, 2);
      this.mixedHigh[block] = mixedHigh ^ mix(mixedLow, 3);
      this.mixedLow[block] = mixedLow;
      high += this.mixedHigh[block] as number;
      low += mixedLow;
    }
    this.hereHigh = high | 0;
    this.hereLow = low | 0;
  }

  /** Finds out what new effects add. */
  private learn(): void {
    const { sums } = this;
    const { all } = this.successors.effects;
    if (all.length >= this.outcomes.length) {
      this.added = larger(this.added, new Int32Array(2 * sums * all.length));
      this.touched = larger(this.touched, new Uint8Array(2 * all.length));
      this.outcomes = larger(this.outcomes, new Uint8Array(2 * all.length));
      this.shows = larger(this.shows, new Uint8Array(2 * all.length));
      this.turned = larger(this.turned, new Int32Array(2 * this.words * all.length));
    }
    const [from, to] = [new Int32Array(sums), new Int32Array(sums)];
    for (; this.known < all.length; this.known++) {
      const { before, changed, outcome } = all[this.known] as Effect;
      this.of.of(before, from, 0);
      this.of.of(
        before.map((word, n) => word ^ (changed[n] as number)),
        to,
        0,
      );
      this.turned.set(changed, this.known * this.words);
      const added = to.map((sum, n) => sum - (from[n] as number));
      this.added.set(added, this.known * sums);
      this.touched[this.known] = added.reduce(
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
