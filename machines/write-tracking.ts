import { bitmapScan } from './ioctl/dirty-bitmap.ts';
import { ioctl } from './ioctl/ioctl.ts';
import { mmuLocking } from './ioctl/locks.ts';
import { spteWalk } from './ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from './ioctl/tlb-flush.ts';
import { step } from './step.ts';

const locked = ['holdsMmuLock'] as const;

export const oneSpte = 'W and MMU-writable are bits of one spte, which one instruction reads or changes';

/** `rmap_write_protect` for one page, and `spte_write_protect` with `pt_protect`. */
const pageTracking = ioctl.implement({
  actions: {
    choosePage: ({ context: { my }, event }) => {
      my.gfn = event.gfn;
    },
    trackPage: ({ context: { mmu, my } }) => mmu.tracked.set(my.gfn),
    /** `flush` is whether W was set */
    flushIfWritable: ({ context: { kvm, my } }) => {
      my.flush = kvm.spteWritable.has(my.gfn);
    },
    /** `flush` is whether MMU-writable was set */
    flushIfMmuWritable: ({ context: { kvm, my } }) => {
      my.flush = kvm.spteMmuWritable.has(my.gfn);
    },
    clearWritable: ({ context: { kvm, my } }) => kvm.spteWritable.setWord(my.gfn, 0),
    clearMmuWritable: ({ context: { kvm, my } }) => kvm.spteMmuWritable.setWord(my.gfn, 0),
  },
});

/**
 * The shadow MMU that write-protects a page of the guest for good, as the page now holds a page table that it shadows:
 * `kvm_mmu_get_page`, `rmap_write_protect` (arch/x86/kvm/mmu.c) of Linux 3.5. From then on it relies on every write to
 * the page being a fault, which it emulates. All of it is done under `mmu_lock`, in the fault of some vCPU; here it is
 * an actor of its own, and happens at most once. An spte without W is left alone, and TLBs are flushed only where W was
 * set: right only if no thread leaves an spte without W to be flushed later.
 */
export const writeTracking = ioctl.use(mmuLocking, pageTracking, tlbFlush, spteWalk, bitmapScan).createMachine({
  id: 'write-tracking',
  initial: 'notTracking',
  states: {
    notTracking: {
      description: 'no page of the guest is known to hold a page table',
      on: { TRACK: { actions: 'choosePage', target: 'lockMmu' } },
    },
    lockMmu: {
      description: 'spin_lock(&vcpu->kvm->mmu_lock)',
      tags: ['waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'trackPage' },
    },
    trackPage: {
      description:
        'kvm_mmu_get_page: hlist_add_head(&sp->hash_link, ...): from here on faults on the page find its shadow page',
      tags: locked,
      on: step('trackPage', 'writeProtect'),
    },
    writeProtect: {
      description: 'rmap_write_protect: if (is_writable_pte(*sptep)) { clear W; flush = true; }',
      tags: locked,
      on: step(['flushIfWritable', 'clearWritable'], 'decideOnFlush', oneSpte),
    },
    decideOnFlush: {
      description: 'if (rmap_write_protect(vcpu->kvm, gfn)) kvm_flush_remote_tlbs(vcpu->kvm)',
      tags: locked,
      always: [{ guard: 'nothingToFlush', actions: 'releaseMmuLock', target: 'tracking' }, { target: 'flushTlbs' }],
    },
    flushTlbs: {
      description: 'kvm_flush_remote_tlbs(vcpu->kvm); spin_unlock(&vcpu->kvm->mmu_lock);',
      ...flushRemoteTlbs(locked, { actions: ['resetFlush', 'releaseMmuLock'], target: '#write-tracking.tracking' }),
    },
    tracking: { description: 'every write to the page has to fault', tags: ['tracksWrites'], entry: 'resetWalk' },
  },
});

/** The transition of a write protection that decides by MMU-writable. */
export const protectMmuWritable = step(
  ['flushIfMmuWritable', 'clearMmuWritable', 'clearWritable'],
  'decideOnFlush',
  oneSpte,
);

/**
 * `writeTracking` since SPTE_MMU_WRITEABLE tells what the log has protected from what must never become writable:
 * `account_shadowed`, `kvm_mmu_slot_gfn_write_protect`, `spte_write_protect` with `pt_protect`, and `mmu_spte_update`,
 * which flushes if the bit was set, whatever W is (198c74f43f0f). Linux 3.16 to 6.1, arch/x86/kvm/mmu.
 */
export const writeTrackingByMmuWritable = writeTracking.extend({
  states: {
    writeProtect: {
      description:
        'spte_write_protect(sptep, true): clear SPTE_MMU_WRITEABLE and W; flush = SPTE_MMU_WRITEABLE was set',
      on: protectMmuWritable,
    },
  },
});
