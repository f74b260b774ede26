import { readSetsLength } from '../../cache/property-cache.ts';
import { type BarrierMemory, Control, maxWorkers, reserveBarrier } from '../parallel/worker-barrier.ts';
import { FingerprintSet, type FingerprintSetMemory } from '../storage/fingerprint-set.ts';
import { Frontier, type FrontierMemory } from '../storage/frontier.ts';
import { PredecessorLog, type PredecessorLogMemory } from '../storage/predecessor-log.ts';
import { allocateShared } from '../storage/shared-buffer.ts';
import { Block, type BlockMemory, unitsPerBlock } from './block.ts';
import { type CoverageMemory, reserveCoverage } from './coverage.ts';
import { bytesPerRecord, SuccessorRecords, type SuccessorRecordsMemory } from './successor-records.ts';
import { ViolationTally } from './violation-tally.ts';

/** The share of the memory limit that the frontier may take. */
export const frontierShare = 0.5;
/** The share of the memory limit that the successors of a block may take, and the new states if all of them are new. */
const blockShare = 0.25;
/** The share of the memory limit that the caches of all workers may take. */
const cacheShare = 0.25;
/** Units of a block for which a unit is made smaller: enough for several workers. */
const fewestUnits = 16;
/** Least memory of a state: a fingerprint of 8 bytes at a load of 0.9, and a predecessor code of 2 bytes. */
const bytesPerState = 10.9;
const bytesPerFingerprint = 8.9;

/** The status of a cover: not hit yet, hit, or not hit yet and seen to look at the step. */
export const CoverStatus = { open: 0, hit: 1, usesStep: 2 } as const;

/** The shared memory of a search. It can be sent to another thread. */
export interface SearchBuffers {
  /** words of a state in the frontier: of its state vector, its incremental hash, and its sleep set */
  readonly words: number;
  readonly hashWords: number;
  readonly sleepWords: number;
  readonly choices: number;
  readonly visited: FingerprintSetMemory;
  readonly frontier: FrontierMemory;
  readonly predecessors: PredecessorLogMemory;
  readonly block: BlockMemory;
  readonly records: SuccessorRecordsMemory;
  /** by property: the status of a cover */
  readonly hits: SharedArrayBuffer;
  /** by transition: 1 if some step has taken it, 32 bits each */
  readonly taken: SharedArrayBuffer;
  /** by property: the bits that it was observed to read */
  readonly readSets: SharedArrayBuffer;
  readonly barrier: BarrierMemory;
  /** bytes that the caches of all workers may take together */
  readonly cacheLimit: number;
  /** by worker: bytes of its caches and of other memory that it does not share */
  readonly workerBytes: SharedArrayBuffer;
  readonly coverage?: CoverageMemory;
  /** counts of violations, if the search goes on after the first one */
  readonly violations?: SharedArrayBuffer;
}

/** The dimensions of a search. */
export interface SearchCapacity {
  /** words of a state vector, of the incremental hash behind it, and of a sleep set */
  readonly words: number;
  readonly hashWords: number;
  readonly sleepWords: number;
  readonly choices: number;
  readonly properties: number;
  /** memory limit of visited set, predecessor log and frontier when a block begins */
  readonly bytes: number;
  /** number of transitions of all machines */
  readonly transitions: number;
  /** whether to count how often each is taken */
  readonly coverage?: boolean;
  /** whether to count all violations */
  readonly all?: boolean;
  /** states of a unit; as many as a predecessor code can tell apart by default */
  readonly parentsPerUnit?: number;
}

/** Allocates the memory of a search by one thread. Address space is reserved up to the memory limit. */
export function allocate({
  words,
  hashWords,
  sleepWords,
  choices,
  properties,
  bytes,
  transitions,
  coverage = false,
  all = false,
  parentsPerUnit = PredecessorLog.parentsPerUnit(choices),
}: SearchCapacity): SearchBuffers {
  const wordsOfState = words + hashWords + sleepWords;
  const bytesPerSuccessor = bytesPerRecord(sleepWords) + 4 * wordsOfState + bytesPerState;
  const maxParents = Math.floor((bytes * blockShare) / bytesPerSuccessor / choices);
  const parents = Math.max(1, Math.min(parentsPerUnit, Math.floor(maxParents / fewestUnits)));
  const maxUnits = Math.max(1, Math.min(unitsPerBlock, Math.floor(maxParents / parents)));
  const recordsPerUnit = parents * choices;
  // The limit is checked between blocks, and one block may exceed it.
  const statesOfBlock = maxUnits * recordsPerUnit;
  const states = bytes / bytesPerState + statesOfBlock;
  return {
    words,
    hashWords,
    sleepWords,
    choices,
    visited: FingerprintSet.reserve(bytesPerFingerprint * states),
    frontier: Frontier.reserve(wordsOfState, bytes * frontierShare + 4 * wordsOfState * statesOfBlock),
    predecessors: PredecessorLog.reserve(states),
    block: Block.reserve(parents, maxUnits),
    records: SuccessorRecords.reserve({ units: 1, recordsPerUnit, sleepWords }),
    hits: allocateShared(Math.max(1, properties)),
    taken: allocateShared(4 * transitions),
    readSets: allocateShared(4 * readSetsLength(properties, words)),
    barrier: reserveBarrier(),
    cacheLimit: bytes * cacheShare,
    workerBytes: allocateShared(8 * (maxWorkers + 1)),
    ...(coverage && {
      coverage: reserveCoverage(transitions, words, maxUnits, recordsPerUnit),
    }),
    ...(all && { violations: ViolationTally.reserve(properties, maxUnits) }),
  };
}

/** Returns the memory of successor records, coverage counts, and of what workers do not share, in bytes. */
export function bytesBesideTables({ records, coverage, workerBytes }: SearchBuffers): number {
  const ofRecords = records.units * records.recordsPerUnit * bytesPerRecord(records.sleepWords);
  const ofWorkers = new Float64Array(workerBytes).reduce((sum, one) => sum + one, 0);
  return ofRecords + (coverage ? coverage.counts.byteLength + coverage.firstTransition.byteLength : 0) + ofWorkers;
}

/** One worker's view of the memory of a search. */
export class SearchMemory {
  readonly visited: FingerprintSet;
  readonly frontier: Frontier;
  readonly predecessors: PredecessorLog;
  readonly block: Block;
  readonly hits: Uint8Array;
  readonly taken: Int32Array;
  /** by worker: bytes of its caches and of other memory that it does not share */
  readonly workerBytes: Float64Array;
  records: SuccessorRecords;
  private readonly control: Int32Array;

  constructor(public buffers: SearchBuffers) {
    const { words, hashWords, sleepWords, choices } = buffers;
    this.visited = new FingerprintSet(buffers.visited);
    this.frontier = new Frontier(buffers.frontier, words + hashWords + sleepWords);
    this.predecessors = new PredecessorLog(buffers.predecessors, choices);
    this.block = new Block(buffers.block);
    this.hits = new Uint8Array(buffers.hits);
    this.taken = new Int32Array(buffers.taken);
    this.workerBytes = new Float64Array(buffers.workerBytes);
    this.control = new Int32Array(buffers.barrier.control);
    this.records = new SuccessorRecords(buffers.records);
  }

  /** number of workers, the leader included */
  get workers(): number {
    return 1 + Atomics.load(this.control, Control.joined);
  }

  /**
   * Makes room for the records of a whole block. At first there is room for one unit, which is all that a small search
   * needs.
   */
  growRecords(): void {
    const { records } = this.buffers;
    const { maxUnits } = this.buffers.block;
    if (records.units === maxUnits) return;
    this.buffers = { ...this.buffers, records: SuccessorRecords.reserve({ ...records, units: maxUnits }) };
    this.records = new SuccessorRecords(this.buffers.records);
  }
}
