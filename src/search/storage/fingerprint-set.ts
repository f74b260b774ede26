import { type ArrayVisitor, type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';

/** How many parts a table has: the lowest bits of a fingerprint say which. Two threads never work on one part at a time. */
export const partitionCount = 64;
/** A line is a cache line: 8 fingerprints of 8 bytes. */
const wordsPerLine = 16;
const fingerprintsPerLine = wordsPerLine / 2;
const linesAtFirst = 64;
const maxLoad = 0.9;
/** By how much a part grows: small ones double, as they grow often; large ones would leave too much empty. */
const growthOf = (lines: number): number => (lines < linesOfLarge ? 2 : growth);
const growth = 1.2;
const linesOfLarge = 1 << 10;

/** What threads share of a table. */
export interface SeenMemory {
  readonly slots: readonly GrowableSharedBuffer[];
  /** by part: how many lines it has and how many fingerprints are in it */
  readonly sizes: SharedArrayBuffer;
}

/**
 * The set of fingerprints seen so far: 8 bytes each, in buckets of one cache line, with linear probing from line to line. Each part grows in
 * place when it is 9/10 full, in address space that is reserved for it: it doubles until it has 64 KiB, and then grows by a fifth. They grow in turn,
 * not all at once, so where there are many a fingerprint takes 9.8 bytes at any time.
 */
export class FingerprintSet {
  private readonly slots: Int32Array[];
  private readonly sizes: Int32Array;
  private readonly lines: Int32Array;
  private readonly used: Int32Array;
  /** only while a part grows: what was in it, and by line how many fingerprints are in it again */
  private scratch = new Int32Array();
  private filled = new Uint8Array();

  /** @param bytes how large the table may become, at most */
  static reserve(bytes: number): SeenMemory {
    const part = Math.max(1 << 16, Math.ceil((bytes * growth) / partitionCount / 64) * 64);
    return {
      slots: Array.from({ length: partitionCount }, () => reserveBuffer(part)),
      sizes: new SharedArrayBuffer(8 * partitionCount),
    };
  }

  constructor(readonly memory: SeenMemory) {
    this.slots = memory.slots.map(() => new Int32Array());
    this.sizes = new Int32Array(memory.sizes);
    this.lines = this.sizes.subarray(0, partitionCount);
    this.used = this.sizes.subarray(partitionCount);
    if (this.lines[0] === 0) {
      for (let part = 0; part < partitionCount; part++)
        this.lines[part] = Math.round(linesAtFirst * 2 ** (part / partitionCount));
    }
    this.refreshViews();
  }

  /** Sees the parts that other threads have let grow. */
  refreshViews(): void {
    for (let part = 0; part < partitionCount; part++) {
      const words = this.lines[part] * wordsPerLine;
      if (this.slots[part].length < words) this.mapPartition(part, words);
    }
  }

  /** Adds a fingerprint, which is not 0 0; false when it was there. */
  add(high: number, low: number): boolean {
    const part = partitionOf(low);
    if (!insert(this.slots[part], this.lines[part], high, low)) return false;
    this.countOneMore(part);
    return true;
  }

  /** Adds fingerprints of one part, and says of each whether it was not there; how many were not. */
  addAll(part: number, high: Int32Array, low: Int32Array, first: number, end: number, isNew: Uint8Array): number {
    let slots = this.slots[part];
    let lines = this.lines[part];
    let found = 0;
    for (let n = first; n < end; n++) {
      const added = insert(slots, lines, high[n], low[n]);
      isNew[n] = added ? 1 : 0;
      if (!added) continue;
      found++;
      if (!this.countOneMore(part)) continue;
      slots = this.slots[part];
      lines = this.lines[part];
    }
    return found;
  }

  /** Reads the places where fingerprints of one part will be looked for, so that they are in the cache when they are. */
  prefetch(part: number, high: Int32Array, first: number, end: number): number {
    const slots = this.slots[part];
    const lines = this.lines[part];
    let touched = 0;
    for (let n = first; n < end; n++) touched ^= slots[lineOf(lines, high[n]) * wordsPerLine];
    return touched;
  }

  get size(): number {
    return this.used.reduce((sum, used) => sum + used, 0);
  }

  get bytes(): number {
    return this.lines.reduce((sum, lines) => sum + lines, 0) * 4 * wordsPerLine;
  }

  /** Visits all of its memory that is in use, in an order that a visit to an equal table follows as it is being filled. */
  each(visit: ArrayVisitor): void {
    visit(this.sizes);
    this.refreshViews();
    this.slots.forEach((slots, part) => {
      visit(slots.subarray(0, this.lines[part] * wordsPerLine));
    });
  }

  /** Whether the part has grown, as it was full. */
  private countOneMore(part: number): boolean {
    const used = this.used[part] + 1;
    this.used[part] = used;
    const isFull = used > this.lines[part] * fingerprintsPerLine * maxLoad;
    if (isFull) this.grow(part);
    return isFull;
  }

  private mapPartition(part: number, words: number): Int32Array {
    const buffer = this.memory.slots[part];
    growTo(buffer, 4 * words);
    const slots = new Int32Array(buffer, 0, words);
    this.slots[part] = slots;
    return slots;
  }

  private grow(part: number): void {
    const lines = Math.ceil(this.lines[part] * growthOf(this.lines[part]));
    const old = this.lines[part] * wordsPerLine;
    const slots = this.mapPartition(part, lines * wordsPerLine);
    if (this.scratch.length < old) {
      this.scratch = new Int32Array(2 * old);
      this.filled = new Uint8Array(2 * lines);
    }
    const entries = this.scratch;
    entries.set(slots.subarray(0, old));
    slots.fill(0, 0, old);
    this.lines[part] = lines;
    rehash(entries, old, slots, lines, this.filled);
  }
}

/** Which part a fingerprint belongs to. */
export const partitionOf = (low: number): number => low & (partitionCount - 1);

/** Inserts a fingerprint unless it is there; whether it was not. */
function insert(slots: Int32Array, lines: number, high: number, low: number): boolean {
  const at = lineOf(lines, high) * wordsPerLine;
  return !isInLine(slots, at, high, low) && insertFrom(slots, lines, at, high, low);
}

/** The same for one that is not in a line where it would be first. */
function insertFrom(slots: Int32Array, lines: number, bucket: number, high: number, low: number): boolean {
  let at = bucket;
  while (slots[at + 14] !== 0 || slots[at + 15] !== 0) {
    at += wordsPerLine;
    if (at === lines * wordsPerLine) at = 0;
    if (isInLine(slots, at, high, low)) return false;
  }
  while (slots[at] !== 0 || slots[at + 1] !== 0) at += 2;
  slots[at] = high;
  slots[at + 1] = low;
  return true;
}

/**
 * Whether a fingerprint is in a line. A line is filled from its first place on, and most are full or nearly so: all of it is compared,
 * whatever is in it, and without a branch, as no processor can tell at which place it will be found.
 */
function isInLine(slots: Int32Array, at: number, high: number, low: number): boolean {
  const a = differs(slots, at, high, low) & differs(slots, at + 2, high, low);
  const b = differs(slots, at + 4, high, low) & differs(slots, at + 6, high, low);
  const c = differs(slots, at + 8, high, low) & differs(slots, at + 10, high, low);
  const d = differs(slots, at + 12, high, low) & differs(slots, at + 14, high, low);
  return (a & b & c & d) >= 0;
}

/** A number below 0 unless it is the fingerprint that is there. */
function differs(slots: Int32Array, at: number, high: number, low: number): number {
  const bits = (slots[at] ^ high) | (slots[at + 1] ^ low);
  return bits | -bits;
}

/** Inserts the first words of `entries` into empty lines: each in the first free place from its line on, which is known by how many are in a line. */
function rehash(entries: Int32Array, words: number, slots: Int32Array, lines: number, filled: Uint8Array): void {
  filled.fill(0, 0, lines);
  for (let from = 0; from < words; from += 2) {
    const high = entries[from];
    const low = entries[from + 1];
    if (high === 0 && low === 0) continue;
    let bucket = lineOf(lines, high);
    while (filled[bucket] === fingerprintsPerLine) bucket = bucket + 1 === lines ? 0 : bucket + 1;
    const place = filled[bucket];
    filled[bucket] = place + 1;
    const at = bucket * wordsPerLine + 2 * place;
    slots[at] = high;
    slots[at + 1] = low;
  }
}

/** The line where a fingerprint is looked for first, in the order of the fingerprints, so that growing goes through memory in order. */
const lineOf = (lines: number, high: number): number => (((high >>> 0) * lines) / 4294967296) | 0;
