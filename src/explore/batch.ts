import { Fingerprint } from './fingerprint.ts';

/**
 * Successors that have been generated and not been looked up yet. Looking up many at a time lets the processor wait for several cache
 * misses of the table at once; the order of discovery stays that of generation.
 */
export class Batch {
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** by successor: the number of the state before it, and of the choice that led to it */
  readonly before: Uint32Array;
  readonly choice: Uint16Array;
  length = 0;
  private readonly states: Int32Array;
  private readonly fingerprint = new Fingerprint();

  constructor(
    private readonly words: number,
    readonly capacity: number,
  ) {
    this.high = new Int32Array(capacity);
    this.low = new Int32Array(capacity);
    this.before = new Uint32Array(capacity);
    this.choice = new Uint16Array(capacity);
    this.states = new Int32Array(capacity * words);
  }

  push(state: Int32Array, before: number, choice: number): void {
    const { fingerprint, words, states } = this;
    const at = this.length * words;
    for (let n = 0; n < words; n++) states[at + n] = state[n] as number;
    fingerprint.of(state, 0, words);
    this.high[this.length] = fingerprint.high;
    this.low[this.length] = fingerprint.low;
    this.before[this.length] = before;
    this.choice[this.length] = choice;
    this.length++;
  }

  /** Copies the words of successor `n` to `state`. */
  load(n: number, state: Int32Array): void {
    const at = n * this.words;
    for (let word = 0; word < this.words; word++) state[word] = this.states[at + word] as number;
  }
}
