import { assertInvariant, assertionsEnabled } from '../assert-invariant.ts';
import { partitionCount, partitionOf } from '../storage/fingerprint-set.ts';
import { allocateShared } from '../storage/shared-buffer.ts';

/** The size of the records of a block. */
export interface RecordCapacity {
  readonly units: number;
  /** most records of a unit */
  readonly recordsPerUnit: number;
  /** words of a sleep set, 0 without partial-order reduction */
  readonly sleepWords: number;
}

/** Returns the memory of a successor record, in bytes. */
export const bytesPerRecord = (sleepWords: number): number => 17 + 4 * sleepWords;

/** The memory of successor records, which workers share. */
export interface SuccessorRecordsMemory extends RecordCapacity {
  readonly high: SharedArrayBuffer;
  readonly low: SharedArrayBuffer;
  readonly isNew: SharedArrayBuffer;
  readonly rank: SharedArrayBuffer;
  readonly predecessorCode: SharedArrayBuffer;
  readonly transitionId: SharedArrayBuffer;
  readonly sleepSets: SharedArrayBuffer;
  readonly partitionEnds: SharedArrayBuffer;
}

/**
 * The successors that the units of a block have generated. A unit's records are in two orders: in generation order they
 * tell how to make the successor; sorted by partition of the visited set they hold its fingerprint. `rank` maps the
 * first order to the second. So the deduplication reads consecutive fingerprints, and the commit goes through the
 * successors in the order of the search.
 */
export class SuccessorRecords {
  readonly recordsPerUnit: number;
  readonly sleepWords: number;
  /** sorted by partition: the fingerprint, and 1 if the visited set did not have it */
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly isNew: Uint8Array;
  /** in generation order: the predecessor code, and the transition id for `SuccessorGenerator.materialize` */
  readonly predecessorCode: Uint16Array;
  readonly transitionId: Int32Array;
  /** in generation order: the words of the sleep set of the successor */
  readonly sleepSets: Int32Array;
  /** in generation order: index of the record in the order by partition, from the first record of the unit */
  private readonly rank: Uint16Array;
  /** by unit, then by partition: end of the partition's records, from the first record of the unit */
  private readonly partitionEnds: Int32Array;
  /** fingerprints of the current unit, in generation order */
  private readonly unsortedHigh: Int32Array;
  private readonly unsortedLow: Int32Array;
  /** while a unit is sorted, by partition: index of its next record */
  private readonly nextOf = new Int32Array(partitionCount + 1);
  private first = 0;
  /** index of the next record of the current unit */
  end = 0;

  static reserve(capacity: RecordCapacity): SuccessorRecordsMemory {
    const records = capacity.units * capacity.recordsPerUnit;
    return {
      ...capacity,
      high: allocateShared(4 * records),
      low: allocateShared(4 * records),
      isNew: allocateShared(records),
      rank: allocateShared(2 * records),
      predecessorCode: allocateShared(2 * records),
      transitionId: allocateShared(4 * records),
      sleepSets: allocateShared(4 * capacity.sleepWords * records),
      partitionEnds: allocateShared(4 * partitionCount * capacity.units),
    };
  }

  constructor(memory: SuccessorRecordsMemory) {
    this.recordsPerUnit = memory.recordsPerUnit;
    this.sleepWords = memory.sleepWords;
    this.high = new Int32Array(memory.high);
    this.low = new Int32Array(memory.low);
    this.isNew = new Uint8Array(memory.isNew);
    this.rank = new Uint16Array(memory.rank);
    this.predecessorCode = new Uint16Array(memory.predecessorCode);
    this.transitionId = new Int32Array(memory.transitionId);
    this.sleepSets = new Int32Array(memory.sleepSets);
    this.partitionEnds = new Int32Array(memory.partitionEnds);
    this.unsortedHigh = new Int32Array(memory.recordsPerUnit);
    this.unsortedLow = new Int32Array(memory.recordsPerUnit);
  }

  /** memory that is not shared, in bytes */
  get scratchBytes(): number {
    return 8 * this.recordsPerUnit;
  }

  /** Returns the index of the first record of a unit. */
  firstOf(unit: number): number {
    return unit * this.recordsPerUnit;
  }

  /** Begins the records of a unit. */
  beginUnit(unit: number): void {
    this.first = this.firstOf(unit);
    this.end = this.first;
  }

  /** Appends a record to the current unit. */
  append(high: number, low: number, predecessorCode: number, transitionId: number): void {
    const record = this.end++;
    this.unsortedHigh[record - this.first] = high;
    this.unsortedLow[record - this.first] = low;
    this.predecessorCode[record] = predecessorCode;
    this.transitionId[record] = transitionId;
  }

  /**
   * Ends the records of the current unit: sorts their fingerprints by partition with a counting sort. Returns their
   * number.
   */
  sortByPartition(unit: number): number {
    const { unsortedHigh, unsortedLow, nextOf, partitionEnds, rank, high, low, first } = this;
    const count = this.end - first;
    if (assertionsEnabled) assertInvariant(count <= this.recordsPerUnit, 'the records of a unit fit into its share');
    nextOf.fill(0);
    for (let n = 0; n < count; n++) nextOf[partitionOf(unsortedLow[n]) + 1]++;
    for (let partition = 0; partition < partitionCount; partition++) {
      nextOf[partition + 1] += nextOf[partition];
      partitionEnds[unit * partitionCount + partition] = nextOf[partition + 1];
    }
    for (let n = 0; n < count; n++) {
      const to = nextOf[partitionOf(unsortedLow[n])]++;
      high[first + to] = unsortedHigh[n];
      low[first + to] = unsortedLow[n];
      rank[first + n] = to;
    }
    if (assertionsEnabled) this.assertSorted(unit, count);
    return count;
  }

  /** Returns the index of the first record of a unit in a partition. It is the end of the partition before. */
  firstInPartition(unit: number, partition: number): number {
    const first = this.firstOf(unit);
    return partition === 0 ? first : first + this.partitionEnds[unit * partitionCount + partition - 1];
  }

  /** Returns whether the successor of a record, which is in a unit that begins at `first`, is a new state. */
  isNewState(first: number, record: number): boolean {
    return this.isNew[first + this.rank[record]] !== 0;
  }

  private assertSorted(unit: number, count: number): void {
    const first = this.firstOf(unit);
    for (let partition = 0; partition < partitionCount; partition++) {
      for (let n = this.firstInPartition(unit, partition); n < this.firstInPartition(unit, partition + 1); n++)
        assertInvariant(partitionOf(this.low[n]) === partition, 'the records of a unit are sorted by partition');
    }
    const last = this.firstInPartition(unit, partitionCount) - first;
    assertInvariant(last === count, 'the partitions of a unit hold all of its records');
    const ranks = new Set(this.rank.subarray(first, first + count));
    assertInvariant(ranks.size === count, 'the ranks of the records of a unit are a permutation');
  }
}
