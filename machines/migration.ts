import { bitmap } from '../src/model/cells.ts';
import { chunkCount, kvm, vcpusOf } from './system.ts';

/**
 * QEMU's migration thread: it switches the log on (`ram_init_bitmaps`, `memory_global_dirty_log_start`), then come rounds of GET_DIRTY_LOG and sending, and at any moment the decision to stop. Mirrors
 * `migration_iteration_run`, `migration_completion`, `migration_bitmap_sync` and `ram_save_host_page` of QEMU 10.2 (migration/migration.c,
 * migration/ram.c), with dirty pages in any order and the decision left open: a real threshold is one of the choices.
 */
export const migration = kvm
  .actor({
    events: {
      STEP: {},
      SYNC: { optional: true },
      STOP: { optional: true },
      SEND: { field: 'gfn', size: ({ pages }) => pages },
      CLEAR: { field: 'chunk', size: chunkCount },
    },
    registers: (size) => ({
      /** vCPUs that have not stopped yet */
      running: vcpusOf(size),
      /** pages sent in this round; only a thread that clears its bits late needs it */
      sent: bitmap(size.pages),
    }),
  })
  .setup({
    actions: {
      callSetUserMemoryRegion: ({ context: { send, actors } }) =>
        send('SET_USER_MEMORY_REGION', actors.setMemoryRegion),
      /** a run that begins with the log on: as if it had just been switched on */
      skipWhatIsOn: ({ context: { send, me, params } }) => {
        if (params.loggingOn === 1) send('MEMORY_REGION_SET', me);
      },
      callGetDirtyLog: ({ context: { send, actors } }) => send('GET_DIRTY_LOG', actors.getDirtyLog),
      mergeLog: ({ context: { qemu, ghost } }) => {
        qemu.bmap.orFrom(qemu.userBitmap);
        qemu.userBitmap.fill(false);
        ghost.due.fill(false);
        ghost.taken(0).fill(false);
      },
      requestBql: ({ context: { send, actors } }) => send('LOCK_BQL', actors.bql[0] as number),
      mergeLogAndKeepIt: ({ context: { qemu, ghost } }) => {
        qemu.bmap.orFrom(qemu.userBitmap);
        qemu.clearBmap.fill(true);
        ghost.due.fill(false);
      },
      callClearDirtyLog: ({ context: { send, actors, params }, event }) =>
        send('CLEAR_DIRTY_LOG', actors.getDirtyLog, { word: event.chunk * params.wordsPerClear }),
      noteChunkToClear: ({ context: { qemu }, event }) => qemu.clearBmap.clear(event.chunk),
      clearDirtyBit: ({ context: { qemu }, event }) => qemu.bmap.clear(event.gfn),
      noteSent: ({ context: { my }, event }) => my.sent.set(event.gfn),
      clearSentBits: ({ context: { qemu, my } }) => {
        qemu.bmap.andNotFrom(my.sent);
        my.sent.fill(false);
      },
      sendPage: ({ context: { send, actors }, event }) => send('PAGE', actors.destination, { gfn: event.gfn }),
      expectAllToStop: ({ context: { my } }) => my.running.fill(true),
      kickVcpus: ({ context: { send, actors } }) => {
        for (const vcpu of actors.vcpu) send('PAUSE', vcpu);
      },
      noteStopped: ({ context: { my }, event }) => my.running.clear(event.from),
      resumeDestination: ({ context: { send, actors } }) => send('RESUME', actors.destination),
    },
    guards: {
      pageIsDirty: ({ context: { qemu }, event }) => qemu.bmap.has(event.gfn),
      chunkNeedsClear: ({ context: { qemu }, event }) => qemu.clearBmap.has(event.chunk),
      pageIsDirtyAndCleared: ({ context: { qemu, params }, event }) =>
        qemu.bmap.has(event.gfn) && !qemu.clearBmap.has(Math.floor(qemu.bmap.wordOf(event.gfn) / params.wordsPerClear)),
      pageIsDirtyAndUnsent: ({ context: { qemu, my }, event }) => qemu.bmap.has(event.gfn) && !my.sent.has(event.gfn),
      nothingLeft: ({ context: { qemu } }) => qemu.bmap.isEmpty(),
      allStopped: ({ context: { my } }) => my.running.isEmpty(),
    },
  })
  .createMachine({
    id: 'migration',
    initial: 'setup',
    states: {
      setup: {
        tags: ['notLogging'],
        entry: 'skipWhatIsOn',
        on: { STEP: 'startingLog', MEMORY_REGION_SET: 'iterating' },
      },
      startingLog: {
        tags: ['notLogging'],
        entry: 'callSetUserMemoryRegion',
        on: { MEMORY_REGION_SET: 'iterating' },
      },
      iterating: {
        on: {
          SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] },
          SYNC: 'syncing',
          STOP: 'pausing',
        },
      },
      syncing: { entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'merging' } },
      merging: { tags: ['logReturned'], on: { STEP: { actions: 'mergeLog', target: 'iterating' } } },
      pausing: {
        tags: ['stopping'],
        entry: ['expectAllToStop', 'kickVcpus'],
        always: { guard: 'allStopped', target: 'lastSync' },
        on: { PAUSED: { actions: 'noteStopped' } },
      },
      lastSync: { tags: ['stopping'], entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'lastMerge' } },
      lastMerge: { tags: ['logReturned', 'stopping'], on: { STEP: { actions: 'mergeLog', target: 'completing' } } },
      completing: {
        tags: ['stopping'],
        always: { guard: 'nothingLeft', target: 'completed' },
        on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] } },
      },
      completed: { type: 'final', entry: 'resumeDestination' },
    },
  });

/**
 * The migration thread with KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: after each sync every chunk needs CLEAR_DIRTY_LOG before the first of its
 * pages is read (`migration_clear_memory_region_dirty_bitmap`, `kvm_log_clear_one_slot` with the cached bitmap as mask; QEMU 10.2), and none
 * in the last stage. A chunk has `wordsPerClear` words.
 */
export const migrationWithClear = migration.with({
  states: {
    iterating: {
      on: {
        SEND: { guard: 'pageIsDirtyAndCleared', actions: ['clearDirtyBit', 'sendPage'] },
        CLEAR: { guard: 'chunkNeedsClear', actions: ['noteChunkToClear', 'callClearDirtyLog'], target: 'clearing' },
      },
    },
    clearing: { on: { CLEARED: 'iterating' } },
    merging: { on: { STEP: { actions: 'mergeLogAndKeepIt', target: 'iterating' } } },
    lastMerge: { on: { STEP: { actions: 'mergeLogAndKeepIt', target: 'completing' } } },
  },
});

/**
 * The migration thread beside a display refresh, which takes the same log: it stops the guest and takes the last log under the BQL, as
 * `migration_completion` does, so that no refresh is under way then. QEMU 10.2 takes all its logs under `kvm_slots_lock`, too; here the
 * logs of earlier rounds meet in the kernel, which must not count on user space.
 */
export const migrationBesideDisplay = migration.with({
  states: {
    iterating: { on: { STOP: 'lockBql' } },
    lockBql: { tags: ['stopping'], entry: 'requestBql', on: { BQL_LOCKED: 'pausing' } },
  },
});
