import { assertInvariant, assertionsEnabled } from '../assert-invariant.ts';
import { type ArrayVisitor, type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';
import { allocateShared } from './shared-buffer.ts';

/** Number of partitions of a set. The lowest bits of a fingerprint select its partition. */
export const partitionCount = 64;
/** A bucket is a cache line of 8 fingerprints. */
const wordsPerBucket = 16;
const fingerprintsPerBucket = wordsPerBucket / 2;
const initialBuckets = 64;
const maxLoad = 0.9;
const growth = 1.2;
/** Partitions below this size double. Larger ones grow by a fifth, as doubling would leave too many slots empty. */
const bucketsOfLargePartition = 1 << 10;

/** The memory of a set, which workers share. */
export interface FingerprintSetMemory {
  /** by partition: its buckets */
  readonly slots: readonly GrowableSharedBuffer[];
  /** by partition: its number of buckets, then by partition: its number of fingerprints */
  readonly sizes: SharedArrayBuffer;
  /** by partition: the id of each slot, for a set that assigns ids */
  readonly ids?: readonly GrowableSharedBuffer[];
}

/**
 * The visited set: 64-bit fingerprints of states in a hash table (hash compaction; U. Stern, D. Dill, 1995). Open
 * addressing with buckets of one cache line and linear probing, at a load of at most 0.9. It is divided into
 * partitions: a worker that is the only one to write a partition needs no atomic operation. Each partition grows in
 * place, and they grow in turn rather than all at once, so a large set takes about 9.8 bytes a fingerprint at any time.
 *
 * A set with ids, for one thread, maps each fingerprint to its rank in the order of insertion (`idOf`). Ids take 4
 * bytes a slot.
 */
export class FingerprintSet {
  private readonly slots: Int32Array[];
  private readonly ids: Uint32Array[] | undefined;
  private readonly sizes: Int32Array;
  private readonly buckets: Int32Array;
  private readonly used: Int32Array;
  private nextId = 0;
  /** while a partition grows: its old contents, and by bucket the number of fingerprints that are in it again */
  private oldSlots = new Int32Array();
  private fill = new Uint8Array();

  /** @param bytes largest size of the set without ids */
  static reserve(bytes: number, { withIds = false } = {}): FingerprintSetMemory {
    const partitionBytes = Math.max(1 << 16, Math.ceil((bytes * growth) / partitionCount / 64) * 64);
    const reserveEach = (size: number) => Array.from({ length: partitionCount }, () => reserveBuffer(size));
    return {
      slots: reserveEach(partitionBytes),
      sizes: allocateShared(8 * partitionCount),
      ...(withIds && { ids: reserveEach(partitionBytes / 2) }),
    };
  }

  constructor(private readonly memory: FingerprintSetMemory) {
    this.slots = memory.slots.map(() => new Int32Array());
    this.ids = memory.ids?.map(() => new Uint32Array());
    this.sizes = new Int32Array(memory.sizes);
    this.buckets = this.sizes.subarray(0, partitionCount);
    this.used = this.sizes.subarray(partitionCount);
    if (this.buckets[0] === 0) {
      for (let partition = 0; partition < partitionCount; partition++)
        this.buckets[partition] = Math.round(initialBuckets * 2 ** (partition / partitionCount));
    }
    this.refreshViews();
  }

  /** Maps the partitions that other workers have grown. */
  refreshViews(): void {
    for (let partition = 0; partition < partitionCount; partition++) {
      const words = this.buckets[partition] * wordsPerBucket;
      if (this.slots[partition].length < words) this.mapPartition(partition, words);
    }
  }

  /** Adds a fingerprint other than 0 0. Returns false if it is present. */
  add(high: number, low: number): boolean {
    const partition = partitionOf(low);
    if (!insert(this.slots[partition], this.buckets[partition], high, low)) return false;
    this.countInsertion(partition);
    return true;
  }

  /**
   * Adds the fingerprints from index `first` to `end`, which belong to one partition, and records of each in `isNew`
   * whether it was absent. Returns the number of new ones.
   */
  addAll(partition: number, high: Int32Array, low: Int32Array, first: number, end: number, isNew: Uint8Array): number {
    let slots = this.slots[partition];
    let buckets = this.buckets[partition];
    if (assertionsEnabled) assertInPartition(partition, high, low, first, end);
    let found = 0;
    for (let n = first; n < end; n++) {
      const added = insert(slots, buckets, high[n], low[n]);
      isNew[n] = added ? 1 : 0;
      if (!added) continue;
      found++;
      if (!this.countInsertion(partition)) continue;
      slots = this.slots[partition];
      buckets = this.buckets[partition];
    }
    return found;
  }

  /** Reads the buckets in which fingerprints of one partition will be looked up, to load them into the CPU cache. */
  prefetch(partition: number, high: Int32Array, first: number, end: number): number {
    const slots = this.slots[partition];
    const buckets = this.buckets[partition];
    let sink = 0;
    for (let n = first; n < end; n++) sink ^= slots[bucketOf(buckets, high[n]) * wordsPerBucket];
    return sink;
  }

  /**
   * Returns the id of a fingerprint other than 0 0. An absent fingerprint is added, and gets the next id, counted from
   * 0. Only for a set that was reserved with ids, and to which `add` and `addAll` are not applied.
   */
  idOf(high: number, low: number): number {
    const partition = partitionOf(low);
    const slots = this.slots[partition];
    const at = slotOf(slots, this.buckets[partition], high, low);
    const ids = (this.ids as Uint32Array[])[partition];
    if (slots[at] !== 0 || slots[at + 1] !== 0) return ids[at >> 1];
    slots[at] = high;
    slots[at + 1] = low;
    ids[at >> 1] = this.nextId;
    this.countInsertion(partition);
    return this.nextId++;
  }

  get size(): number {
    return this.used.reduce((sum, used) => sum + used, 0);
  }

  get bytes(): number {
    const bytesPerBucket = 4 * wordsPerBucket + (this.ids ? 4 * fingerprintsPerBucket : 0);
    return this.buckets.reduce((sum, buckets) => sum + buckets, 0) * bytesPerBucket;
  }

  /** memory that is not shared, in bytes: the old contents of the last partition that grew */
  get scratchBytes(): number {
    return this.oldSlots.byteLength + this.fill.byteLength;
  }

  /**
   * Visits the memory in use for a checkpoint. While it is restored, the sizes are visited first, and then define the
   * rest.
   */
  visitMemory(visit: ArrayVisitor): void {
    visit(this.sizes);
    this.refreshViews();
    this.slots.forEach((slots, partition) => {
      visit(slots.subarray(0, this.buckets[partition] * wordsPerBucket));
    });
  }

  /** Counts an insertion. Returns true if the partition has grown, which replaces its view. */
  private countInsertion(partition: number): boolean {
    const used = this.used[partition] + 1;
    this.used[partition] = used;
    const isFull = used > this.buckets[partition] * fingerprintsPerBucket * maxLoad;
    if (isFull) this.grow(partition);
    return isFull;
  }

  private mapPartition(partition: number, words: number): Int32Array {
    const { slots, ids } = this.memory;
    growTo(slots[partition], 4 * words);
    const view = new Int32Array(slots[partition], 0, words);
    this.slots[partition] = view;
    if (ids && this.ids) {
      growTo(ids[partition], 2 * words);
      this.ids[partition] = new Uint32Array(ids[partition], 0, words / 2);
    }
    return view;
  }

  private grow(partition: number): void {
    const oldBuckets = this.buckets[partition];
    const buckets = Math.ceil(oldBuckets * (oldBuckets < bucketsOfLargePartition ? 2 : growth));
    const oldWords = oldBuckets * wordsPerBucket;
    const oldIds = this.ids?.[partition].slice();
    const slots = this.mapPartition(partition, buckets * wordsPerBucket);
    if (this.oldSlots.length < oldWords) {
      // Room for this partition until it grows again; the others are about as large.
      this.oldSlots = new Int32Array(Math.ceil(growth * oldWords));
      this.fill = new Uint8Array(Math.ceil(2 * growth * buckets));
    }
    const { oldSlots } = this;
    oldSlots.set(slots.subarray(0, oldWords));
    slots.fill(0, 0, oldWords);
    this.buckets[partition] = buckets;
    rehash(oldSlots, oldWords, slots, buckets, this.fill);
    if (this.ids && oldIds) moveIds(oldSlots, oldIds, slots, buckets, this.ids[partition]);
    if (assertionsEnabled) this.assertContents(partition);
  }

  private assertContents(partition: number): void {
    const slots = this.slots[partition];
    let count = 0;
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at] === 0 && slots[at + 1] === 0) continue;
      count++;
      const found = slotOf(slots, this.buckets[partition], slots[at], slots[at + 1]);
      assertInvariant(found === at, 'probing for a fingerprint ends at its slot');
      assertInvariant(partitionOf(slots[at + 1]) === partition, 'a partition holds its own fingerprints only');
    }
    assertInvariant(count === this.used[partition], 'the size of a partition is its number of fingerprints');
    assertInvariant(count <= (slots.length / 2) * maxLoad, 'the load of a partition is at most 0.9');
  }
}

/** Returns the partition of a fingerprint. */
export const partitionOf = (low: number): number => low & (partitionCount - 1);

function assertInPartition(partition: number, high: Int32Array, low: Int32Array, first: number, end: number): void {
  for (let n = first; n < end; n++) {
    assertInvariant(partitionOf(low[n]) === partition, 'fingerprints are sorted by partition');
    assertInvariant(high[n] !== 0 || low[n] !== 0, 'no fingerprint is 0 0, which marks an empty slot');
  }
}

/** Inserts a fingerprint. Returns false if it is present. */
function insert(slots: Int32Array, buckets: number, high: number, low: number): boolean {
  const at = bucketOf(buckets, high) * wordsPerBucket;
  return !isInBucket(slots, at, high, low) && probeAndInsert(slots, buckets, at, high, low);
}

/**
 * Inserts a fingerprint that is absent from its home bucket, which begins at `home`. Returns false if it is present.
 */
function probeAndInsert(slots: Int32Array, buckets: number, home: number, high: number, low: number): boolean {
  let at = home;
  while (slots[at + 14] !== 0 || slots[at + 15] !== 0) {
    at += wordsPerBucket;
    if (at === buckets * wordsPerBucket) at = 0;
    if (isInBucket(slots, at, high, low)) return false;
  }
  while (slots[at] !== 0 || slots[at + 1] !== 0) at += 2;
  slots[at] = high;
  slots[at + 1] = low;
  return true;
}

/**
 * Returns whether a fingerprint is in a bucket. Compares all 8 slots without a branch, empty ones included: most
 * buckets are nearly full, and the CPU cannot predict which slot will match.
 */
function isInBucket(slots: Int32Array, at: number, high: number, low: number): boolean {
  const a = differs(slots, at, high, low) & differs(slots, at + 2, high, low);
  const b = differs(slots, at + 4, high, low) & differs(slots, at + 6, high, low);
  const c = differs(slots, at + 8, high, low) & differs(slots, at + 10, high, low);
  const d = differs(slots, at + 12, high, low) & differs(slots, at + 14, high, low);
  return (a & b & c & d) >= 0;
}

/** Returns a negative number unless the slot holds the fingerprint. */
function differs(slots: Int32Array, at: number, high: number, low: number): number {
  const bits = (slots[at] ^ high) | (slots[at + 1] ^ low);
  return bits | -bits;
}

/** Returns the offset of the slot that holds a fingerprint, or of the empty slot where an insertion would put it. */
function slotOf(slots: Int32Array, buckets: number, high: number, low: number): number {
  const end = buckets * wordsPerBucket;
  let at = bucketOf(buckets, high) * wordsPerBucket;
  while ((slots[at] !== high || slots[at + 1] !== low) && (slots[at] !== 0 || slots[at + 1] !== 0)) {
    at = at + 2 === end ? 0 : at + 2;
  }
  return at;
}

/** Inserts the first `words` words of `oldSlots` into empty buckets. `fill` counts the fingerprints of each bucket. */
function rehash(oldSlots: Int32Array, words: number, slots: Int32Array, buckets: number, fill: Uint8Array): void {
  fill.fill(0, 0, buckets);
  for (let from = 0; from < words; from += 2) {
    const high = oldSlots[from];
    const low = oldSlots[from + 1];
    if (high === 0 && low === 0) continue;
    let bucket = bucketOf(buckets, high);
    while (fill[bucket] === fingerprintsPerBucket) bucket = bucket + 1 === buckets ? 0 : bucket + 1;
    const rank = fill[bucket];
    fill[bucket] = rank + 1;
    const at = bucket * wordsPerBucket + 2 * rank;
    slots[at] = high;
    slots[at + 1] = low;
  }
}

/** Moves ids to the slots that their fingerprints have after `rehash`. */
function moveIds(
  oldSlots: Int32Array,
  oldIds: Uint32Array,
  slots: Int32Array,
  buckets: number,
  ids: Uint32Array,
): void {
  for (let n = 0; n < oldIds.length; n++) {
    const high = oldSlots[2 * n];
    const low = oldSlots[2 * n + 1];
    if (high !== 0 || low !== 0) ids[slotOf(slots, buckets, high, low) >> 1] = oldIds[n];
  }
}

/**
 * Returns the home bucket of a fingerprint. Buckets are in the order of `high`, so that `rehash` runs through memory in
 * order.
 */
const bucketOf = (buckets: number, high: number): number => (((high >>> 0) * buckets) / 4294967296) | 0;
