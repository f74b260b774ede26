import { type KvmView, kvm } from '../machines/system.ts';
import type { Bitmap } from '../src/model/bitmap.ts';
import { canWriteUnseen } from './can-write.ts';
import { eachPage } from './each-page.ts';
import { type IsLogged, loggedInBitmap, loggedInDirtyBits } from './logged.ts';

/** A thread that takes the log, the ioctl that it calls, what the last call reported, and what no other took since. */
export interface Collector {
  readonly thread: number;
  readonly call: number;
  readonly reported: Bitmap;
  readonly taken: Bitmap;
}

/**
 * Returns true if the call is over, and the page is protected or logged, if it was reported and no other call took its
 * bit since.
 */
export function isProtected(
  view: KvmView,
  gfn: number,
  isLogged: IsLogged,
  { thread, call, reported, taken }: Collector,
): boolean {
  if (!view.is.logReturned.of(thread)) return true;
  if (view.is.inIoctl.of(call)) return false;
  return !reported.has(gfn) || !taken.has(gfn) || !canWriteUnseen(view, gfn) || isLogged(view, gfn);
}

/**
 * Ordering rules O1 and O2: user space may copy a reported page as soon as the call has returned, so every write from
 * then on must be logged. It speaks of the moment of the return alone: before it, the steps may come in any order. A
 * call that returns has flushed ("KVM only needs to guarantee the slot is fully write-protected before returning to
 * userspace, i.e. before userspace can consume the dirty status", arch/x86/kvm/x86.c, Linux 7.2), whether or not a page
 * of this call shows it. Where two threads take the log, the last one that took the bit of a page is responsible.
 *
 * This is what the ioctl promises, and more than a migration needs: see docs/properties.md.
 */
export const protectedOnReturnWhere = (isProtected: (view: KvmView, gfn: number) => boolean) =>
  kvm.properties.always(
    {
      id: 'protected-on-return',
      description:
        'when GET_DIRTY_LOG returns, it is done, and each reported page is protected and flushed, or marked again',
      each: eachPage,
    },
    isProtected,
  );

const ofMigration =
  (isLogged: IsLogged) =>
  (view: KvmView, gfn: number): boolean => {
    const { actors, qemu } = view;
    const { userBitmap } = qemu;
    const collector = { thread: actors.migration, call: actors.getDirtyLog, reported: userBitmap, taken: userBitmap };
    return isProtected(view, gfn, isLogged, collector);
  };

export const protectedOnReturn = protectedOnReturnWhere(ofMigration(loggedInBitmap));
export const protectedOnReturnWithDirtyBits = protectedOnReturnWhere(ofMigration(loggedInDirtyBits));
