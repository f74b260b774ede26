import type { CheckpointStore } from '../../src/search/checkpoint-store.ts';
import type { ArrayVisitor } from '../../src/search/storage/growable-buffer.ts';

/** Keeps the latest checkpoint of a search in memory. */
export class MemoryCheckpoints<Snapshot> implements CheckpointStore<Snapshot> {
  latest: Snapshot | undefined;
  private arrays: (Int32Array | Uint16Array | Float64Array)[] = [];

  isDue(): boolean {
    return false;
  }

  save(snapshot: Snapshot, each: (visit: ArrayVisitor) => void): void {
    this.latest = structuredClone(snapshot);
    this.arrays = [];
    each((array) => void this.arrays.push(array.slice()));
  }

  restore(each: (visit: ArrayVisitor) => void): void {
    let n = 0;
    each((array) => array.set(this.arrays[n++] as Int32Array));
    if (n !== this.arrays.length) throw new Error('the checkpoint has more arrays than are restored');
  }
}
