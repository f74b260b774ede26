import { collectorMutants } from './mutants/collectors.ts';
import { faultPathMutants } from './mutants/fault-paths.ts';
import { freePageMutants } from './mutants/free-page-hints.ts';
import { handshakeMutants } from './mutants/handshake.ts';
import { hugePageMutants } from './mutants/huge-pages.ts';
import { lazyProtectMutants } from './mutants/lazy-protect.ts';
import { livenessMutants } from './mutants/liveness.ts';
import { lockBreakMutants, rmapHybridMutants } from './mutants/lock-break.ts';
import { manualClearMutants } from './mutants/manual-clear.ts';
import { rmapXchgMutants } from './mutants/rmap-xchg.ts';
import { slotRemovalMutants } from './mutants/slot-removal.ts';
import { srcuSwitchMutants } from './mutants/srcu-switch.ts';
import { startOfLogMutants } from './mutants/start-of-log.ts';
import { writeTrackingMutants } from './mutants/write-tracking.ts';
import { writerMutants } from './mutants/writers.ts';

/** Every known bug that can be put back. M1 to M47 are their numbers in docs/fidelity.md. */
export const mutants = [
  ...srcuSwitchMutants,
  ...rmapHybridMutants,
  ...rmapXchgMutants,
  ...handshakeMutants,
  ...lockBreakMutants,
  ...manualClearMutants,
  ...faultPathMutants,
  ...lazyProtectMutants,
  ...livenessMutants,
  ...hugePageMutants,
  ...startOfLogMutants,
  ...collectorMutants,
  ...writeTrackingMutants,
  ...writerMutants,
  ...slotRemovalMutants,
  ...freePageMutants,
];
