import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { eachPage } from './each-page.ts';

/**
 * Ordering rule O15: user space reads a page as soon as CLEAR_DIRTY_LOG has returned, so from then on every write must
 * be logged.
 */
export const protectedAfterClear = kvm.properties.always(
  {
    id: 'protected-after-clear',
    description: 'when CLEAR_DIRTY_LOG returns, each page that it cleared is protected and flushed, or marked again',
    each: eachPage,
  },
  (view, gfn) =>
    !view.is.clearReturns.of(view.actors.getDirtyLog) ||
    !view.ioctl.snapshot.has(gfn) ||
    view.kvm.dirtyBitmap(0).has(gfn) ||
    !canWriteUnseen(view, gfn),
);
