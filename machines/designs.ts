import { lateFlushTwoCollectors, unlockedFlush } from './designs/collectors.ts';
import { adBits, pml } from './designs/dirty-bits.ts';
import { freePageHints } from './designs/free-page-hints.ts';
import { lazyProtect } from './designs/lazy-protect.ts';
import { lockBreak, lockBreakLateFlush } from './designs/lock-break.ts';
import { manualClear, manualClearEagerSplit, manualClearInitiallySet, manualClearTdp } from './designs/manual-clear.ts';
import {
  rmapXchg,
  rmapXchgFastPageFault,
  rmapXchgFastPageFaultHuge,
  rmapXchgHandshake,
  rmapXchgLateFlush,
} from './designs/rmap-xchg.ts';
import {
  lateFlushTracked,
  rmapXchgFastPageFaultTracked,
  rmapXchgIndirect,
  rmapXchgTracked,
} from './designs/shadow-mmu.ts';
import { slotRemoval, slotRemovalPml } from './designs/slot-removal.ts';
import { rmapHybrid, srcuSwitch } from './designs/srcu-switch.ts';

export * from './designs/collectors.ts';
export * from './designs/dirty-bits.ts';
export * from './designs/free-page-hints.ts';
export * from './designs/lazy-protect.ts';
export * from './designs/lock-break.ts';
export * from './designs/manual-clear.ts';
export * from './designs/rmap-xchg.ts';
export * from './designs/shadow-mmu.ts';
export * from './designs/slot-removal.ts';
export * from './designs/srcu-switch.ts';

/** Every shipped design, oldest first. */
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
];
