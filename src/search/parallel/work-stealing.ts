/** The word of a thread in the control memory: the next piece of its range that nobody has taken yet. Each is in a cache line of its own. */
const nextOf = (member: number): number => 16 * (member + 1);

/** Where the range of a thread begins, and that of the one before it ends. */
const rangeOf = (member: number, members: number, pieces: number): number => Math.floor((pieces * member) / members);

/**
 * Gives each thread a range of the pieces of a phase: of the units of a block, or of the parts of the table. Units that follow each other lead to
 * many of the same states, which a thread notices as long as they are its own; parts that follow each other are counted in one cache line.
 */
export function assignRanges(control: Int32Array, members: number, pieces: number): void {
  for (let member = 0; member < members; member++) control[nextOf(member)] = rangeOf(member, members, pieces);
}

/** The pieces that a thread takes: those of its range, then what is left of those of others. */
export function* claimIndices(control: Int32Array, me: number, members: number, pieces: number): Generator<number> {
  for (let n = 0; n < members; n++) {
    const whose = (me + n) % members;
    const end = rangeOf(whose + 1, members, pieces);
    for (;;) {
      const piece = Atomics.add(control, nextOf(whose), 1);
      if (piece >= end) break;
      yield piece;
    }
  }
}
