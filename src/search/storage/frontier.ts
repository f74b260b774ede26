import { PrecopyError } from '../../model/errors.ts';
import { assertInvariant } from '../assert-invariant.ts';
import { type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';
import { allocateShared } from './shared-buffer.ts';

/** Most states of a chunk. */
const maxStatesPerChunk = 1 << 13;
/** Largest chunk of several states, in bytes. */
const maxChunkBytes = 1 << 20;
/** Most chunks at a time, a power of two. */
const maxChunks = 1 << 17;

/** The memory of a frontier, which workers share. */
export interface FrontierMemory {
  readonly segments: readonly GrowableSharedBuffer[];
  /** by chunk modulo `maxChunks`: the place of the chunk in the segments */
  readonly places: SharedArrayBuffer;
}

/**
 * The frontier of a breadth-first search: the words of the states that are discovered and not yet expanded, by state
 * id. It is a queue of chunks of 8192 states, or fewer if states are large. Between two blocks, the leader appends
 * chunks, releases expanded ones, and evicts some to storage (`FrontierSpill`). Within a block, workers read and write
 * states freely.
 */
export class Frontier {
  private readonly segments: Int32Array[];
  private readonly places: Int32Array;
  readonly statesPerChunk: number;
  private readonly chunksPerSegment: number;
  private readonly freePlaces: number[] = [];
  private placeCount = 0;
  /** the first chunk, and the one behind the last */
  first = 0;
  end = 0;

  /**
   * @param words words of a state
   * @param bytes largest size of the frontier
   */
  static reserve(words: number, bytes: number): FrontierMemory {
    const segmentBytes = bytesPerSegment(words);
    const count = Math.max(1, Math.ceil(bytes / segmentBytes));
    return {
      segments: Array.from({ length: count }, () => reserveBuffer(segmentBytes)),
      places: allocateShared(4 * maxChunks),
    };
  }

  constructor(
    private readonly memory: FrontierMemory,
    private readonly words: number,
  ) {
    this.segments = memory.segments.map(() => new Int32Array());
    this.places = new Int32Array(memory.places);
    this.statesPerChunk = statesPerChunkOf(words);
    this.chunksPerSegment = bytesPerSegment(words) / chunkBytes(words);
  }

  /**
   * Appends chunks for the states below id `end`.
   * @throws PrecopyError `TOO_LARGE` if the frontier would exceed its largest size
   */
  extend(end: number): void {
    for (; this.end * this.statesPerChunk < end; this.end++) {
      if (this.end - this.first >= maxChunks) throw tooLarge();
      this.reload(this.end);
    }
  }

  /** Releases the chunks of which all states are below id `first`. */
  release(first: number): void {
    for (; (this.first + 1) * this.statesPerChunk <= first; this.first++) this.evict(this.first);
  }

  /** Reads the first words of a state: as many as `state` has. */
  load(id: number, state: Int32Array): void {
    const { segment, at } = this.cursorAt(id);
    for (let n = 0; n < state.length; n++) state[n] = segment[at + n];
  }

  /** Writes the words of a state. */
  store(id: number, state: Int32Array): void {
    const { segment, at } = this.cursorAt(id);
    segment.set(state, at);
  }

  /** Returns a cursor over the states. Evicting the chunk that the cursor is in, and reloading one, invalidates it. */
  cursor(): FrontierCursor {
    return new FrontierCursor(this, this.words);
  }

  /** Makes an empty frontier begin with the chunk of a state. */
  startAt(first: number): void {
    this.first = Math.floor(first / this.statesPerChunk);
    this.end = this.first;
  }

  /** Returns the words of a chunk that is in memory. */
  chunk(chunk: number): Int32Array {
    const at = this.offsetOf(chunk);
    return this.segmentOf(chunk).subarray(at, at + this.statesPerChunk * this.words);
  }

  /** Frees the memory of a chunk. */
  evict(chunk: number): void {
    this.freePlaces.push(this.placeOf(chunk));
  }

  /** Allocates memory for a chunk. */
  reload(chunk: number): void {
    const place = this.freePlaces.pop() ?? this.placeCount++;
    if (place >= this.segments.length * this.chunksPerSegment) throw tooLarge();
    growTo(this.memory.segments[Math.floor(place / this.chunksPerSegment)], bytesPerSegment(this.words));
    this.places[chunk % maxChunks] = place;
  }

  /** number of chunks in memory */
  get residentChunks(): number {
    return this.placeCount - this.freePlaces.length;
  }

  get bytesPerChunk(): number {
    return chunkBytes(this.words);
  }

  /** memory of all chunks, free places included */
  get bytes(): number {
    return this.placeCount * this.bytesPerChunk;
  }

  /** Returns the segment that a chunk is in. */
  segmentOf(chunk: number): Int32Array {
    const n = Math.floor(this.placeOf(chunk) / this.chunksPerSegment);
    const segment = this.segments[n];
    if (segment.length > 0) return segment;
    const mapped = new Int32Array(this.memory.segments[n], 0, bytesPerSegment(this.words) / 4);
    this.segments[n] = mapped;
    return mapped;
  }

  /** Returns the offset of a chunk in its segment, in words. */
  offsetOf(chunk: number): number {
    return (this.placeOf(chunk) % this.chunksPerSegment) * this.statesPerChunk * this.words;
  }

  private placeOf(chunk: number): number {
    return this.places[chunk % maxChunks];
  }

  private cursorAt(id: number): FrontierCursor {
    const cursor = this.cursor();
    cursor.seek(id);
    return cursor;
  }
}

/** A position in a frontier: the words of the current state begin at offset `at` of `segment`. */
export class FrontierCursor {
  segment: Int32Array = new Int32Array();
  at = 0;
  /** ids of the states of the current chunk, and its offset */
  private first = 0;
  private end = 0;
  private start = 0;

  constructor(
    private readonly frontier: Frontier,
    private readonly words: number,
  ) {}

  /** Moves to a state. */
  seek(id: number): void {
    if (id < this.first || id >= this.end) {
      const { statesPerChunk } = this.frontier;
      const chunk = Math.floor(id / statesPerChunk);
      this.first = chunk * statesPerChunk;
      this.end = this.first + statesPerChunk;
      this.segment = this.frontier.segmentOf(chunk);
      this.start = this.frontier.offsetOf(chunk);
      assertInvariant(
        this.start + statesPerChunk * this.words <= this.segment.length,
        'a chunk of the frontier lies within its segment',
      );
    }
    // State ids exceed 32 bits and are doubles to V8. `| 0` keeps the offset an integer.
    this.at = (this.start + (id - this.first) * this.words) | 0;
  }
}

const tooLarge = (): PrecopyError =>
  new PrecopyError(
    'TOO_LARGE',
    'the frontier exceeds the memory that is reserved for it',
    'give more --max-memory, or free space on the disk',
  );

/** Returns the number of states of a chunk, a power of two. */
const statesPerChunkOf = (words: number): number =>
  Math.min(maxStatesPerChunk, Math.max(1, 2 ** Math.floor(Math.log2(maxChunkBytes / (4 * Math.max(1, words))))));

/** Returns the size of a chunk. The state of a design without any cell has no words, and takes one here. */
const chunkBytes = (words: number): number => 4 * Math.max(1, words) * statesPerChunkOf(words);

/** Returns the size of a segment: about 64 MiB, in whole chunks. */
const bytesPerSegment = (words: number): number =>
  Math.max(1, Math.floor((64 << 20) / chunkBytes(words))) * chunkBytes(words);
