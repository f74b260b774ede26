import { vcpu } from '../vcpu.ts';
import { oneSpte } from '../write-tracking.ts';
import { vcpuWithFastPageFault } from './fast-page-fault.ts';

/**
 * The vCPU where a page may be tracked: `mmu_need_write_protect` (later `mmu_try_to_unsync_pages`) finds that under `mmu_lock`, the spte stays
 * read-only, and the write is emulated (RET_PF_EMULATE).
 */
const emulateTracked = {
  lockMmu: { on: { LOCK_GRANTED: [{ guard: 'pageIsTracked', target: 'giveUpSpte' }, { target: 'readMemslots' }] } },
  giveUpSpte: { tags: ['holdsMmuLock'], on: { STEP: { actions: 'releaseMmuLock', target: 'writeGuestPage' } } },
} as const;

export const vcpuWithTracking = vcpu.extend({ states: { host: { states: emulateTracked } } });

/** With the fast page fault: it leaves an spte alone that is not MMU-writable, and its cmpxchg fails where that changed since it looked. */
export const vcpuFastPageFaultWithTracking = vcpuWithFastPageFault.extend({
  states: {
    host: {
      states: {
        ...emulateTracked,
        walkShadowPage: {
          on: {
            STEP: [
              { guard: 'spteIsWritable', actions: 'forgetPage', target: 'enterGuest' },
              { guard: 'spteIsMmuWritable', target: 'cmpxchgSpte', meta: { coarse: oneSpte } },
              { target: 'lockMmu', meta: { coarse: oneSpte } },
            ],
          },
        },
        cmpxchgSpte: {
          on: {
            STEP: {
              actions: 'cmpxchgMmuWritableSpte',
              target: 'readMemslotsAfterwards',
              meta: { coarse: oneSpte },
            },
          },
        },
      },
    },
  },
});
