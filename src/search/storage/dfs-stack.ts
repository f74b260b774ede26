import { copyInto } from '../../cache/growable-array.ts';

/** The stack of a depth-first search: the states of the current schedule, each with its unexplored choices. */
export class DfsStack {
  /** number of states */
  depth = 0;
  private states: Int32Array;
  private choices: Int32Array = new Int32Array(1 << 10);
  /** number of unexplored choices of all states */
  private count = 0;
  /** by state: the index of its first choice, and its last choice that was taken or -1 */
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

  /** Shuffles the choices of the top state. */
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

  /** Reads the top state. */
  load(state: Int32Array): void {
    const { states, words } = this;
    const start = (this.depth - 1) * words;
    for (let n = 0; n < words; n++) state[n] = states[start + n];
  }

  /** Removes an unexplored choice of the top state, and returns it; -1 if there is none. */
  next(): number {
    if (this.count === this.starts[this.depth - 1]) return -1;
    this.count--;
    return this.choices[this.count];
  }

  /** Records that a choice of the top state was taken: it was not refused. */
  take(choice: number): void {
    this.taken[this.depth - 1] = choice;
  }

  /** Returns whether a choice of the top state was taken. */
  hasTaken(): boolean {
    return this.taken[this.depth - 1] >= 0;
  }

  pop(): void {
    this.depth--;
    this.count = this.starts[this.depth];
  }

  /** Returns the last choice taken in each state, from the bottom: the current schedule. */
  path(): number[] {
    return this.taken.slice(0, this.depth).filter((choice) => choice >= 0);
  }
}
