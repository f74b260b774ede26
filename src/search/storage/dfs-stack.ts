import { copyInto } from '../../cache/growable-array.ts';

/** The stack of a depth-first search: the states of one schedule, with the choices that are still to be tried in each. */
export class DfsStack {
  /** how many states there are */
  depth = 0;
  private states: Int32Array;
  private choices: Int32Array = new Int32Array(1 << 10);
  /** how many choices there are, of all states together */
  private count = 0;
  /** by state: where its choices begin; the last choice that could be taken, or -1 */
  private readonly starts: number[] = [];
  private readonly taken: number[] = [];

  constructor(private readonly words: number) {
    this.states = new Int32Array(64 * words);
  }

  push(state: Int32Array, choices: Int32Array): void {
    const end = this.depth * this.words;
    if (end + this.words > this.states.length)
      this.states = copyInto(this.states, new Int32Array(2 * this.states.length));
    if (this.count + choices.length > this.choices.length) {
      this.choices = copyInto(this.choices, new Int32Array(2 * (this.count + choices.length)));
    }
    this.states.set(state, end);
    this.choices.set(choices, this.count);
    this.starts[this.depth] = this.count;
    this.taken[this.depth] = -1;
    this.count += choices.length;
    this.depth++;
  }

  /** Puts the choices of the state on top into random order. */
  shuffle(below: (size: number) => number): void {
    const { choices } = this;
    const start = this.starts[this.depth - 1];
    for (let n = this.count - 1; n > start; n--) {
      const other = start + below(n - start + 1);
      const choice = choices[n];
      choices[n] = choices[other];
      choices[other] = choice;
    }
  }

  /** Copies the state on top. */
  load(state: Int32Array): void {
    const { states, words } = this;
    const start = (this.depth - 1) * words;
    for (let n = 0; n < words; n++) state[n] = states[start + n];
  }

  /** A choice of the state on top that was not tried, or -1. */
  next(): number {
    if (this.count === this.starts[this.depth - 1]) return -1;
    this.count--;
    return this.choices[this.count];
  }

  /** The choice could be taken. */
  take(choice: number): void {
    this.taken[this.depth - 1] = choice;
  }

  /** Whether a choice of the state on top could be taken. */
  hasTaken(): boolean {
    return this.taken[this.depth - 1] >= 0;
  }

  pop(): void {
    this.depth--;
    this.count = this.starts[this.depth];
  }

  /** The last choice that was taken in each state, from the bottom: the way to where the search is. */
  path(): number[] {
    return this.taken.slice(0, this.depth).filter((choice) => choice >= 0);
  }
}
