import type { Frontier } from './frontier.ts';
import type { ArrayVisitor } from './growable-buffer.ts';

/** Storage for frontier chunks outside of memory. All chunks have one size. */
export interface ChunkStore {
  /** Writes a chunk to a place, counted from 0. Returns false if it could not be stored; the store has reported why. */
  write(place: number, chunk: Int32Array): boolean;
  /** Reads the chunk that was written to a place last. */
  read(place: number, chunk: Int32Array): void;
}

/** The share of a search's memory limit that a frontier with a store may occupy. */
const residentShare = 1 / 8;
/** Enough for two blocks and the chunk that is being filled. */
const minResidentChunks = 8;

/**
 * Limits the memory of a frontier. It evicts chunks from the middle of the frontier to a store, and reloads them in
 * order before their states are expanded. The leader does so between two blocks, so workers find every chunk that they
 * access in memory. The result of the search is the same.
 */
export class FrontierSpill {
  /** whether the store failed to store a chunk */
  isFull = false;
  /** the first evicted chunk, and the first resident one behind it */
  private first = 0;
  private end = 0;
  /** by evicted chunk: its place in the store */
  private readonly places = new Map<number, number>();
  private readonly freePlaces: number[] = [];
  private readonly maxResident: number;

  /** @param bytes memory limit of the whole search */
  constructor(
    private readonly frontier: Frontier,
    private readonly store: ChunkStore | undefined,
    bytes: number,
  ) {
    this.maxResident = Math.max(minResidentChunks, Math.floor((bytes * residentShare) / frontier.bytesPerChunk));
  }

  /** Reloads the states below id `end`, and chunks that follow them. */
  fetch(end: number): void {
    const { frontier, store } = this;
    const { statesPerChunk } = frontier;
    if (!store || this.first === this.end || end <= this.first * statesPerChunk) return;
    const resident = Math.max(this.maxResident >> 1, Math.ceil(end / statesPerChunk) - frontier.first);
    this.limitResident(this.maxResident - resident);
    for (; this.first < this.end && this.first < frontier.first + resident; this.first++) {
      const place = this.places.get(this.first) as number;
      frontier.reload(this.first);
      store.read(place, frontier.chunk(this.first));
      this.places.delete(this.first);
      this.freePlaces.push(place);
    }
  }

  /** Evicts the chunks that exceed the limit. */
  evictExcess(): void {
    this.limitResident(this.maxResident);
  }

  /** Visits all chunks, in order, for a checkpoint. */
  visitMemory(visit: ArrayVisitor): void {
    const { frontier, store } = this;
    const buffer = new Int32Array(this.first < this.end ? frontier.bytesPerChunk / 4 : 0);
    for (let chunk = frontier.first; chunk < frontier.end; chunk++) {
      const place = this.places.get(chunk);
      if (place !== undefined) store?.read(place, buffer);
      visit(place === undefined ? frontier.chunk(chunk) : buffer);
    }
  }

  /** Fills an empty frontier with the chunks of the states from id `first` to `end`. */
  refill(first: number, end: number, visit: ArrayVisitor): void {
    const { frontier } = this;
    frontier.startAt(first);
    while (frontier.end * frontier.statesPerChunk < end) {
      frontier.extend((frontier.end + 1) * frontier.statesPerChunk);
      visit(frontier.chunk(frontier.end - 1));
      this.evictExcess();
    }
  }

  /** Evicts chunks until at most `limit` are resident: never the first ones, nor the last, which may not be full. */
  private limitResident(limit: number): void {
    const { frontier, store } = this;
    if (!store || this.isFull) return;
    if (this.first === this.end) this.first = this.end = frontier.first + (this.maxResident >> 1);
    for (; frontier.residentChunks > limit && this.end < frontier.end - 1; this.end++) {
      const place = this.freePlaces.pop() ?? this.places.size;
      if (!store.write(place, frontier.chunk(this.end))) {
        this.isFull = true;
        return;
      }
      this.places.set(this.end, place);
      frontier.evict(this.end);
    }
  }
}
