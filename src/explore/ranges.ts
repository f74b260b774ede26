/** The word of a thread in the control memory: the next unit of its range that nobody has taken yet. Each is in a cache line of its own. */
const nextOf = (member: number): number => 16 * (member + 1);

/** Where the range of a thread begins, and that of the one before it ends. */
const rangeOf = (member: number, members: number, units: number): number => Math.floor((units * member) / members);

/**
 * Gives each thread a range of the units of a block. Units that follow each other lead to many of the same states, which a thread notices as long as
 * they are its own.
 */
export function divide(control: Int32Array, members: number, units: number): void {
  for (let member = 0; member < members; member++) control[nextOf(member)] = rangeOf(member, members, units);
}

/** The units that a thread takes: those of its range, then what is left of those of others. */
export function* unitsFor(control: Int32Array, me: number, members: number, units: number): Generator<number> {
  for (let n = 0; n < members; n++) {
    const whose = (me + n) % members;
    const end = rangeOf(whose + 1, members, units);
    for (;;) {
      const unit = Atomics.add(control, nextOf(whose), 1);
      if (unit >= end) break;
      yield unit;
    }
  }
}
