import { readsLength } from '../../cache/property-cache.ts';
import { maxThreads } from '../parallel/max-workers.ts';
import { FingerprintSet, partitionCount, type SeenMemory } from '../storage/fingerprint-set.ts';
import { Frontier, type FrontierMemory } from '../storage/frontier.ts';
import { type OriginsMemory, PredecessorLog } from '../storage/predecessor-log.ts';
import { type CoverageMemory, reserveCoverage } from './coverage.ts';

/** Units that are expanded before their successors are looked up. */
export const unitsPerBlock = 512;
const maxParentsPerUnit = 512;

/** A cache line for all threads, and one for each. */
const controlBytes = 64 * (maxThreads + 2);

/** The frontier gets no more than this share of the memory that a search may take. */
export const shareOfFrontier = 0.5;
/** What a state takes at least: 8 bytes of fingerprint in a table that is 9/10 full, and 2 of origin. */
const bytesPerState = 10.9;

/** All that the threads of one search share. It can be sent to another thread. */
export interface SearchBuffers {
  readonly words: number;
  /** words behind those of a state that are kept with it, so that its fingerprint need not be computed anew */
  readonly sums: number;
  /** words behind those that say which choices need not be taken there; 0 where all are */
  readonly sleepWords: number;
  readonly choices: number;
  readonly seen: SeenMemory;
  readonly frontier: FrontierMemory;
  readonly origins: OriginsMemory;
  readonly units: SharedArrayBuffer;
  readonly numbers: SharedArrayBuffer;
  readonly ends: SharedArrayBuffer;
  readonly records: {
    readonly high: SharedArrayBuffer;
    readonly low: SharedArrayBuffer;
    readonly isNew: SharedArrayBuffer;
    readonly place: SharedArrayBuffer;
    readonly code: SharedArrayBuffer;
    readonly keys: SharedArrayBuffer;
    readonly sleeping: SharedArrayBuffer;
  };
  /** by property: 1 for a cover that was hit */
  readonly hits: SharedArrayBuffer;
  /** by property: the bits that it was seen to read */
  readonly reads: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  /** there if it is asked for */
  readonly coverage?: CoverageMemory;
}

/** What is known of a unit of a block, in 32-bit words: the field at `unit * wordsPerUnit`. */
export const UnitField = {
  /** how many parents it has */
  parents: 0,
  /** how many records of successors there are */
  records: 1,
  /** how many successors were generated, with those that were seen in this thread shortly before */
  generated: 2,
  /** how many of the records are new states */
  found: 3,
  /** which parent is the first that is stuck, or -1 */
  deadlock: 4,
  /** the code of the first step that is a fault, or -1 */
  fault: 5,
  /** the code of the first step that breaks an invariant, or -1, and the index of that invariant */
  broken: 6,
  invariant: 7,
  /** how many choices were not taken as they commute with others */
  slept: 8,
  /** which thread expanded it, and so makes its new states */
  owner: 9,
} as const;
const wordsPerUnit = 10;

/** Upper bounds of what is reserved. */
export interface SearchCapacity {
  readonly words: number;
  readonly sums: number;
  readonly sleepWords: number;
  readonly choices: number;
  readonly properties: number;
  /** what tables and frontier may take when a block begins */
  readonly bytes: number;
  /** how many transitions are counted; none are unless told */
  readonly transitions?: number;
}

/** Reserves the memory of a search by one thread. */
export function allocate({
  words,
  sums,
  sleepWords,
  choices,
  properties,
  bytes,
  transitions,
}: SearchCapacity): SearchBuffers {
  const atOnce = unitsPerBlock * parentsPerUnit(choices) * choices;
  const states = bytes / bytesPerState + atOnce;
  const all = words + sums + sleepWords;
  return {
    words,
    sums,
    sleepWords,
    choices,
    seen: FingerprintSet.reserve(8.9 * states),
    frontier: Frontier.reserve(all, bytes * shareOfFrontier + 4 * all * atOnce),
    origins: PredecessorLog.reserve(states),
    units: new SharedArrayBuffer(4 * wordsPerUnit * unitsPerBlock),
    numbers: new SharedArrayBuffer(8 * 2 * unitsPerBlock),
    ends: new SharedArrayBuffer(4 * partitionCount * unitsPerBlock),
    records: reserveRecords(sleepWords, choices, 1),
    hits: new SharedArrayBuffer(Math.max(1, properties)),
    reads: new SharedArrayBuffer(4 * readsLength(properties, words)),
    control: new SharedArrayBuffer(controlBytes),
    ...(transitions !== undefined && {
      coverage: reserveCoverage(transitions, words, unitsPerBlock, parentsPerUnit(choices) * choices),
    }),
  };
}

/** The same memory, with room for the records of a whole block: small searches have no more than one unit at a time. */
function withRoomForBlocks(memory: SearchBuffers): SearchBuffers {
  return { ...memory, records: reserveRecords(memory.sleepWords, memory.choices, unitsPerBlock) };
}

function reserveRecords(sleepWords: number, choices: number, units: number): SearchBuffers['records'] {
  const records = units * parentsPerUnit(choices) * choices;
  return {
    high: new SharedArrayBuffer(4 * records),
    low: new SharedArrayBuffer(4 * records),
    isNew: new SharedArrayBuffer(records),
    place: new SharedArrayBuffer(2 * records),
    code: new SharedArrayBuffer(2 * records),
    keys: new SharedArrayBuffer(4 * records),
    sleeping: new SharedArrayBuffer(4 * sleepWords * records),
  };
}

/** As many as 16 bits have room for, beside a choice. */
function parentsPerUnit(choices: number): number {
  return Math.min(maxParentsPerUnit, 2 ** (16 - (32 - Math.clz32(choices - 1))));
}

/** Shared memory, as one thread looks at it. */
export class SearchMemory {
  readonly seen: FingerprintSet;
  readonly frontier: Frontier;
  readonly origins: PredecessorLog;
  readonly units: Int32Array;
  /** by unit: the number of its first parent, and of the first state that is found from it */
  readonly firstParent: Float64Array;
  readonly firstState: Float64Array;
  readonly parentsPerUnit: number;
  readonly recordsPerUnit: number;
  readonly sleepWords: number;
  /** by unit, then by part of the table: where those of its records end that fall into it, counted from its first */
  readonly ends: Int32Array;
  /** of records, those of a unit together, and of these those of a part of the table: the fingerprint, and whether it is new */
  high: Int32Array = new Int32Array();
  low: Int32Array = new Int32Array();
  isNew: Uint8Array = new Uint8Array();
  /** by record, in the order in which they were made: its place among those, how it was found, what makes it, and the words of what sleeps there */
  place: Uint16Array = new Uint16Array();
  code: Uint16Array = new Uint16Array();
  keys: Int32Array = new Int32Array();
  sleeping: Int32Array = new Int32Array();
  readonly reads: Int32Array;
  readonly hits: Uint8Array;

  constructor(public memory: SearchBuffers) {
    const { words, sums, sleepWords, choices } = memory;
    this.sleepWords = sleepWords;
    this.seen = new FingerprintSet(memory.seen);
    this.frontier = new Frontier(memory.frontier, words + sums + sleepWords);
    this.origins = new PredecessorLog(memory.origins, choices);
    this.units = new Int32Array(memory.units);
    const numbers = new Float64Array(memory.numbers);
    this.firstParent = numbers.subarray(0, unitsPerBlock);
    this.firstState = numbers.subarray(unitsPerBlock);
    this.parentsPerUnit = parentsPerUnit(choices);
    this.recordsPerUnit = this.parentsPerUnit * choices;
    this.ends = new Int32Array(memory.ends);
    this.hits = new Uint8Array(memory.hits);
    this.reads = new Int32Array(memory.reads);
    this.bindRecordViews();
  }

  /** Makes room for the records of more than one unit, if there is none. */
  growRecords(): void {
    if (this.high.length > this.recordsPerUnit) return;
    this.memory = withRoomForBlocks(this.memory);
    this.bindRecordViews();
  }

  private bindRecordViews(): void {
    const { records } = this.memory;
    this.high = new Int32Array(records.high);
    this.low = new Int32Array(records.low);
    this.isNew = new Uint8Array(records.isNew);
    this.place = new Uint16Array(records.place);
    this.code = new Uint16Array(records.code);
    this.keys = new Int32Array(records.keys);
    this.sleeping = new Int32Array(records.sleeping);
  }

  /** Where the records of a unit begin that fall into a part of the table. */
  firstOf(unit: number, part: number): number {
    const start = unit * this.recordsPerUnit;
    return part === 0 ? start : start + this.ends[unit * partitionCount + part - 1];
  }

  unit(unit: number, field: number): number {
    return this.units[unit * wordsPerUnit + field];
  }

  setUnit(unit: number, field: number, value: number): void {
    this.units[unit * wordsPerUnit + field] = value;
  }

  /** Adds to a field that several threads add to. */
  addToUnit(unit: number, field: number, value: number): void {
    Atomics.add(this.units, unit * wordsPerUnit + field, value);
  }
}
