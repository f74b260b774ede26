/** The shipped properties, a file for each subject. */
export { atomicBitmap } from './atomic-bitmap.ts';
export { collectorCovers, foundUnflushed } from './collector-covers.ts';
export {
  bothWaysToProtect,
  covers,
  entryIsCancelled,
  getBreaks,
  pageIsCleared,
  pmlFills,
  startOfLog,
  startOfLogAllSet,
} from './covers.ts';
export { dirtyPagesCounted } from './dirty-pages-counted.ts';
export { finalImage } from './final-image.ts';
export { freePageCovers } from './free-page-covers.ts';
export { gracePeriod } from './grace-period.ts';
export { eagerSplitCovers, splitByFault } from './huge-page-covers.ts';
export { lazyCovers } from './lazy-covers.ts';
export { gracePeriodEnds, liveness, lockIsGranted } from './liveness.ts';
export { loggedOrProtected, loggedOrProtectedWithDirtyBits } from './logged-or-protected.ts';
export { mutualExclusion } from './mutual-exclusion.ts';
export { noDeadlock } from './no-deadlock.ts';
export { noLostWrite, noLostWriteUnless, noLostWriteWithDirtyBits } from './no-lost-write.ts';
export { protectedAfterClear } from './protected-after-clear.ts';
export { protectedBelow } from './protected-below.ts';
export { protectedOnReturn, protectedOnReturnWithDirtyBits } from './protected-on-return.ts';
export { removalCovers } from './slot-removal-covers.ts';
export { snapshotIsComplete } from './snapshot-is-complete.ts';
export { forTwoCollectors } from './two-collectors.ts';
export { remappedInFault, trackedPageFaults, trackedUnflushed, trackedWriteEmulated } from './write-tracking.ts';
export { hostWriteDelaysSwitch, writerCovers } from './writer-covers.ts';
