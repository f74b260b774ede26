import type { FrontierCursor } from '../storage/frontier.ts';
import type { SuccessorGenerator } from '../successors/successor-generator.ts';

/**
 * Sleep sets (P. Godefroid: Partial-Order Methods for the Verification of Concurrent Systems, 1996). A choice sleeps in a state if a
 * sibling of the state's ancestors explores every schedule that takes it first: the choice is independent of all steps taken since. Sleep sets
 * skip transitions, and no states.
 *
 * The sleep set of a state is a bit per choice id. It is stored with the state in the frontier. A state that is found again
 * keeps the sleep set of its first discovery. That is sound here because a duplicate of the same level or a later one only repeats states that
 * the first discovery, with its own sleep set, reaches through an explored permutation.
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
   * Writes the sleep set of the nth successor: the choices that are independent of the nth one, and either sleep or were explored
   * before it.
   */
  writeSuccessor(n: number, count: number, into: Int32Array, at: number): void {
    const { generator, isAsleep, words } = this;
    const { choices } = generator;
    for (let word = 0; word < words; word++) into[at + word] = 0;
    for (let m = 0; m < count; m++) {
      if (m === n || (m > n && isAsleep[m] === 0)) continue;
      if (!generator.commute(n, m)) continue;
      const choice = choices[m];
      into[at + (choice >>> 5)] |= 1 << choice;
    }
  }
}
