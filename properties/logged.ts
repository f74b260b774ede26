import { writerCount } from '../machines/params.ts';
import type { KvmView } from '../machines/system.ts';

/** Returns true if a write of the page, past or imminent, is known to the log. */
export type IsLogged = (view: KvmView, gfn: number) => boolean;

/**
 * Returns true if the ioctl that takes the log for a thread is under way: its caller, the migration thread (0) or the
 * display refresh (1), reads no page before it returns.
 */
function isUnderWay({ is, actors }: KvmView, collector: 0 | 1): boolean {
  const caller = collector === 0 ? actors.migration : (actors.display[0] as number);
  const call = collector === 0 ? actors.getDirtyLog : (actors.displayGet[0] as number);
  return is.inIoctl.of(call) && !is.logReturned.of(caller);
}

/** The page is in the snapshot of an ioctl that is still to return it. */
const isInSnapshot: IsLogged = (view, gfn) =>
  view.ioctl.snapshot.has(gfn) && (isUnderWay(view, 0) || (view.params.collectors > 1 && isUnderWay(view, 1)));

/**
 * Some thread has written the page, or made its spte writable, and is about to mark it. A vCPU in the guest marks only
 * what is in its page-modification log.
 */
const isToBeMarked: IsLogged = ({ is, cpu, ghost, params }, gfn) => {
  for (let writer = 0; writer < writerCount(params); writer++) {
    if (!ghost.unmarked(writer).has(gfn)) continue;
    if (!is.inGuest.of(writer) || (params.pmlEntries > 0 && cpu.pml(writer).has(gfn))) return true;
  }
  return false;
};

/** The bit is set, or in a snapshot that is still to be returned, or some thread is about to set it. */
export const loggedInBitmap: IsLogged = (view, gfn) =>
  view.kvm.dirtyBitmap(0).has(gfn) ||
  view.kvm.dirtyBitmap(1).has(gfn) ||
  isInSnapshot(view, gfn) ||
  isToBeMarked(view, gfn);

/**
 * An ioctl that is under way took the bit, has copied it to user space perhaps, and can still protect the page and
 * flush before it returns. With two threads that take the log, each is responsible for the bits that it took last.
 */
export const isBeingReported: IsLogged = (view, gfn) =>
  view.params.collectors > 1
    ? (view.ghost.taken(0).has(gfn) && isUnderWay(view, 0)) || (view.ghost.taken(1).has(gfn) && isUnderWay(view, 1))
    : view.qemu.userBitmap.has(gfn) && isUnderWay(view, 0);

/** Where D bits are harvested, a D bit that is set, or harvested and not marked yet, counts as a bit in the bitmap. */
export const loggedInDirtyBits: IsLogged = (view, gfn) =>
  view.kvm.spteDirty.has(gfn) || view.ioctl.harvested.has(gfn) || loggedInBitmap(view, gfn);
