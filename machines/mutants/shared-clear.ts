import { defineMutant } from '../../src/model/define-design.ts';
import { sharedClear as design } from '../designs/shared-clear.ts';
import { machinesOf, type Orders } from '../shared-clear/orders.ts';

const orders: Orders = { fault: 'install, then mark', clear: 'clear, then protect', failure: 'retried' };

const markThenInstall = defineMutant(design, 'mark-then-install', {
  bug: 'the TDP MMU of x86 as it is, under a shared lock: a fault marks the page before it installs the spte',
  breaks: 'protected-after-clear',
  machines: machinesOf({ ...orders, fault: 'mark, then install' }),
});

const protectThenClear = defineMutant(design, 'protect-then-clear', {
  bug: 'CLEAR_DIRTY_LOG protects the pages of a word before it clears their bits',
  breaks: 'protected-after-clear',
  machines: machinesOf({ ...orders, clear: 'protect, then clear' }),
});

const failureIgnored = defineMutant(design, 'failure-ignored', {
  bug: 'a cmpxchg of CLEAR_DIRTY_LOG that fails is not tried again, and the page stays writable (M14)',
  fixedBy: 'second version of "KVM: arm64: Use MMU read lock for clearing dirty logs" (V. Sharma, 2023)',
  breaks: 'protected-after-clear',
  machines: machinesOf({ ...orders, failure: 'ignored' }),
});

/** Bugs put into `shared-clear`, each alone; docs/shared-clear.md has all combinations. */
export const sharedClearMutants = [markThenInstall, protectThenClear, failureIgnored];
