import { atomicBitmap } from '../../properties/atomic-bitmap.ts';
import { covers, startOfLog } from '../../properties/covers.ts';
import { finalImage } from '../../properties/final-image.ts';
import { liveness, lockIsGranted } from '../../properties/liveness.ts';
import { loggedOrProtected } from '../../properties/logged-or-protected.ts';
import { mutualExclusion } from '../../properties/mutual-exclusion.ts';
import { noDeadlock } from '../../properties/no-deadlock.ts';
import { noLostWrite } from '../../properties/no-lost-write.ts';
import { protectedOnReturn } from '../../properties/protected-on-return.ts';
import { snapshotIsComplete } from '../../properties/snapshot-is-complete.ts';
import { writerCovers } from '../../properties/writer-covers.ts';
import { destination } from '../destination.ts';
import { device } from '../device.ts';
import { hostWriter } from '../host-writer.ts';
import { mmuLock, slotsLock } from '../locks.ts';
import { migration } from '../migration.ts';
import { setMemoryRegion } from '../set-memory-region.ts';
import { srcu } from '../srcu.ts';
import { vcpu } from '../vcpu.ts';

/** What every design of the shipped system has to hold, and to be seen to do, from the log on. */
export const withoutStart = [
  finalImage,
  noLostWrite,
  loggedOrProtected,
  snapshotIsComplete,
  atomicBitmap,
  protectedOnReturn,
  mutualExclusion,
  noDeadlock,
  lockIsGranted,
  ...liveness,
  ...covers,
  ...writerCovers,
];
/** The same, and what the start of the log has to be seen to do. */
export const properties = [...withoutStart, ...startOfLog];

/** The machines that most designs share. */
export const actors = { vcpu, hostWriter, device, mmuLock, slotsLock, srcu, setMemoryRegion, migration, destination };
/** Where a design's bugs are found at smaller sizes, and the design itself is proved at these. */
export const twoByTwo = { vcpus: 2, pages: 2 };
/** Liveness takes the whole graph of the states: two vCPUs that contend, or one and two words where GET_DIRTY_LOG and CLEAR go word by word. */
export const contended = { vcpus: 2, pages: 1, loggingOn: 1 };
export const wordByWord = { vcpus: 1, pages: 2, loggingOn: 1 };
