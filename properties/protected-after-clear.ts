import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/**
 * Ordering rule O15: user space reads a page as soon as CLEAR_DIRTY_LOG has returned, so from then on every write must
 * be logged.
 */
export const protectedAfterClear = kvm.properties.always(
  {
    id: 'protected-after-clear',
    description: 'when CLEAR_DIRTY_LOG returns, each page that it cleared is protected and flushed, or marked again',
  },
  (view) => {
    const {
      is,
      actors,
      ioctl,
      kvm: { dirtyBitmap },
    } = view;
    if (!is.clearReturns.of(actors.getDirtyLog)) return true;
    const cleared = ioctl.snapshot;
    for (let gfn = cleared.first(); gfn >= 0; gfn = cleared.first(gfn + 1)) {
      if (!dirtyBitmap(0).has(gfn) && canWriteUnseen(view, gfn)) return false;
    }
    return true;
  },
);
