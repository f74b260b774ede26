import { PrecopyError } from '../../model/errors.ts';
import { type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';

export const statesPerChunk = 1 << 13;
/** Chunks that can be alive at a time, a power of two. */
const maxChunks = 1 << 17;

/** What threads share of a frontier. */
export interface FrontierMemory {
  readonly pieces: readonly GrowableSharedBuffer[];
  /** by number of a chunk, modulo `maxChunks`: its place */
  readonly places: SharedArrayBuffer;
}

/**
 * The words of the states that were found and not yet expanded, by their number in the order of discovery. Room for them is made and given
 * up at the two ends, and between two blocks for whole chunks (`Spill`); in between threads read and write as they like.
 */
export class Frontier {
  private readonly pieces: Int32Array[];
  private readonly places: Int32Array;
  private readonly chunksPerPiece: number;
  private readonly free: number[] = [];
  private taken = 0;
  /** numbers of the first chunk and of the first that is not there yet */
  first = 0;
  end = 0;

  /** @param bytes how large it may become, at most */
  static reserve(words: number, bytes: number): FrontierMemory {
    const segment = bytesOfPiece(words);
    const count = Math.max(1, Math.ceil(bytes / segment));
    return {
      pieces: Array.from({ length: count }, () => reserveBuffer(segment)),
      places: new SharedArrayBuffer(4 * maxChunks),
    };
  }

  constructor(
    readonly memory: FrontierMemory,
    private readonly words: number,
  ) {
    this.pieces = memory.pieces.map(() => new Int32Array());
    this.places = new Int32Array(memory.places);
    this.chunksPerPiece = bytesOfPiece(words) / chunkOf(words);
  }

  /** Makes room for the states up to number `end`. */
  extend(end: number): void {
    for (; this.end * statesPerChunk < end; this.end++) {
      if (this.end - this.first >= maxChunks) throw tooLarge();
      this.reload(this.end);
    }
  }

  /** Gives up the states below number `first`. */
  release(first: number): void {
    for (; (this.first + 1) * statesPerChunk <= first; this.first++) {
      this.free.push(this.places[this.first % maxChunks]);
    }
  }

  /** Reads the first words of a state, as many as there is room for. */
  load(number: number, state: Int32Array): void {
    const { segment, at } = this.find(number);
    for (let n = 0; n < state.length; n++) state[n] = segment[at + n];
  }

  /** Stores the words of a state. */
  store(number: number, state: Int32Array): void {
    const { segment, at } = this.find(number);
    segment.set(state, at);
  }

  /** The words from index `at` on are those of a state that `goTo` was told. It serves as long as no room is made or given up. */
  cursor(): Cursor {
    return new Cursor(this, this.words);
  }

  /** Makes an empty frontier begin at a state. */
  startAt(first: number): void {
    this.first = Math.floor(first / statesPerChunk);
    this.end = this.first;
  }

  /** The words of a chunk that is in memory. */
  chunk(chunk: number): Int32Array {
    const at = this.startOf(chunk);
    return this.pieceOf(chunk).subarray(at, at + statesPerChunk * this.words);
  }

  /** Gives up the memory of a chunk that was kept elsewhere. */
  evict(chunk: number): void {
    this.free.push(this.places[chunk % maxChunks]);
  }

  /** Makes room for a chunk again. */
  reload(chunk: number): void {
    const place = this.free.pop() ?? this.taken++;
    if (place >= this.pieces.length * this.chunksPerPiece) throw tooLarge();
    growTo(this.memory.pieces[Math.floor(place / this.chunksPerPiece)], bytesOfPiece(this.words));
    this.places[chunk % maxChunks] = place;
  }

  /** How many chunks are in memory. */
  get residentChunks(): number {
    return this.taken - this.free.length;
  }

  get bytesPerChunk(): number {
    return chunkOf(this.words);
  }

  /** Memory in use, and kept for use. */
  get bytes(): number {
    return this.taken * this.bytesPerChunk;
  }

  /** The memory that a chunk is in, and where it begins there. */
  pieceOf(chunk: number): Int32Array {
    const n = Math.floor(this.placeOf(chunk) / this.chunksPerPiece);
    const segment = this.pieces[n];
    if (segment.length > 0) return segment;
    const grown = new Int32Array(this.memory.pieces[n], 0, bytesOfPiece(this.words) / 4);
    this.pieces[n] = grown;
    return grown;
  }

  startOf(chunk: number): number {
    return (this.placeOf(chunk) % this.chunksPerPiece) * statesPerChunk * this.words;
  }

  private placeOf(chunk: number): number {
    return this.places[chunk % maxChunks];
  }

  private find(number: number): Cursor {
    const cursor = this.cursor();
    cursor.seek(number);
    return cursor;
  }
}

/** Goes from state to state. */
export class Cursor {
  segment: Int32Array = new Int32Array();
  at = 0;
  /** the states of its chunk, and where the first one is */
  private first = 0;
  private end = 0;
  private start = 0;

  constructor(
    private readonly frontier: Frontier,
    private readonly words: number,
  ) {}

  seek(number: number): void {
    if (number < this.first || number >= this.end) {
      const chunk = Math.floor(number / statesPerChunk);
      this.first = chunk * statesPerChunk;
      this.end = this.first + statesPerChunk;
      this.segment = this.frontier.pieceOf(chunk);
      this.start = this.frontier.startOf(chunk);
    }
    // an integer to V8 as well, which numbers of states are not
    this.at = (this.start + (number - this.first) * this.words) | 0;
  }
}

const tooLarge = (): PrecopyError =>
  new PrecopyError(
    'TOO_LARGE',
    'the frontier is larger than it may become',
    'give more --max-memory, or room on the disk',
  );

const chunkOf = (words: number): number => 4 * words * statesPerChunk;

/** A piece is about 64 MiB, and holds whole chunks. */
const bytesOfPiece = (words: number): number => Math.max(1, Math.floor((64 << 20) / chunkOf(words))) * chunkOf(words);
