import { flushRemoteTlbs } from './get-dirty-log/flush-remote-tlbs.ts';
import { dirtyLogHandler } from './get-dirty-log/handler.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

const untilGracePeriod = {
  inUserspace: { on: { SET_USER_MEMORY_REGION: 'lockSlots' } },
  lockSlots: { tags: ['inIoctl'], entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'publishMemslots' } },
  publishMemslots: {
    tags: ['inIoctl'],
    on: { STEP: { actions: 'publishLoggingMemslots', target: 'synchronizeSrcu' } },
  },
  synchronizeSrcu: { tags: ['inIoctl', 'waitsForGracePeriod'], entry: 'synchronizeSrcu' },
} as const;

/**
 * KVM_SET_USER_MEMORY_REGION that switches the log of a slot on while the guest runs: `__kvm_set_memory_region`, `install_new_memslots`
 * (virt/kvm/kvm_main.c) and `kvm_arch_commit_memory_region` with `kvm_mmu_slot_remove_write_access` (arch/x86/kvm/mmu.c), Linux 3.6. A slot with
 * a clean bitmap takes the place of the one without; `synchronize_srcu_expedited` waits for every fault path that may have found no bitmap; then
 * all pages are protected and TLBs flushed. So when it returns, a page is protected, or marked.
 */
export const setMemoryRegion = dirtyLogHandler.createMachine({
  id: 'set-memory-region',
  initial: 'inUserspace',
  states: {
    ...untilGracePeriod,
    synchronizeSrcu: {
      ...untilGracePeriod.synchronizeSrcu,
      on: { GRACE_PERIOD_OVER: 'lockMmu' },
    },
    lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'protectSlot' } },
    protectSlot: {
      tags: locked,
      always: { guard: 'walkedAllPages', actions: 'rewindWalk', target: 'flushTlbs' },
      on: { STEP: { actions: 'dropWritableSpte' } },
    },
    flushTlbs: flushRemoteTlbs(locked, {
      actions: ['releaseMmuLock', 'releaseSlotsLock', 'returnFromSetting'],
      target: '#set-memory-region.inUserspace',
    }),
  },
});

/** The same with a break of `mmu_lock` at each page and a flush before each break: Linux 3.11, `cond_resched_lock`. */
export const setMemoryRegionWithBreaks = setMemoryRegion.extend({
  states: {
    protectSlot: { on: { BREAK: 'flushAtBreak' } },
    flushAtBreak: flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#set-memory-region.relockMmu' }),
    relockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'protectSlot' } },
  },
});

const afterUnlock = flushRemoteTlbs(['inIoctl'], {
  actions: ['releaseSlotsLock', 'returnFromSetting'],
  target: '#set-memory-region.inUserspace',
});

/** The same with breaks of `mmu_lock` and one flush after the last unlock, under `slots_lock`: Linux 3.16 on (198c74f43f0f). */
export const setMemoryRegionLateFlush = setMemoryRegion.extend({
  states: {
    protectSlot: {
      always: { guard: 'walkedAllPages', actions: ['rewindWalk', 'releaseMmuLock'], target: 'flushTlbs' },
      on: { BREAK: { actions: 'releaseMmuLock', target: 'relockMmu' } },
    },
    relockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'protectSlot' } },
    flushTlbs: afterUnlock,
  },
});

/** With KVM_DIRTY_LOG_INITIALLY_SET (3c9bd4006bfc, Linux 5.7 on): the new bitmap is all ones, so nothing is protected. */
export const setMemoryRegionAllSet = dirtyLogHandler.createMachine({
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

/** Where D bits are the log, they are cleared in place of the W bits. */
export const setMemoryRegionDirtyBits = setMemoryRegionLateFlush.extend({
  states: {
    protectSlot: { on: { STEP: { actions: ['storeCleanSpte', 'nextPage'] } } },
  },
});

/**
 * With page-modification logging: first every vCPU has to switch it on (`kvm_mmu_update_cpu_dirty_logging`, a85863c2ec55:
 * KVM_REQ_UPDATE_CPU_DIRTY_LOGGING to all vCPUs, and a wait until none is in the guest without), then D bits are cleared
 * (`kvm_mmu_slot_leaf_clear_dirty`).
 */
export const setMemoryRegionPml = setMemoryRegionDirtyBits.extend({
  states: {
    synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'enablePml' } },
    enablePml: flushRemoteTlbs(['inIoctl'], { target: '#set-memory-region.lockMmu' }, 'requestDirtyLogging'),
  },
});

/** With write protection from the root page: a new generation in place of the walk, and all vCPUs reload ("KVM: MMU: fast write protect"). */
export const setMemoryRegionLazy = setMemoryRegionAllSet.extend({
  states: {
    synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'nextGeneration' } },
    nextGeneration: { tags: ['inIoctl'], on: { STEP: { actions: 'nextGeneration', target: 'reloadRemoteMmus' } } },
    reloadRemoteMmus: flushRemoteTlbs(
      ['inIoctl'],
      { actions: ['releaseSlotsLock', 'returnFromSetting'], target: '#set-memory-region.inUserspace' },
      'makeReloadRequest',
    ),
  },
});
