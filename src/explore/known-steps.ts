import { apply } from '../compile/bits.ts';
import type { Effect } from '../compile/effects.ts';
import type { StepOutcome } from '../compile/step.ts';
import type { RememberedSuccessors } from '../compile/successors.ts';
import { FieldSums } from './field-sums.ts';
import type { Steps } from './steps.ts';

/**
 * Steps whose effects are remembered. An effect knows all that it changes and from what, so what it adds to the fingerprint is a constant: no
 * state has to be made to find out whether it was seen.
 */
export class KnownSteps implements Steps {
  readonly choices: Int32Array;
  readonly sums = 2;
  high = 0;
  low = 0;
  private readonly fields: FieldSums;
  private readonly words: number;
  private readonly effectOf: Int32Array;
  /** of the state that was looked at */
  private here: Int32Array = new Int32Array();
  private sumHigh = 0;
  private sumLow = 0;
  /** by effect: what it adds to the lanes of the fingerprint, and how it ends */
  private highs = new Int32Array(1 << 10);
  private lows = new Int32Array(1 << 10);
  private outcomes = new Uint8Array(1 << 10);
  private known = 0;
  /** by effect: whether it may show one of the covers that were open when there were that many */
  private shows = new Uint8Array(1 << 10);
  private covers = 0;

  constructor(
    private readonly state: Int32Array,
    private readonly successors: RememberedSuccessors,
  ) {
    this.fields = new FieldSums(successors.fields);
    this.words = state.length;
    this.choices = successors.choices;
    this.effectOf = successors.effectOf;
  }

  start(into: Int32Array): void {
    const { state, fields, words } = this;
    into.set(state);
    fields.of(state);
    into[words] = fields.high;
    into[words + 1] = fields.low;
    this.high = fields.high;
    this.low = orOne(fields.high, fields.low);
  }

  begin(): void {
    if (!this.successors.tidy()) return;
    this.known = 0;
    this.covers = 0;
  }

  look(here: Int32Array): number {
    const { state, words, successors } = this;
    for (let n = 0; n < words; n++) state[n] = here[n] as number;
    this.here = here;
    this.sumHigh = here[words] as number;
    this.sumLow = here[words + 1] as number;
    const count = successors.look();
    if (this.known < successors.effects.all.length) this.learn();
    return count;
  }

  at(n: number): StepOutcome {
    const effect = this.effectOf[n] as number;
    const high = (this.sumHigh + (this.highs[effect] as number)) | 0;
    const low = (this.sumLow + (this.lows[effect] as number)) | 0;
    this.high = high;
    this.low = orOne(high, low);
    return this.outcomes[effect] as StepOutcome;
  }

  take(n: number): void {
    const { state, here, words } = this;
    for (let word = 0; word < words; word++) state[word] = here[word] as number;
    this.successors.take(n);
  }

  key(n: number): number {
    return this.effectOf[n] as number;
  }

  make(key: number, from: Int32Array, into: Int32Array): void {
    const { state, words } = this;
    for (let n = 0; n < words; n++) state[n] = from[n] as number;
    apply((this.successors.effects.all[key] as Effect).writes, state);
    for (let n = 0; n < words; n++) into[n] = state[n] as number;
    into[words] = (from[words] as number) + (this.highs[key] as number);
    into[words + 1] = (from[words + 1] as number) + (this.lows[key] as number);
  }

  violated(key: number): number {
    return this.successors.violatedAfter(key);
  }

  commute(n: number, m: number, state: Int32Array): boolean {
    return this.successors.commute(n, m, state);
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

  named(choice: number): number {
    return choice;
  }

  /** Finds out what new effects add. */
  private learn(): void {
    const { all } = this.successors.effects;
    if (all.length > this.highs.length) {
      this.highs = larger(this.highs, new Int32Array(2 * all.length));
      this.lows = larger(this.lows, new Int32Array(2 * all.length));
      this.outcomes = larger(this.outcomes, new Uint8Array(2 * all.length));
      this.shows = larger(this.shows, new Uint8Array(2 * all.length));
    }
    const { fields } = this;
    for (; this.known < all.length; this.known++) {
      const { before, writes, outcome } = all[this.known] as Effect;
      fields.of(before);
      const { high, low } = fields;
      const after = Int32Array.from(before);
      apply(writes, after);
      fields.of(after);
      this.highs[this.known] = fields.high - high;
      this.lows[this.known] = fields.low - low;
      this.outcomes[this.known] = outcome;
    }
  }
}

const unknown = 0;
const no = 1;
const yes = 2;

/** The lower lane, as 0 0 is no fingerprint. */
const orOne = (high: number, low: number): number => (low === 0 && high === 0 ? 1 : low);

function larger<A extends Int32Array | Uint8Array>(old: A, array: A): A {
  array.set(old);
  return array;
}
