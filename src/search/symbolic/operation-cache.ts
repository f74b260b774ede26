import { hashTriple } from './hash-triple.ts';

const maxEntries = 1 << 24;
/** Words of an entry: two operands, the operation, and the result. */
const entryWords = 4;
const noOperation = 0;

/** Returns the memory of a cache beside so many buckets of nodes, in bytes. */
export const cacheBytes = (buckets: number): number => 4 * entryWords * Math.min(buckets, maxEntries);

/**
 * Results of operations on diagrams. It forgets: an entry is replaced by any other one with its hash, so memory is
 * bounded, and a result that is missing is computed again.
 */
export class OperationCache {
  private words: Int32Array;

  /** @param entries number of entries, a power of two */
  constructor(entries: number) {
    this.words = new Int32Array(entryWords * entries);
  }

  /** Returns the memory, in bytes. */
  get bytes(): number {
    return 4 * this.words.length;
  }

  /** Returns the result of an operation, or -1 if it is not known. */
  recall(operation: number, one: number, other: number): number {
    const { words } = this;
    const at = entryWords * (hashTriple(operation, one, other) & (words.length / entryWords - 1));
    return words[at] === one && words[at + 1] === other && words[at + 2] === operation ? words[at + 3] : -1;
  }

  /** Keeps the result of an operation. */
  store(operation: number, one: number, other: number, result: number): void {
    const { words } = this;
    const at = entryWords * (hashTriple(operation, one, other) & (words.length / entryWords - 1));
    words[at] = one;
    words[at + 1] = other;
    words[at + 2] = operation;
    words[at + 3] = result;
  }

  /** Doubles the number of entries, up to a limit. */
  grow(): void {
    const { words } = this;
    if (words.length >= entryWords * maxEntries) return;
    this.words = new Int32Array(2 * words.length);
    for (let at = 0; at < words.length; at += entryWords) {
      if (words[at + 2] !== noOperation) this.store(words[at + 2], words[at], words[at + 1], words[at + 3]);
    }
  }

  /**
   * Forgets the results that have to do with a node that is freed.
   * @param stays by node: 1 if it is not
   */
  keep(stays: Uint8Array): void {
    const { words } = this;
    for (let at = 0; at < words.length; at += entryWords) {
      if (stays[words[at]] + stays[words[at + 1]] + stays[words[at + 3]] < 3) words[at + 2] = noOperation;
    }
  }
}
