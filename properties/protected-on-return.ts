import { type KvmView, kvm } from '../machines/system.ts';
import type { Bitmap } from '../src/model/bitmap.ts';
import { canWriteUnseen } from './can-write.ts';
import { type IsLogged, loggedInBitmap, loggedInDirtyBits } from './logged.ts';

/**
 * Returns true if each page that the last call of `thread` reported, and whose bit no other call took since, is
 * protected or logged.
 */
function isProtected(view: KvmView, isLogged: IsLogged, thread: number, reported: Bitmap, taken: Bitmap): boolean {
  if (!view.is.logReturned.of(thread)) return true;
  for (let gfn = reported.first(); gfn >= 0; gfn = reported.first(gfn + 1)) {
    if (taken.has(gfn) && canWriteUnseen(view, gfn) && !isLogged(view, gfn)) return false;
  }
  return true;
}

/**
 * Ordering rules O1 and O2: user space may copy a reported page at once, so every write after the return must be
 * logged. Where two threads take the log, the last one that took the bit of a page is responsible for it.
 */
const protectedOnReturnWhere = (isLogged: IsLogged) =>
  kvm.properties.always(
    {
      id: 'protected-on-return',
      description: 'when GET_DIRTY_LOG returns, each reported page is protected and flushed, or marked again',
    },
    (view) => {
      const { actors, qemu, ghost, params } = view;
      if (params.collectors === 1)
        return isProtected(view, isLogged, actors.migration, qemu.userBitmap, qemu.userBitmap);
      return (
        isProtected(view, isLogged, actors.migration, qemu.userBitmap, ghost.taken(0)) &&
        isProtected(view, isLogged, actors.display[0] as number, qemu.refreshBitmap, ghost.taken(1))
      );
    },
  );

export const protectedOnReturn = protectedOnReturnWhere(loggedInBitmap);
export const protectedOnReturnWithDirtyBits = protectedOnReturnWhere(loggedInDirtyBits);
