import { atomicBitmap } from '../../properties/atomic-bitmap.ts';
import { covers, pmlFills, startOfLog } from '../../properties/covers.ts';
import { finalImage } from '../../properties/final-image.ts';
import { liveness } from '../../properties/liveness.ts';
import { loggedOrProtectedWithDirtyBits } from '../../properties/logged-or-protected.ts';
import { mutualExclusion } from '../../properties/mutual-exclusion.ts';
import { noDeadlock } from '../../properties/no-deadlock.ts';
import { noLostWriteWithDirtyBits } from '../../properties/no-lost-write.ts';
import { protectedOnReturnWithDirtyBits } from '../../properties/protected-on-return.ts';
import { snapshotIsComplete } from '../../properties/snapshot-is-complete.ts';
import { writerCovers } from '../../properties/writer-covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { harvestDirtyBits as getDirtyLogByHarvest, pml as getDirtyLogWithPml } from '../get-dirty-log/dirty-bits.ts';
import { setMemoryRegionDirtyBits, setMemoryRegionPml } from '../set-memory-region.ts';
import { kvm } from '../system.ts';
import { vcpuWithDirtyBits } from '../vcpu/dirty-bits.ts';
import { vcpuWithPml } from '../vcpu/pml.ts';
import { actors, contended, twoWords, withoutStart } from './common.ts';

/** GET_DIRTY_LOG by harvest of D bits. */
export const adBits = defineDesign({
  id: 'ad-bits',
  title: 'harvest of the D bits of all sptes, no write protection',
  source: { version: 'proposed in the talk, never merged', functions: ['kvm_arch_sync_dirty_log'] },
  system: kvm,
  machines: {
    ...actors,
    vcpu: vcpuWithDirtyBits,
    setMemoryRegion: setMemoryRegionDirtyBits,
    getDirtyLog: getDirtyLogByHarvest,
  },
  properties: [
    finalImage,
    noLostWriteWithDirtyBits,
    loggedOrProtectedWithDirtyBits,
    snapshotIsComplete,
    atomicBitmap,
    protectedOnReturnWithDirtyBits,
    mutualExclusion,
    noDeadlock,
    ...liveness,
    ...covers.filter(({ id }) => id !== 'vcpu-waits-for-get'),
    ...writerCovers,
    ...startOfLog,
  ],
  minParams: { dirtyBits: 1 },
  params: { dirtyBits: 1 },
  livenessParams: contended,
  secondSafetyParams: twoWords,
});

/** GET_DIRTY_LOG with page-modification logging. */
export const pml = defineDesign({
  id: 'pml',
  title: 'page-modification logging: logs of the vCPUs drained at VM exits, D bits cleared by GET_DIRTY_LOG',
  source: { version: 'Linux 4.0 on', functions: ['vmx_flush_pml_buffer', 'kvm_arch_sync_dirty_log'] },
  system: kvm,
  machines: { ...actors, vcpu: vcpuWithPml, setMemoryRegion: setMemoryRegionPml, getDirtyLog: getDirtyLogWithPml },
  properties: [...withoutStart.filter(({ id }) => id !== 'vcpu-waits-for-get' && id !== 'lock-is-granted'), pmlFills],
  minParams: { dirtyBits: 1, pmlEntries: 1 },
  params: { dirtyBits: 1, pmlEntries: 1, emulatingVcpus: 0, loggingOn: 1 },
  livenessParams: contended,
  secondSafetyParams: twoWords,
});
