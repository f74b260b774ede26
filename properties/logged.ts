import { writersOf } from '../machines/params.ts';
import type { KvmView } from '../machines/system.ts';

/** Returns true if a write of the page, past or imminent, is known to the log. */
export type IsLogged = (view: KvmView, gfn: number) => boolean;

/** The calls of GET_DIRTY_LOG of a system, and what they report. */
export interface Calls {
  /** Returns true if a call that takes the log is under way: its caller reads no page before it returns. */
  isAnyUnderWay(view: KvmView): boolean;
  /** Returns true if a call has copied the bit to user space, where it is not merged yet. */
  readonly isReported: IsLogged;
  /**
   * Returns true if a call that is under way took the bit, has copied it to user space perhaps, and can still protect
   * the page and flush before it returns.
   */
  readonly isBeingReported: IsLogged;
}

const isUnderWay = ({ is, actors }: KvmView): boolean =>
  is.inIoctl.of(actors.getDirtyLog) && !is.logReturned.of(actors.migration);

/** The calls of the migration thread. */
export const migrationCalls: Calls = {
  isAnyUnderWay: isUnderWay,
  isReported: ({ qemu }, gfn) => qemu.userBitmap.has(gfn),
  isBeingReported: (view, gfn) => view.qemu.userBitmap.has(gfn) && isUnderWay(view),
};

/**
 * Some thread has written the page, or made its spte writable, and is about to mark it. A vCPU in the guest marks only
 * what is in its page-modification log.
 */
export const isToBeMarked: IsLogged = ({ is, actors, cpu, ghost, params }, gfn) => {
  for (const writer of writersOf(actors)) {
    if (!ghost.unmarked(writer).has(gfn)) continue;
    if (!is.inGuest.of(writer) || (params.pmlEntries > 0 && cpu.pml(writer).has(gfn))) return true;
  }
  return false;
};

/** The bit is set, or in a snapshot that is still to be returned, or some thread is about to set it. */
export const loggedInBitmapOr =
  ({ isAnyUnderWay }: Calls): IsLogged =>
  (view, gfn) =>
    view.kvm.dirtyBitmap(0).has(gfn) ||
    view.kvm.dirtyBitmap(1).has(gfn) ||
    (view.ioctl.snapshot.has(gfn) && isAnyUnderWay(view)) ||
    isToBeMarked(view, gfn);

export const loggedInBitmap = loggedInBitmapOr(migrationCalls);

/** Where D bits are harvested, a D bit that is set, or harvested and not marked yet, counts as a bit in the bitmap. */
export const loggedInDirtyBits: IsLogged = (view, gfn) =>
  view.kvm.spteDirty.has(gfn) || view.ioctl.harvested.has(gfn) || loggedInBitmap(view, gfn);
