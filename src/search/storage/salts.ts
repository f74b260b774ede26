/**
 * Draws 32-bit words without structure: the generator SFC32 of C. Doty-Humphrey (PractRand), whose state changes
 * nonlinearly. Equal in all workers, and when a search is resumed.
 */
export class Salts {
  private a: number;
  private b: number;
  private c = 0x9e3779b9 | 0;
  private counter = 1;

  /** @param stream numbers of different streams are unrelated */
  constructor(stream: number) {
    this.a = stream | 0;
    this.b = ~stream;
    for (let n = 0; n < 20; n++) this.next();
  }

  /** Draws a word. */
  next(): number {
    const drawn = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + drawn) | 0;
    return drawn;
  }
}

/** Salts of a field: what is added to its value and what the sum is multiplied by, in each of the two lanes. */
export const saltsPerField = 4;

/** Draws the salts of `fields` fields. */
export function drawSalts(fields: number, stream: number): Int32Array {
  const salts = new Salts(stream);
  return Int32Array.from({ length: saltsPerField * fields }, (_, n) => (n % 2 === 0 ? salts.next() : salts.next() | 1));
}

/**
 * Returns the number of a field and its value in the high lane: a bijection of the value. Its salts, at `at`, are drawn
 * for this field and lane alone, so numbers of different fields, and of the two lanes, are unrelated.
 */
export function highNumber(salts: Int32Array, at: number, value: number): number {
  let mixed = Math.imul(value ^ salts[at], salts[at + 1]);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Returns the number of a field and its value in the low lane, like `highNumber`. */
export function lowNumber(salts: Int32Array, at: number, value: number): number {
  let mixed = Math.imul(value ^ salts[at + 2], salts[at + 3]);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  mixed = Math.imul(mixed ^ (mixed >>> 14), 0x21f0aaad);
  return mixed ^ (mixed >>> 15);
}
