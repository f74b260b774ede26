import { merge, mergeThroughDirtyMemory } from './migration/merge.ts';
import { logCalls, migrationThread, sending, stopping } from './migration/thread.ts';
import { step } from './step.ts';

const kvmGetDirtyLog = 'kvm_slot_get_dirty_log: kvm_vm_ioctl(s, KVM_GET_DIRTY_LOG, &d)';
const sendPage = 'ram_save_host_page: migration_bitmap_clear_dirty(rs, pss->block, pss->page), then the page';

/**
 * QEMU's migration thread: it switches the log on (`ram_init_bitmaps`, `memory_global_dirty_log_start`), then follow
 * rounds of GET_DIRTY_LOG and sending, and at any moment the decision to stop. Mirrors `migration_iteration_run`,
 * `migration_completion`, `migration_bitmap_sync` and `ram_save_host_page` of QEMU 10.2 (migration/migration.c,
 * migration/ram.c), with dirty pages in any order and the decision left open: a real threshold is one of the choices.
 */
export const migration = migrationThread.use(logCalls, merge, sending, stopping).createMachine({
  id: 'migration',
  initial: 'setup',
  states: {
    setup: {
      description: 'before ram_init_bitmaps',
      tags: ['notLogging'],
      entry: 'skipStartOfLog',
      on: { STEP: 'startingLog', MEMORY_REGION_SET: 'iterating' },
    },
    startingLog: {
      description: 'memory_global_dirty_log_start: kvm_vm_ioctl(s, KVM_SET_USER_MEMORY_REGION, &mem) for each slot',
      tags: ['notLogging'],
      entry: 'callSetUserMemoryRegion',
      on: { MEMORY_REGION_SET: 'iterating' },
    },
    iterating: {
      description: `migration_iteration_run: ram_save_iterate, the next log, or completion; ${sendPage}`,
      on: {
        SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] },
        SYNC: 'syncing',
        STOP: 'pausing',
      },
    },
    syncing: { description: kvmGetDirtyLog, entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'merging' } },
    merging: {
      description: 'migration_bitmap_sync: the log is merged into RAMBlock.bmap',
      tags: ['logReturned'],
      always: { guard: 'othersSetBits', target: 'mergingWords' },
      on: step('mergeLog', 'iterating'),
    },
    mergingWords: mergeThroughDirtyMemory([], { target: '#migration.iterating' }),
    pausing: {
      description: 'do_vm_stop: pause_all_vcpus()',
      tags: ['stopping'],
      entry: ['expectAllToStop', 'kickVcpus'],
      always: { guard: 'allStopped', target: 'stoppingDevices' },
      on: { PAUSED: { actions: 'noteStopped' } },
    },
    stoppingDevices: {
      description: 'do_vm_stop: vm_state_notify(0, state); bdrv_drain_all();',
      tags: ['stopping'],
      entry: 'stopDevices',
      always: { guard: 'devicesStopped', target: 'lastSync' },
      on: { STOPPED: { actions: 'noteDeviceStopped' } },
    },
    lastSync: {
      description: `ram_save_complete: migration_bitmap_sync_precopy(true): ${kvmGetDirtyLog}`,
      tags: ['stopping'],
      entry: 'callGetDirtyLog',
      on: { DIRTY_LOG: 'lastMerge' },
    },
    lastMerge: {
      description: 'migration_bitmap_sync: the last log is merged into RAMBlock.bmap',
      tags: ['logReturned', 'stopping'],
      always: { guard: 'othersSetBits', target: 'lastMergingWords' },
      on: step('mergeLog', 'completing'),
    },
    lastMergingWords: mergeThroughDirtyMemory(['stopping'], { target: '#migration.completing' }),
    completing: {
      description: `ram_save_complete: ${sendPage}`,
      tags: ['stopping'],
      always: { guard: 'nothingLeft', target: 'completed' },
      on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] } },
    },
    completed: { description: 'the destination runs the guest', type: 'final', entry: 'resumeDestination' },
  },
});

/** `RAMBlock.clear_bmap`, and KVM_CLEAR_DIRTY_LOG by chunk. */
const chunks = migrationThread.implement({
  actions: {
    mergeLogAndKeepIt: ({ context: { ram, qemu } }) => {
      qemu.bmap.orFrom(qemu.userBitmap);
      ram.stale.orFrom(qemu.userBitmap);
      qemu.clearBmap.fill(true);
    },
    keepLog: ({ context: { ram, qemu } }) => {
      ram.stale.orFrom(qemu.userBitmap);
      qemu.clearBmap.fill(true);
    },
    callClearDirtyLog: ({ context: { send, actors, params }, event }) =>
      send('CLEAR_DIRTY_LOG', actors.getDirtyLog, { word: event.chunk * params.wordsPerClear }),
    noteChunkToClear: ({ context: { qemu }, event }) => qemu.clearBmap.clear(event.chunk),
  },
  guards: {
    chunkNeedsClear: ({ context: { qemu }, event }) => qemu.clearBmap.has(event.chunk),
    pageIsDirtyAndCleared: ({ context: { qemu, params }, event }) =>
      qemu.bmap.has(event.gfn) && !qemu.clearBmap.has(Math.floor(qemu.bmap.wordOf(event.gfn) / params.wordsPerClear)),
  },
});

const keepLog = {
  states: { orLog: { always: { guard: 'mergedAllWords', actions: ['keepLog', 'resetWord'], target: 'takeBits' } } },
} as const;

/**
 * `migration` with KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: after each sync every chunk needs CLEAR_DIRTY_LOG before the
 * first of its pages is read (`migration_clear_memory_region_dirty_bitmap`, `kvm_log_clear_one_slot` with the cached
 * bitmap as mask; QEMU 10.2), and none in the last stage. A chunk has `wordsPerClear` words.
 */
export const migrationWithClear = migration.use(chunks).extend({
  states: {
    iterating: {
      on: {
        SEND: { guard: 'pageIsDirtyAndCleared', actions: ['clearDirtyBit', 'sendPage'] },
        CLEAR: { guard: 'chunkNeedsClear', actions: ['noteChunkToClear', 'callClearDirtyLog'], target: 'clearing' },
      },
    },
    clearing: {
      description: 'kvm_log_clear_one_slot: kvm_vm_ioctl(s, KVM_CLEAR_DIRTY_LOG, &d)',
      on: { CLEARED: 'iterating' },
    },
    merging: { on: step('mergeLogAndKeepIt', 'iterating') },
    mergingWords: keepLog,
    lastMerge: { on: step('mergeLogAndKeepIt', 'completing') },
    lastMergingWords: keepLog,
  },
});
