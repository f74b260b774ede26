import { covers } from '../../properties/covers.ts';
import { protectedAfterClear, protectedAfterClearOrToBeMarked } from '../../properties/protected-after-clear.ts';
import { sharedClearCovers } from '../../properties/shared-clear-covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { clearDirtyLogShared } from '../shared-clear/clear-dirty-log.ts';
import { kvmWithSharedClear } from '../shared-clear/system.ts';
import { vcpuStage2 } from '../shared-clear/vcpu.ts';
import { twoWords } from './common.ts';
import { manualClearTdp } from './manual-clear.ts';

/** What no state of these designs reaches, as faults wait for neither ioctl. */
const waitsForGet = covers.find(({ id }) => id === 'vcpu-waits-for-get');

/** manual-clear whose CLEAR_DIRTY_LOG shares mmu_lock with faults. */
export const sharedClear = defineDesign({
  ...manualClearTdp,
  id: 'shared-clear',
  title: 'manual-clear that holds mmu_lock for reading, so that CLEAR_DIRTY_LOG keeps no fault waiting',
  source: {
    version: 'posted in 2023, never merged',
    functions: ['user_mem_abort', 'stage2_attr_walker', 'kvm_clear_dirty_log_protect', 'kvm_pgtable_stage2_wrprotect'],
  },
  system: kvmWithSharedClear,
  machines: { ...manualClearTdp.machines, vcpu: vcpuStage2, getDirtyLog: clearDirtyLogShared },
  properties: [
    ...manualClearTdp.properties
      .filter((property) => property !== waitsForGet)
      .map((property) => (property === protectedAfterClear ? protectedAfterClearOrToBeMarked : property)),
    ...sharedClearCovers,
  ],
  params: { ...manualClearTdp.params, pages: 1 },
  secondSafetyParams: twoWords,
  livenessParams: { vcpus: 2 },
});
