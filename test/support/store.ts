import type { ChunkStore } from '../../src/search/storage/frontier-spill.ts';

/** A store in memory, with room for so many chunks, that counts. */
export class TestStore implements ChunkStore {
  writes = 0;
  reads = 0;
  private readonly chunks = new Map<number, Int32Array>();

  constructor(private readonly room = Number.POSITIVE_INFINITY) {}

  get places(): number {
    return this.chunks.size;
  }

  write(place: number, chunk: Int32Array): boolean {
    if (place >= this.room) return false;
    this.writes++;
    this.chunks.set(place, Int32Array.from(chunk));
    return true;
  }

  read(place: number, chunk: Int32Array): void {
    this.reads++;
    chunk.set(this.chunks.get(place) as Int32Array);
  }
}
