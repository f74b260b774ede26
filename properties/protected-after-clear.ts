import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { eachPage } from './each-page.ts';
import { type IsLogged, isToBeMarked } from './logged.ts';

/**
 * Ordering rule O15: user space reads a page as soon as CLEAR_DIRTY_LOG has returned, so from then on every write must
 * be logged.
 */
const protectedAfterClearUnless = (isMarkedSoon: IsLogged, description: string) =>
  kvm.properties.always(
    { id: 'protected-after-clear', description, each: eachPage },
    (view, gfn) =>
      !view.is.clearReturns.of(view.actors.getDirtyLog) ||
      !view.ioctl.snapshot.has(gfn) ||
      view.kvm.dirtyBitmap(0).has(gfn) ||
      !canWriteUnseen(view, gfn) ||
      isMarkedSoon(view, gfn),
  );

export const protectedAfterClear = protectedAfterClearUnless(
  () => false,
  'when CLEAR_DIRTY_LOG returns, each page that it cleared is protected and flushed, or marked again',
);

/**
 * The rule where a fault installs before it marks, and CLEAR_DIRTY_LOG does not exclude it: who has made the page
 * writable may still be about to mark it, which reports all that is written until then.
 */
export const protectedAfterClearOrToBeMarked = protectedAfterClearUnless(
  isToBeMarked,
  'when CLEAR_DIRTY_LOG returns, each page that it cleared is protected and flushed, marked again, or about to be',
);
