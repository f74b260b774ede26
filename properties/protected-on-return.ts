import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/** Ordering rules O1 and O2: user space may copy a reported page at once, so from the return on every write to it must be logged. */
export const protectedOnReturn = kvm.properties.always(
  {
    id: 'protected-on-return',
    says: 'when GET_DIRTY_LOG returns, each reported page is protected and flushed, or marked again',
  },
  (view) => {
    const {
      is,
      actors,
      qemu,
      kvm: { dirtyBitmap },
    } = view;
    if (!is.logReturned.of(actors.migration)) return true;
    const reported = qemu.userBitmap;
    for (let gfn = reported.first(); gfn >= 0; gfn = reported.first(gfn + 1)) {
      const markedAgain = dirtyBitmap(0).has(gfn) || dirtyBitmap(1).has(gfn);
      if (!markedAgain && canWriteUnseen(view, gfn)) return false;
    }
    return true;
  },
);
