import type { ChunkStore } from '../../src/search/storage/frontier-spill.ts';

/** A chunk store in memory that counts its operations. */
export class MemoryChunkStore implements ChunkStore {
  writes = 0;
  reads = 0;
  private readonly chunks = new Map<number, Int32Array>();

  /** @param capacity most chunks */
  constructor(private readonly capacity = Number.POSITIVE_INFINITY) {}

  get chunkCount(): number {
    return this.chunks.size;
  }

  write(slot: number, chunk: Int32Array): boolean {
    if (slot >= this.capacity) return false;
    this.writes++;
    this.chunks.set(slot, Int32Array.from(chunk));
    return true;
  }

  read(slot: number, chunk: Int32Array): void {
    this.reads++;
    chunk.set(this.chunks.get(slot) as Int32Array);
  }
}
