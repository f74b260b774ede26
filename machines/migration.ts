import { bitmap, counter } from '../src/model/declare.ts';
import { chunkCount, othersSetBits, vcpusOf, wordCount } from './params.ts';
import { hintStatuses, kvm } from './system.ts';

const reportedIsChanged =
  'that a page counts as changed once the log reports it is for properties only: no code reads it';

/**
 * `migration_bitmap_sync` where devices, or a display refresh, set bits in `ram_list.dirty_memory` meanwhile: the log is put in with an atomic or, word by word
 * (`physical_memory_set_dirty_lebitmap`), then each word is taken out with an xchg and goes to `RAMBlock.bmap`
 * (`physical_memory_sync_dirty_bitmap`, under `bitmap_mutex`).
 * @param then where to go when all words are merged
 */
const mergeThroughDirtyMemory = <const Target extends string, const Tag extends string = never>(
  tags: readonly Tag[],
  then: { readonly target: Target },
) =>
  ({
    tags,
    initial: 'orLog',
    states: {
      orLog: {
        tags: ['logReturned'],
        always: { guard: 'mergedAllWords', actions: ['forgetLog', 'resetWord'], target: 'takeBits' },
        on: { STEP: { actions: 'orLogWord', meta: { coarse: reportedIsChanged } } },
      },
      takeBits: {
        tags: ['takesDirtyMemory'],
        always: { guard: 'mergedAllWords', actions: 'resetWord', ...then },
        on: { STEP: { actions: 'takeDirtyWord' } },
      },
    },
  }) as const;

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
      /** the memory map changes: the slot is removed, and added again */
      REMOVE: { optional: true },
      /** `ram_save_iterate` comes to its end, and lets others at the bitmap, before all is sent */
      PASS_ENDS: { optional: true },
      SEND: { field: 'gfn', size: ({ pages }) => pages },
      CLEAR: { field: 'chunk', size: chunkCount },
    },
    registers: (size) => ({
      /** vCPUs that have not stopped yet */
      running: vcpusOf(size),
      /** pages sent in this round; only a thread that clears its bits late needs it */
      sent: bitmap(size.pages, { cold: true }),
      /** devices and host writers that have not stopped yet */
      toStop: counter(size.hostWriters + size.devices),
      /** the count of pages to send, where it is loaded and stored */
      count: counter(size.freePageHints * size.pages),
      /** the word that is merged next, where somebody else sets bits as well */
      word: counter(othersSetBits(size) ? wordCount(size) : 0),
      /** that word */
      loaded: bitmap(othersSetBits(size) ? Math.min(size.bitsPerWord, size.pages) : 0, {
        bitsPerWord: size.bitsPerWord,
      }),
    }),
  })
  .setup({
    actions: {
      callSetUserMemoryRegion: ({ context: { send, actors } }) =>
        send('SET_USER_MEMORY_REGION', actors.setMemoryRegion),
      callSetReadOnly: ({ context: { send, actors } }) => send('SET_READONLY', actors.setMemoryRegion),
      callDeleteSlot: ({ context: { send, actors } }) => send('DELETE_SLOT', actors.setMemoryRegion),
      /** a run that begins with the log on: as if it had just been switched on */
      skipWhatIsOn: ({ context: { send, me, params } }) => {
        if (params.loggingOn === 1) send('MEMORY_REGION_SET', me);
      },
      callGetDirtyLog: ({ context: { send, actors } }) => send('GET_DIRTY_LOG', actors.getDirtyLog),
      mergeLog: ({ context: { ram, qemu } }) => {
        qemu.bmap.orFrom(qemu.userBitmap);
        ram.stale.orFrom(qemu.userBitmap);
        qemu.userBitmap.fill(false);
      },
      requestBql: ({ context: { send, actors } }) => send('LOCK_BQL', actors.bql[0] as number),
      mergeLogAndKeepIt: ({ context: { ram, qemu } }) => {
        qemu.bmap.orFrom(qemu.userBitmap);
        ram.stale.orFrom(qemu.userBitmap);
        qemu.clearBmap.fill(true);
      },
      orLogWord: ({ context: { ramList, qemu, my } }) => {
        qemu.userBitmap.loadWord(my.word, my.loaded);
        ramList.dirtyMemory.orWord(my.word, my.loaded);
        my.loaded.fill(false);
        my.word++;
      },
      forgetLog: ({ context: { ram, qemu, ghost } }) => {
        ram.stale.orFrom(qemu.userBitmap);
        qemu.userBitmap.fill(false);
        ghost.taken(0).fill(false);
      },
      keepLog: ({ context: { ram, qemu } }) => {
        ram.stale.orFrom(qemu.userBitmap);
        qemu.clearBmap.fill(true);
      },
      takeDirtyWord: ({ context: { ramList, qemu, my } }) => {
        ramList.dirtyMemory.xchgWord(my.word, my.loaded);
        qemu.bmap.orWord(my.word, my.loaded);
        my.loaded.fill(false);
        my.word++;
      },
      resetWord: ({ context: { my } }) => {
        my.word = 0;
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
      stopDevices: ({ context: { my, send, actors } }) => {
        my.toStop = actors.hostWriter.length + actors.device.length;
        for (const writer of [...actors.hostWriter, ...actors.device]) send('VM_STOP', writer);
      },
      noteDeviceStopped: ({ context: { my } }) => {
        my.toStop--;
      },
      requestFreePageLock: ({ context: { send, actors } }) => send('LOCK_FREE_PAGES', actors.freePageLock[0] as number),
      releaseFreePageLock: ({ context: { send, actors } }) =>
        send('UNLOCK_FREE_PAGES', actors.freePageLock[0] as number),
      stopHints: ({ context: { qemu } }) => qemu.hintStatus.set(hintStatuses.STOP),
      requestHints: ({ context: { qemu } }) => qemu.hintStatus.set(hintStatuses.REQUESTED),
      resumeHints: ({ context: { qemu } }) => qemu.hintStatus.set(hintStatuses.START),
      requestBitmapMutex: ({ context: { send, actors } }) => send('LOCK_BITMAP', actors.bitmapMutex[0] as number),
      releaseBitmapMutex: ({ context: { send, actors } }) => send('UNLOCK_BITMAP', actors.bitmapMutex[0] as number),
      mergeLogAndCount: ({ context: { qemu } }) => {
        const before = qemu.bmap.count();
        qemu.bmap.orFrom(qemu.userBitmap);
        qemu.dirtyPages.set(qemu.dirtyPages.get() + qemu.bmap.count() - before);
        qemu.userBitmap.fill(false);
      },
      countOff: ({ context: { qemu } }) => qemu.dirtyPages.set(qemu.dirtyPages.get() - 1),
      loadCount: ({ context: { qemu, my } }) => {
        my.count = qemu.dirtyPages.get();
      },
      storeCount: ({ context: { qemu, my } }) => {
        qemu.dirtyPages.set(my.count - 1);
        my.count = 0;
      },
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
      devicesStopped: ({ context: { my } }) => my.toStop === 0,
      othersSetBits: ({ context: { params } }) => othersSetBits(params),
      mergedAllWords: ({ context: { my, params } }) => my.word === wordCount(params),
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
      merging: {
        tags: ['logReturned'],
        always: { guard: 'othersSetBits', target: 'mergingWords' },
        on: { STEP: { actions: 'mergeLog', target: 'iterating' } },
      },
      mergingWords: mergeThroughDirtyMemory([], { target: '#migration.iterating' }),
      pausing: {
        tags: ['stopping'],
        entry: ['expectAllToStop', 'kickVcpus'],
        always: { guard: 'allStopped', target: 'stoppingDevices' },
        on: { PAUSED: { actions: 'noteStopped' } },
      },
      stoppingDevices: {
        tags: ['stopping'],
        entry: 'stopDevices',
        always: { guard: 'devicesStopped', target: 'lastSync' },
        on: { STOPPED: { actions: 'noteDeviceStopped' } },
      },
      lastSync: { tags: ['stopping'], entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'lastMerge' } },
      lastMerge: {
        tags: ['logReturned', 'stopping'],
        always: { guard: 'othersSetBits', target: 'lastMergingWords' },
        on: { STEP: { actions: 'mergeLog', target: 'completing' } },
      },
      lastMergingWords: mergeThroughDirtyMemory(['stopping'], { target: '#migration.completing' }),
      completing: {
        tags: ['stopping'],
        always: { guard: 'nothingLeft', target: 'completed' },
        on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] } },
      },
      completed: { type: 'final', entry: 'resumeDestination' },
    },
  });

const keepLog = {
  states: { orLog: { always: { guard: 'mergedAllWords', actions: ['keepLog', 'resetWord'], target: 'takeBits' } } },
} as const;

/**
 * The migration thread with KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: after each sync every chunk needs CLEAR_DIRTY_LOG before the first of its
 * pages is read (`migration_clear_memory_region_dirty_bitmap`, `kvm_log_clear_one_slot` with the cached bitmap as mask; QEMU 10.2), and none
 * in the last stage. A chunk has `wordsPerClear` words.
 */
export const migrationWithClear = migration.extend({
  states: {
    iterating: {
      on: {
        SEND: { guard: 'pageIsDirtyAndCleared', actions: ['clearDirtyBit', 'sendPage'] },
        CLEAR: { guard: 'chunkNeedsClear', actions: ['noteChunkToClear', 'callClearDirtyLog'], target: 'clearing' },
      },
    },
    clearing: { on: { CLEARED: 'iterating' } },
    merging: { on: { STEP: { actions: 'mergeLogAndKeepIt', target: 'iterating' } } },
    mergingWords: keepLog,
    lastMerge: { on: { STEP: { actions: 'mergeLogAndKeepIt', target: 'completing' } } },
    lastMergingWords: keepLog,
  },
});

/**
 * The migration thread beside a display refresh, which takes the same log: it stops the guest and takes the last log under the BQL, as
 * `migration_completion` does, so that no refresh is under way then. QEMU 10.2 takes all its logs under `kvm_slots_lock`, too; here the
 * logs of earlier rounds meet in the kernel, which must not count on user space.
 */
export const migrationBesideDisplay = migration.extend({
  states: {
    iterating: { on: { STOP: 'lockBql' } },
    lockBql: { tags: ['stopping'], entry: 'requestBql', on: { BQL_LOCKED: 'pausing' } },
  },
});
