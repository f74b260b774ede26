import { type Frontier, statesPerChunk } from './frontier.ts';
import type { ArrayVisitor } from './growable-buffer.ts';

/** Keeps chunks of a frontier outside of memory, all of one size. */
export interface ChunkStore {
  /** Keeps a chunk at a place, counted from 0; false when there is no room for it, which it has told to whoever is to know. */
  write(place: number, chunk: Int32Array): boolean;
  /** Gives back what was written to a place last. */
  read(place: number, chunk: Int32Array): void;
}

/** The share of the memory of a search that a frontier keeps which has a store; the rest is for the tables. */
const shareKept = 1 / 8;
/** What two blocks need, and what is being written behind them. */
const fewestChunks = 8;

/**
 * Writes chunks from the middle of a frontier to a store, and reads them back in order before their states are expanded. Only the leader does,
 * between two blocks: while threads work, all that they touch is in memory. What is found, and in which order, stays the same.
 */
export class FrontierSpill {
  /** whether the store had no room for a chunk */
  isFull = false;
  /** numbers of the first chunk that is away, and of the first behind it that is not */
  private first = 0;
  private end = 0;
  /** by number of a chunk: its place in the store */
  private readonly places = new Map<number, number>();
  private readonly free: number[] = [];
  private readonly most: number;

  /** @param bytes what the whole search may take */
  constructor(
    private readonly frontier: Frontier,
    private readonly store: ChunkStore | undefined,
    bytes: number,
  ) {
    this.most = Math.max(fewestChunks, Math.floor((bytes * shareKept) / frontier.bytesPerChunk));
  }

  /** Sees to it that the states below number `end` are in memory, and those that come soon after them. */
  fetch(end: number): void {
    const { frontier, store } = this;
    if (!store || this.first === this.end || end <= this.first * statesPerChunk) return;
    const atOnce = Math.max(this.most >> 1, Math.ceil(end / statesPerChunk) - frontier.first);
    this.limitResident(this.most - atOnce);
    for (; this.first < this.end && this.first < frontier.first + atOnce; this.first++) {
      const place = this.places.get(this.first) as number;
      frontier.reload(this.first);
      store.read(place, frontier.chunk(this.first));
      this.places.delete(this.first);
      this.free.push(place);
    }
  }

  /** Writes away what is more than may stay in memory. */
  evictExcess(): void {
    this.limitResident(this.most);
  }

  /** Visits all chunks, in order. */
  visitMemory(visit: ArrayVisitor): void {
    const { frontier, store } = this;
    const aside = new Int32Array(this.first < this.end ? frontier.bytesPerChunk / 4 : 0);
    for (let chunk = frontier.first; chunk < frontier.end; chunk++) {
      const place = this.places.get(chunk);
      if (place !== undefined) store?.read(place, aside);
      visit(place === undefined ? frontier.chunk(chunk) : aside);
    }
  }

  /** Fills an empty frontier with the chunks of the states from number `first` to `end`. */
  refill(first: number, end: number, visit: ArrayVisitor): void {
    const { frontier } = this;
    frontier.startAt(first);
    while (frontier.end * statesPerChunk < end) {
      frontier.extend((frontier.end + 1) * statesPerChunk);
      visit(frontier.chunk(frontier.end - 1));
      this.evictExcess();
    }
  }

  /** Writes chunks away until so many are in memory: never the first ones, nor the last, which may not be full. */
  private limitResident(most: number): void {
    const { frontier, store } = this;
    if (!store || this.isFull) return;
    if (this.first === this.end) this.first = this.end = frontier.first + (this.most >> 1);
    for (; frontier.residentChunks > most && this.end < frontier.end - 1; this.end++) {
      const place = this.free.pop() ?? this.places.size;
      if (!store.write(place, frontier.chunk(this.end))) {
        this.isFull = true;
        return;
      }
      this.places.set(this.end, place);
      frontier.evict(this.end);
    }
  }
}
