import type { Design } from '../../src/model/design.ts';
import { not } from '../../src/model/machine.ts';
import { step } from '../step.ts';
import { clearDirtyLogShared, ioctlWithPte } from './clear-dirty-log.ts';
import { type KvmWithSharedClear, onePte } from './system.ts';
import { vcpuStage2 } from './vcpu.ts';

/** The order of x86's TDP MMU: `make_spte` marks the page, then a cmpxchg installs the spte, all under the lock. */
export const vcpuMarkThenInstall = vcpuStage2.extend({
  states: {
    host: {
      states: {
        loadPte: { on: step('loadPte', 'markPageDirty', onePte) },
        markPageDirty: {
          description: 'make_spte: mark_page_dirty_in_slot(vcpu->kvm, slot, gfn)',
          tags: ['sharesMmuLock', 'usesMemslots'],
          always: { guard: 'slotDoesNotLog', actions: 'resetMemslots', target: 'setSpte' },
          on: step(['markPageDirty', 'resetMemslots'], 'setSpte'),
        },
        setSpte: {
          description: 'tdp_mmu_set_spte_atomic: try_cmpxchg64(sptep, &old_spte, new_spte); read_unlock',
          tags: ['sharesMmuLock'],
          on: step(['cmpxchgPteWritable', 'resetOutcome', 'resetGfn', 'releaseMmuLockShared'], 'enterGuest', onePte),
        },
      },
    },
  },
});

const otherOrders = ioctlWithPte.implement({
  actions: {
    takeMask: ({ context: { qemu, my } }) => qemu.userBitmap.loadWord(my.word, my.mask),
    clearProtectedWord: ({ context: { kvm, qemu, ioctl, my } }) => {
      qemu.userBitmap.loadWord(my.word, my.mask);
      kvm.dirtyBitmap(0).fetchAndNotWord(my.word, my.mask);
      ioctl.snapshot.setWord(my.word, my.mask);
      my.flush ||= !my.mask.isEmpty();
    },
    cmpxchgPteReadOnlyOnce: ({ context: { kvm, stage2, my, params } }) => {
      const bit = my.mask.first();
      const gfn = my.word * params.bitsPerWord + bit;
      const pte = (kvm.spteWritable.has(gfn) ? 1 : 0) + (stage2.executable.has(gfn) ? 2 : 0);
      if (pte === my.old) kvm.spteWritable.setWord(gfn, 0);
      my.mask.clear(bit);
      my.old = 0;
    },
  },
  ghost: {
    clearProtectedWord: ({ context: { my, ghost } }) => ghost.marked(0).andNotWord(my.word, my.mask),
  },
});

/** The other order of CLEAR_DIRTY_LOG: it protects the pages of a word, and then clears their bits. */
export const clearDirtyLogProtectsFirst = clearDirtyLogShared.use(otherOrders).extend({
  states: {
    clearWord: {
      description: 'mask = *dirty_bitmap_buffer++; if (!mask) continue;',
      on: {
        STEP: [
          { guard: 'nothingToClear', actions: 'nextWord', target: 'clearWord' },
          { actions: 'takeMask', target: 'writeProtect' },
        ],
      },
    },
    writeProtect: { always: { guard: 'maskIsEmpty', target: 'clearProtectedWord' } },
    clearProtectedWord: {
      description: 'mask &= atomic_long_fetch_andnot(mask, p); if (mask) flush = true;',
      tags: ['inIoctl', 'sharesMmuLock'],
      on: step(['clearProtectedWord', 'resetMask'], 'wordCleared'),
    },
    wordCleared: {
      description: 'the next word, or read_unlock(&kvm->mmu_lock)',
      tags: ['inIoctl', 'sharesMmuLock'],
      always: [
        { guard: 'wordIsDone', actions: 'nextWord', target: 'clearWord' },
        { guard: 'nothingToFlush', actions: 'releaseMmuLockShared', target: 'returnFromClear' },
        { actions: 'releaseMmuLockShared', target: 'flushTlbs' },
      ],
    },
  },
});

type Handler = typeof clearDirtyLogShared;

/** A cmpxchg of CLEAR_DIRTY_LOG that fails is not tried again: the first version of the patch. */
export const withoutRetry = (handler: Handler): Handler =>
  handler.use(otherOrders).extend({
    states: {
      cmpxchgPte: {
        always: { guard: not('oldIsWritable'), actions: 'skipPage', target: 'writeProtect' },
        on: step('cmpxchgPteReadOnlyOnce', 'writeProtect', onePte),
      },
    },
  }) as unknown as Handler;

/** The orders of a fault and of CLEAR_DIRTY_LOG, and what follows a cmpxchg of CLEAR_DIRTY_LOG that fails. */
export interface Orders {
  readonly fault: 'install, then mark' | 'mark, then install';
  readonly clear: 'clear, then protect' | 'protect, then clear';
  readonly failure: 'retried' | 'ignored';
}

/** Returns the machines of the design with these orders. */
export function machinesOf({ fault, clear, failure }: Orders): Partial<Design<KvmWithSharedClear>['machines']> {
  const handler = (clear === 'clear, then protect' ? clearDirtyLogShared : clearDirtyLogProtectsFirst) as Handler;
  return {
    vcpu: fault === 'install, then mark' ? vcpuStage2 : vcpuMarkThenInstall,
    getDirtyLog: failure === 'retried' ? handler : withoutRetry(handler),
  };
}
