import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDirectory } from '../files/ensure-directory.ts';
import { partsOf } from './campaign-folder.ts';

/**
 * Creates the folder in which a worker keeps the checkpoint of a shard, and moves a checkpoint there that a worker
 * before it left. A worker that was thought to be dead, and is not, finds its checkpoint gone, and can harm no other.
 */
export function takeOverCheckpoint(campaign: string, shard: string, worker: string): string {
  const ofShard = join(partsOf(campaign).checkpoints, shard);
  const own = join(ofShard, worker);
  ensureDirectory(own);
  for (const other of readdirSync(ofShard)) {
    if (other === worker) continue;
    const folder = join(ofShard, other);
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.checkpoint')) moveIfThere(join(folder, name), join(own, name));
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return own;
}

/** Removes the checkpoints of a shard that has a result. */
export function removeCheckpoints(campaign: string, shard: string): void {
  rmSync(join(partsOf(campaign).checkpoints, shard), { recursive: true, force: true });
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
