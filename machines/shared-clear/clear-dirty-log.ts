import { counter } from '../../src/model/declare.ts';
import { not } from '../../src/model/machine.ts';
import { manualClear } from '../get-dirty-log/manual-clear.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { step } from '../step.ts';
import { kvmWithSharedClear, onePte } from './system.ts';

/** A thread of KVM that protects pages while faults change their ptes. */
export const ioctlWithPte = kvmWithSharedClear.extendActor(ioctl, {
  registers: () => ({
    /** the pte as the walker has loaded it: 1 if it is writable, and 2 if it is executable */
    old: counter(3),
  }),
});

/** `kvm_pgtable_stage2_wrprotect` under `mmu_lock` held for reading: the pages in `mask`, the lowest first. */
export const stage2WriteProtect = ioctlWithPte.implement({
  actions: {
    requestMmuLockShared: ({ context: { send, actors } }) => send('LOCK_SHARED', actors.mmuLock),
    releaseMmuLockShared: ({ context: { send, actors } }) => send('UNLOCK_SHARED', actors.mmuLock),
    loadPte: ({ context: { kvm, stage2, my, params } }) => {
      const gfn = my.word * params.bitsPerWord + my.mask.first();
      my.old = (kvm.spteWritable.has(gfn) ? 1 : 0) + (stage2.executable.has(gfn) ? 2 : 0);
    },
    cmpxchgPteReadOnly: ({ context: { kvm, stage2, my, params } }) => {
      const bit = my.mask.first();
      const gfn = my.word * params.bitsPerWord + bit;
      if ((kvm.spteWritable.has(gfn) ? 1 : 0) + (stage2.executable.has(gfn) ? 2 : 0) === my.old) {
        kvm.spteWritable.setWord(gfn, 0);
        my.mask.clear(bit);
      }
      my.old = 0;
    },
    skipPage: ({ context: { my } }) => {
      my.mask.clear(my.mask.first());
      my.old = 0;
    },
  },
  guards: { oldIsWritable: ({ context: { my } }) => my.old % 2 === 1 },
});

const locked = ['inIoctl', 'sharesMmuLock'] as const;

/**
 * `manualClear` where CLEAR_DIRTY_LOG holds `mmu_lock` for reading, so that it keeps no fault waiting: "KVM: arm64: Use
 * MMU read lock for clearing dirty logs" (V. Sharma, 2023, second version, not merged). The bits are cleared, then the
 * pages are protected, each by a load of its pte and a cmpxchg. A cmpxchg that fails is tried again, from the load on.
 */
export const clearDirtyLogShared = manualClear
  .as(ioctlWithPte)
  .use(stage2WriteProtect)
  .extend({
    states: {
      lockMmu: { description: 'read_lock(&kvm->mmu_lock)', entry: 'requestMmuLockShared' },
      clearWord: { tags: locked },
      writeProtect: {
        description: 'stage2_wp_range(mmu, start, end), for each page of mask; read_unlock after the last word',
        tags: locked,
        always: [
          { guard: 'wordIsDone', actions: 'nextWord', target: 'clearWord' },
          { guard: 'nothingToFlush', actions: 'releaseMmuLockShared', target: 'returnFromClear' },
          { guard: 'maskIsEmpty', actions: 'releaseMmuLockShared', target: 'flushTlbs' },
        ],
        on: step('loadPte', 'cmpxchgPte', onePte),
      },
      cmpxchgPte: {
        description: 'stage2_try_set_pte: cmpxchg(ctx->ptep, ctx->old, pte & ~KVM_PTE_LEAF_ATTR_LO_S2_S2AP_W)',
        tags: locked,
        always: { guard: not('oldIsWritable'), actions: 'skipPage', target: 'writeProtect' },
        on: step('cmpxchgPteReadOnly', 'writeProtect', onePte),
      },
    },
  });
