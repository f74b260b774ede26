import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { eachPage } from './each-page.ts';
import { type Calls, type IsLogged, loggedInBitmap, loggedInDirtyBits, migrationCalls } from './logged.ts';

/**
 * The rule of M. Tsirkin (October 2010), "all pages are either dirty in the current bitmap, or write-protected",
 * weakened by the windows that correct code has. It holds of each page, in each state after the log has been switched
 * on: no CPU can write the page without a fault (its spte is read-only, and no TLB entry is left that is not flushed
 * before use), or one of these is true.
 *
 * 1. Its bit is set: the next GET_DIRTY_LOG reports it.
 * 2. Its writer is about to set the bit: `fast_page_fault`, and `user_mem_abort` of arm64, install the spte and then
 *    mark, `kvm_write_guest_page` writes and then marks, a page-modification log is drained at the next VM exit.
 * 3. A call of GET_DIRTY_LOG or CLEAR_DIRTY_LOG has taken the bit, and has not returned. Until then it may protect the
 *    page and flush in any order with the copy to user space, with or without `mmu_lock`: what is written meanwhile
 *    through a stale TLB entry reaches user space with the page, which is read only after the return
 *    (`kvm_get_dirty_log_protect`, virt/kvm/kvm_main.c, Linux 6.1, which copies and then flushes: "the page is reported
 *    dirty using the snapshot taken before and step 4 ensures that writes done after exiting to userspace will be
 *    logged for the next call").
 */
export const loggedOrProtectedWhere = (isLogged: IsLogged, { isBeingReported }: Calls = migrationCalls) =>
  kvm.properties.always(
    {
      id: 'logged-or-protected',
      description:
        'a page that can be written without a fault is marked dirty, or taken by a call that has not returned yet',
      each: eachPage,
    },
    (view, gfn) =>
      view.is.notLogging.of(view.actors.migration) ||
      !canWriteUnseen(view, gfn) ||
      isLogged(view, gfn) ||
      isBeingReported(view, gfn),
  );

export const loggedOrProtected = loggedOrProtectedWhere(loggedInBitmap);
export const loggedOrProtectedWithDirtyBits = loggedOrProtectedWhere(loggedInDirtyBits);
