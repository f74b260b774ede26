import type { FrontierCursor } from '../storage/frontier.ts';
import type { SuccessorGenerator } from '../successors/successor-generator.ts';

/**
 * Sleep sets (P. Godefroid: Partial-Order Methods for the Verification of Concurrent Systems, 1996). Two independent
 * steps lead to the same state in either order, so one order is enough. The choices in the sleep set of a state are
 * skipped there. The sleep set of a successor has the choices that are independent of the step to it, and were either
 * explored before that step in the same state, or asleep in it.
 *
 * Why that is sound without stored sleep sets of all visited states: the search is breadth first and explores choices
 * in a fixed order, so a skipped choice is never the last step of the first shortest path to a state. All states
 * remain, with their depths and predecessors, and only transitions are saved. docs/reductions.md has the proof.
 *
 * A sleep set is a bit for each choice id. It is stored in the frontier, behind the hash of the state.
 */
export class SleepSets {
  /** by successor of the current state: 1 if its choice sleeps */
  private readonly isAsleep: Uint8Array;

  /**
   * @param offset words of a state before those of its sleep set
   * @param words words of a sleep set
   */
  constructor(
    private readonly generator: SuccessorGenerator,
    private readonly offset: number,
    private readonly words: number,
  ) {
    this.isAsleep = new Uint8Array(generator.choices.length);
  }

  /** Loads the sleep set of a state with `count` enabled choices. Returns how many of them sleep. */
  load(count: number, { segment, at }: FrontierCursor): number {
    const { generator, isAsleep } = this;
    const first = at + this.offset;
    let asleep = 0;
    for (let n = 0; n < count; n++) {
      const choice = generator.choices[n];
      isAsleep[n] = (segment[first + (choice >>> 5)] >>> choice) & 1;
      asleep += isAsleep[n];
    }
    return asleep;
  }

  /** Returns whether the nth enabled choice sleeps. */
  has(n: number): boolean {
    return this.isAsleep[n] === 1;
  }

  /**
   * Writes the sleep set of the nth successor: the choices that are independent of the nth one, and either sleep or
   * were explored before it.
   */
  writeSuccessor(n: number, count: number, into: Int32Array, at: number): void {
    const { generator, isAsleep, words } = this;
    const { choices } = generator;
    for (let word = 0; word < words; word++) into[at + word] = 0;
    for (let m = 0; m < count; m++) {
      if (m === n || (m > n && isAsleep[m] === 0)) continue;
      if (!generator.areIndependent(n, m)) continue;
      const choice = choices[m];
      into[at + (choice >>> 5)] |= 1 << choice;
    }
  }
}
