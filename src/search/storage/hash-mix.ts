/** 32 bits that depend on all bits of two numbers, and are a bijection of each given the other (the finaliser of MurmurHash3). */
export function mix32(number: number, salt: number): number {
  let mixed = number ^ Math.imul(salt + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
