import { collectorMutants } from './collectors.ts';
import { faultPathMutants } from './fault-paths.ts';
import { freePageMutants } from './free-page-hints.ts';
import { handshakeMutants } from './handshake.ts';
import { hugePageMutants } from './huge-pages.ts';
import { lazyProtectMutants } from './lazy-protect.ts';
import { livenessMutants } from './liveness.ts';
import { lockBreakMutants, rmapHybridMutants } from './lock-break.ts';
import { manualClearMutants } from './manual-clear.ts';
import { rmapXchgMutants } from './rmap-xchg.ts';
import { sharedClearMutants } from './shared-clear.ts';
import { slotRemovalMutants } from './slot-removal.ts';
import { srcuSwitchMutants } from './srcu-switch.ts';
import { startOfLogMutants } from './start-of-log.ts';
import { writeTrackingMutants } from './write-tracking.ts';
import { writerMutants } from './writers.ts';

/** The mutants: each puts a known bug back into a design. M1 to M47 are their numbers in docs/fidelity.md. */
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
  ...sharedClearMutants,
];
