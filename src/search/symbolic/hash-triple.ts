/** Returns a hash of three numbers: all its bits depend on all of theirs. */
export function hashTriple(one: number, other: number, third: number): number {
  let h = Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
