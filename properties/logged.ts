import { writerCount } from '../machines/params.ts';
import type { KvmView } from '../machines/system.ts';

/** Returns true if a write of the page, past or imminent, is known to the log. */
export type IsLogged = (view: KvmView, gfn: number) => boolean;

/** The bit is set, or in a snapshot that is still to be returned, or some thread is about to set it. */
export const loggedInBitmap: IsLogged = ({ kvm: { dirtyBitmap }, ioctl, ghost, params }, gfn) => {
  if (dirtyBitmap(0).has(gfn) || dirtyBitmap(1).has(gfn) || ioctl.snapshot.has(gfn)) return true;
  for (let writer = 0; writer < writerCount(params); writer++) if (ghost.unmarked(writer).has(gfn)) return true;
  return false;
};

/**
 * With two threads that take the log: one of them took the bit, and will protect the page and flush before its call
 * returns.
 */
export const isBeingProtected: IsLogged = ({ is, actors, ghost, params }, gfn) =>
  params.collectors > 1 &&
  ((is.inIoctl.of(actors.getDirtyLog) && ghost.taken(0).has(gfn)) ||
    (is.inIoctl.of(actors.displayGet[0] as number) && ghost.taken(1).has(gfn)));

/** Where D bits are harvested, a D bit that is set, or harvested and not marked yet, counts as a bit in the bitmap. */
export const loggedInDirtyBits: IsLogged = (view, gfn) =>
  view.kvm.spteDirty.has(gfn) || view.ioctl.harvested.has(gfn) || loggedInBitmap(view, gfn);
