import { flushRemoteTlbs } from './get-dirty-log/flush-remote-tlbs.ts';
import { dirtyLogHandler } from './get-dirty-log/handler.ts';

const locked = ['holdsMmuLock'] as const;

export const oneSpte = 'W and MMU-writable are bits of one spte, which one instruction reads or changes';

/**
 * The shadow MMU that write-protects a page of the guest for good, as the page now holds a page table that it shadows: `kvm_mmu_get_page`,
 * `rmap_write_protect` (arch/x86/kvm/mmu.c) of Linux 3.5. From then on it counts on every write to the page being a fault, which it emulates.
 * All of it is done under `mmu_lock`, in the fault of some vCPU; here it is an actor of its own, and happens at most once. An spte
 * without W is left alone, and TLBs are flushed only where W was set: right only if nobody leaves an spte without W to be flushed later.
 */
export const writeTracking = dirtyLogHandler.createMachine({
  id: 'write-tracking',
  initial: 'notTracking',
  states: {
    notTracking: { on: { TRACK: { actions: 'choosePage', target: 'lockMmu' } } },
    lockMmu: { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'trackPage' } },
    trackPage: { tags: locked, on: { STEP: { actions: 'trackPage', target: 'writeProtect' } } },
    writeProtect: {
      tags: locked,
      on: {
        STEP: { actions: ['noteIfWritable', 'clearWritable'], target: 'decideOnFlush', meta: { coarse: oneSpte } },
      },
    },
    decideOnFlush: {
      tags: locked,
      always: [{ guard: 'nothingToFlush', actions: 'releaseMmuLock', target: 'tracking' }, { target: 'flushTlbs' }],
    },
    flushTlbs: flushRemoteTlbs(locked, {
      actions: ['noteFlushed', 'releaseMmuLock'],
      target: '#write-tracking.tracking',
    }),
    tracking: { tags: ['tracksWrites'], entry: 'rewindWalk' },
  },
});

/**
 * The same since SPTE_MMU_WRITEABLE tells what the log has protected from what nobody may make writable: `account_shadowed`,
 * `kvm_mmu_slot_gfn_write_protect`, `spte_write_protect` with `pt_protect`, and `mmu_spte_update`, which flushes if the bit was set,
 * whatever W is (198c74f43f0f). Linux 3.16 to 6.1, arch/x86/kvm/mmu.
 */
export const writeTrackingByMmuWritable = writeTracking.extend({
  states: {
    writeProtect: {
      on: {
        STEP: {
          actions: ['noteIfMmuWritable', 'clearMmuWritable', 'clearWritable'],
          target: 'decideOnFlush',
          meta: { coarse: oneSpte },
        },
      },
    },
  },
});
