import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { oneSpte } from '../write-tracking.ts';
import { vcpuWithFastPageFault } from './fast-page-fault.ts';
import { kvmThread } from './kvm-thread.ts';

/** `mmu_need_write_protect` (later `mmu_try_to_unsync_pages`). */
const tracking = kvmThread.implement({
  guards: {
    pageIsTracked: ({ context: { mmu, my, params } }) => params.shadowMmu === 1 && mmu.tracked.has(my.gfn),
  },
});

/**
 * The vCPU where a page may be tracked: `mmu_need_write_protect` finds that under `mmu_lock`, the spte stays read-only,
 * and the write is emulated (RET_PF_EMULATE).
 */
const emulateTracked = {
  lockMmu: { on: { LOCK_GRANTED: [{ guard: 'pageIsTracked', target: 'giveUpSpte' }, { target: 'readMemslots' }] } },
  giveUpSpte: {
    description: 'set_spte: if (mmu_need_write_protect(vcpu, gfn, can_unsync)) leave W clear, and emulate the write',
    tags: ['holdsMmuLock'],
    on: step('releaseMmuLock', 'writeGuestPage'),
  },
} as const;

export const vcpuWithTracking = vcpu.use(tracking).extend({ states: { host: { states: emulateTracked } } });

/** The MMU-writable bit, as the lockless path reads and compares it. */
const mmuWritable = kvmThread.implement({
  actions: {
    cmpxchgMmuWritableSpte: ({ context: { kvm, my, params } }) => {
      const isMmuWritable = params.shadowMmu === 0 || kvm.spteMmuWritable.has(my.gfn);
      my.outcome = isMmuWritable && !kvm.spteWritable.testAndSet(my.gfn);
    },
  },
  guards: {
    spteIsMmuWritable: ({ context: { kvm, my, params } }) => params.shadowMmu === 0 || kvm.spteMmuWritable.has(my.gfn),
  },
  ghost: {
    cmpxchgMmuWritableSpte: ({ context: { my, me, ghost } }) => {
      if (my.outcome) ghost.unmarked(me).set(my.gfn);
    },
  },
});

/**
 * `vcpuWithFastPageFault` where a page may be tracked: it leaves an spte alone that is not MMU-writable, and its
 * cmpxchg fails if that changed.
 */
export const vcpuFastPageFaultWithTracking = vcpuWithFastPageFault.use(tracking, mmuWritable).extend({
  states: {
    host: {
      states: {
        ...emulateTracked,
        walkShadowPage: {
          description: 'for_each_shadow_entry_lockless: the lockless path needs SPTE_MMU_WRITEABLE',
          on: {
            STEP: [
              { guard: 'spteIsWritable', actions: 'resetGfn', target: 'enterGuest' },
              { guard: 'spteIsMmuWritable', target: 'cmpxchgSpte', meta: { coarse: oneSpte } },
              { target: 'lockMmu', meta: { coarse: oneSpte } },
            ],
          },
        },
        cmpxchgSpte: { on: step('cmpxchgMmuWritableSpte', 'readMemslotsAfterwards', oneSpte) },
      },
    },
  },
});
