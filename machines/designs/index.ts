import { lateFlushTwoCollectors, unlockedFlush } from './collectors.ts';
import { adBits, pml } from './dirty-bits.ts';
import { freePageHints } from './free-page-hints.ts';
import { lazyProtect } from './lazy-protect.ts';
import { lockBreak, lockBreakLateFlush } from './lock-break.ts';
import { manualClear, manualClearEagerSplit, manualClearInitiallySet, manualClearTdp } from './manual-clear.ts';
import {
  rmapXchg,
  rmapXchgFastPageFault,
  rmapXchgFastPageFaultHuge,
  rmapXchgHandshake,
  rmapXchgLateFlush,
} from './rmap-xchg.ts';
import { lateFlushTracked, rmapXchgFastPageFaultTracked, rmapXchgIndirect, rmapXchgTracked } from './shadow-mmu.ts';
import { sharedClear } from './shared-clear.ts';
import { slotRemoval, slotRemovalPml } from './slot-removal.ts';
import { rmapHybrid, srcuSwitch } from './srcu-switch.ts';

export * from './collectors.ts';
export * from './dirty-bits.ts';
export * from './free-page-hints.ts';
export * from './lazy-protect.ts';
export * from './lock-break.ts';
export * from './manual-clear.ts';
export * from './rmap-xchg.ts';
export * from './shadow-mmu.ts';
export * from './shared-clear.ts';
export * from './slot-removal.ts';
export * from './srcu-switch.ts';

/** The shipped designs, in the order of the kernels that have them. */
export const designs = [
  srcuSwitch,
  rmapHybrid,
  rmapXchg,
  rmapXchgLateFlush,
  rmapXchgHandshake,
  rmapXchgFastPageFault,
  rmapXchgFastPageFaultHuge,
  lockBreak,
  lockBreakLateFlush,
  pml,
  manualClear,
  manualClearInitiallySet,
  manualClearTdp,
  manualClearEagerSplit,
  lazyProtect,
  adBits,
  lateFlushTwoCollectors,
  unlockedFlush,
  rmapXchgTracked,
  lateFlushTracked,
  rmapXchgFastPageFaultTracked,
  rmapXchgIndirect,
  slotRemoval,
  slotRemovalPml,
  freePageHints,
  sharedClear,
];
