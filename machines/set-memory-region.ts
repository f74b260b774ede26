import { ioctl } from './ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from './ioctl/locks.ts';
import { loggingMemslots, srcuUpdate } from './ioctl/memslots.ts';
import { rootGeneration } from './ioctl/root-generation.ts';
import { spteWalk } from './ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from './ioctl/tlb-flush.ts';
import { step } from './step.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

const untilGracePeriod = {
  inUserspace: {
    description: 'the caller has not called ioctl(KVM_SET_USER_MEMORY_REGION)',
    on: { SET_USER_MEMORY_REGION: 'lockSlots' },
  },
  lockSlots: {
    description: 'mutex_lock(&kvm->slots_lock)',
    tags: ['inIoctl'],
    entry: 'requestSlotsLock',
    on: { SLOTS_LOCKED: 'publishMemslots' },
  },
  publishMemslots: {
    description: 'install_new_memslots: rcu_assign_pointer(kvm->memslots, slots), whose slot has a dirty bitmap',
    tags: ['inIoctl'],
    on: step('publishLoggingMemslots', 'synchronizeSrcu'),
  },
  synchronizeSrcu: {
    description: 'install_new_memslots: synchronize_srcu_expedited(&kvm->srcu)',
    tags: ['inIoctl', 'waitsForGracePeriod'],
    entry: 'synchronizeSrcu',
  },
} as const;

const relockMmu = {
  description: 'cond_resched_lock: spin_lock(&kvm->mmu_lock)',
  tags: ['inIoctl', 'waitsForMmuLock'],
  entry: 'requestMmuLock',
  on: { LOCK_GRANTED: 'protectSlot' },
} as const;

/**
 * KVM_SET_USER_MEMORY_REGION that switches the log of a slot on while the guest runs: `__kvm_set_memory_region`,
 * `install_new_memslots` (virt/kvm/kvm_main.c) and `kvm_arch_commit_memory_region` with
 * `kvm_mmu_slot_remove_write_access` (arch/x86/kvm/mmu.c), Linux 3.6. A slot with a clean bitmap takes the place of the
 * one without; `synchronize_srcu_expedited` waits for every fault path that may have found no bitmap; then all pages
 * are protected and TLBs flushed. So when it returns, a page is protected, or marked.
 */
export const setMemoryRegion = ioctl
  .use(slotsLocking, mmuLocking, srcuUpdate, loggingMemslots, spteWalk, tlbFlush)
  .createMachine({
    id: 'set-memory-region',
    initial: 'inUserspace',
    states: {
      ...untilGracePeriod,
      synchronizeSrcu: { ...untilGracePeriod.synchronizeSrcu, on: { GRACE_PERIOD_OVER: 'lockMmu' } },
      lockMmu: {
        description: 'kvm_mmu_slot_remove_write_access: spin_lock(&kvm->mmu_lock)',
        tags: ['inIoctl', 'waitsForMmuLock'],
        entry: 'requestMmuLock',
        on: { LOCK_GRANTED: 'protectSlot' },
      },
      protectSlot: {
        description:
          'kvm_mmu_slot_remove_write_access: for each spte of the slot: if (is_writable_pte(*sptep)) clear W',
        tags: locked,
        always: { guard: 'walkedAllPages', actions: 'resetWalk', target: 'flushTlbs' },
        on: step('dropWritableSpte'),
      },
      flushTlbs: {
        description: 'kvm_flush_remote_tlbs(kvm); spin_unlock(&kvm->mmu_lock); mutex_unlock(&kvm->slots_lock);',
        ...flushRemoteTlbs(locked, {
          actions: ['releaseMmuLock', 'releaseSlotsLock', 'returnFromSetting'],
          target: '#set-memory-region.inUserspace',
        }),
      },
    },
  });

/**
 * `setMemoryRegion` with a break of `mmu_lock` at each page and a flush before each break: Linux 3.11,
 * `cond_resched_lock`.
 */
export const setMemoryRegionWithBreaks = setMemoryRegion.extend({
  states: {
    protectSlot: { on: { BREAK: 'flushAtBreak' } },
    flushAtBreak: {
      description:
        'if (need_resched() || spin_needbreak(&kvm->mmu_lock)) { kvm_flush_remote_tlbs(kvm); cond_resched_lock }',
      ...flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#set-memory-region.relockMmu' }),
    },
    relockMmu,
  },
});

/**
 * `setMemoryRegion` with breaks of `mmu_lock` and one flush after the last unlock, under `slots_lock`: Linux 3.16 on
 * (198c74f43f0f).
 */
export const setMemoryRegionLateFlush = setMemoryRegion.extend({
  states: {
    protectSlot: {
      always: { guard: 'walkedAllPages', actions: ['resetWalk', 'releaseMmuLock'], target: 'flushTlbs' },
      on: { BREAK: { actions: 'releaseMmuLock', target: 'relockMmu' } },
    },
    relockMmu,
    flushTlbs: {
      description: 'spin_unlock(&kvm->mmu_lock); kvm_flush_remote_tlbs(kvm); mutex_unlock(&kvm->slots_lock);',
      ...flushRemoteTlbs(['inIoctl'], {
        actions: ['releaseSlotsLock', 'returnFromSetting'],
        target: '#set-memory-region.inUserspace',
      }),
    },
  },
});

/**
 * With KVM_DIRTY_LOG_INITIALLY_SET (3c9bd4006bfc, Linux 5.7 on): the new bitmap is all ones, so nothing is protected.
 */
export const setMemoryRegionAllSet = ioctl.use(slotsLocking, srcuUpdate, loggingMemslots).createMachine({
  id: 'set-memory-region',
  initial: 'inUserspace',
  states: {
    ...untilGracePeriod,
    synchronizeSrcu: {
      ...untilGracePeriod.synchronizeSrcu,
      on: { GRACE_PERIOD_OVER: { actions: ['releaseSlotsLock', 'returnFromSetting'], target: 'inUserspace' } },
    },
  },
});

/** `kvm_mmu_slot_leaf_clear_dirty`. */
export const leafClearDirty = ioctl.implement({
  actions: { storeCleanSpte: ({ context: { kvm, my } }) => kvm.spteDirty.clear(my.gfn) },
});

/** `setMemoryRegionLateFlush` where D bits are the log: they are cleared in place of the W bits. */
export const setMemoryRegionDirtyBits = setMemoryRegionLateFlush.use(leafClearDirty).extend({
  states: {
    protectSlot: {
      description: 'kvm_mmu_slot_leaf_clear_dirty: clear D of each spte of the slot',
      on: step(['storeCleanSpte', 'nextPage']),
    },
  },
});

const dirtyLoggingRequest = ioctl.implement({
  actions: {
    requestDirtyLogging: ({ context: { kvm, my }, event }) => {
      my.toRequest.clear(event.vcpu);
      kvm.dirtyLoggingRequest.set(event.vcpu);
    },
  },
});

/**
 * `setMemoryRegionDirtyBits` with page-modification logging: first every vCPU has to switch it on
 * (`kvm_mmu_update_cpu_dirty_logging`, a85863c2ec55: KVM_REQ_UPDATE_CPU_DIRTY_LOGGING to all vCPUs, and a wait until
 * none is in the guest without), then D bits are cleared (`kvm_mmu_slot_leaf_clear_dirty`).
 */
export const setMemoryRegionPml = setMemoryRegionDirtyBits.use(dirtyLoggingRequest).extend({
  states: {
    synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'enablePml' } },
    enablePml: {
      description: 'kvm_make_all_cpus_request(kvm, KVM_REQ_UPDATE_CPU_DIRTY_LOGGING), which waits',
      ...flushRemoteTlbs(['inIoctl'], { target: '#set-memory-region.lockMmu' }, 'requestDirtyLogging'),
    },
  },
});

/**
 * `setMemoryRegionAllSet` with write protection from the root page: a new generation in place of the walk, and all
 * vCPUs reload ("KVM: MMU: fast write protect").
 */
export const setMemoryRegionLazy = setMemoryRegionAllSet.use(rootGeneration, tlbFlush).extend({
  states: {
    synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'nextGeneration' } },
    nextGeneration: {
      description:
        'kvm_mmu_write_protect_all_pages: the generation of the VM is raised, so that every root page is an old one',
      tags: ['inIoctl'],
      on: step('nextGeneration', 'reloadRemoteMmus'),
    },
    reloadRemoteMmus: {
      description: 'kvm_reload_remote_mmus: make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD)',
      ...flushRemoteTlbs(
        ['inIoctl'],
        { actions: ['releaseSlotsLock', 'returnFromSetting'], target: '#set-memory-region.inUserspace' },
        'makeReloadRequest',
      ),
    },
  },
});
