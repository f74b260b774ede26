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

/** The properties and covers of every design, in runs that begin with the log on. */
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
/** `withoutStart`, and the covers of switching the log on. */
export const properties = [...withoutStart, ...startOfLog];

/** The machines that most designs share. */
export const actors = { vcpu, hostWriter, device, mmuLock, slotsLock, srcu, setMemoryRegion, migration, destination };
/** Parameters of the proof of a design whose mutants fail at smaller ones. */
export const twoByTwo = { vcpus: 2, pages: 2 };
/**
 * Parameters of a second proof, of designs that have one word of the bitmap in the first: two words, and so two rounds
 * of what goes word by word.
 */
export const twoWords = { vcpus: 1, pages: 2, bitsPerWord: 1 };
/** Parameters for liveness, which takes three times the memory of safety: two contending vCPUs, with the log on. */
export const contended = { ...twoByTwo, loggingOn: 1 };
