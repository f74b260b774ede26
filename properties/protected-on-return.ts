import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { type IsLogged, loggedInBitmap, loggedInDirtyBits } from './logged.ts';

/** Ordering rules O1 and O2: user space may copy a reported page at once, so from the return on every write to it must be logged. */
const protectedOnReturnWhere = (isLogged: IsLogged) =>
  kvm.properties.always(
    {
      id: 'protected-on-return',
      says: 'when GET_DIRTY_LOG returns, each reported page is protected and flushed, or marked again',
    },
    (view) => {
      const { is, actors, qemu } = view;
      if (!is.logReturned.of(actors.migration)) return true;
      const reported = qemu.userBitmap;
      for (let gfn = reported.first(); gfn >= 0; gfn = reported.first(gfn + 1)) {
        if (canWriteUnseen(view, gfn) && !isLogged(view, gfn)) return false;
      }
      return true;
    },
  );

export const protectedOnReturn = protectedOnReturnWhere(loggedInBitmap);
export const protectedOnReturnWithDirtyBits = protectedOnReturnWhere(loggedInDirtyBits);
