import { counter } from '../../src/model/declare.ts';
import { migrationThread } from '../migration/thread.ts';
import { migration } from '../migration.ts';
import { hintStatuses, kvmWithFreePageHints } from './system.ts';

/** The migration thread where the balloon clears bits of `RAMBlock.bmap`. */
export const migrationThreadWithHints = kvmWithFreePageHints.extendActor(migrationThread, {
  events: {
    /** `ram_save_iterate` ends, and releases `bitmap_mutex`, before all pages are sent */
    PASS_ENDS: { optional: true },
  },
  registers: ({ pages }) => ({
    /** the loaded `migration_dirty_pages`, in a mutant that counts with a load and a store */
    count: counter(pages),
  }),
});

/** `free_page_hint_status` of the balloon, under `free_page_lock`. */
const hintStatus = migrationThreadWithHints.implement({
  actions: {
    requestFreePageLock: ({ context: { send, actors } }) => send('LOCK_FREE_PAGES', actors.freePageLock),
    releaseFreePageLock: ({ context: { send, actors } }) => send('UNLOCK_FREE_PAGES', actors.freePageLock),
    stopHints: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.set(hintStatuses.STOP),
    requestHints: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.set(hintStatuses.REQUESTED),
  },
});

/** `migration_dirty_pages`, under `bitmap_mutex`. */
const dirtyPages = migrationThreadWithHints.implement({
  actions: {
    requestBitmapMutex: ({ context: { send, actors } }) => send('LOCK_BITMAP', actors.bitmapMutex),
    releaseBitmapMutex: ({ context: { send, actors } }) => send('UNLOCK_BITMAP', actors.bitmapMutex),
    mergeLogAndCount: ({ context: { qemu, ramState } }) => {
      const before = qemu.bmap.count();
      qemu.bmap.orFrom(qemu.userBitmap);
      ramState.dirtyPages.set(ramState.dirtyPages.get() + qemu.bmap.count() - before);
      qemu.userBitmap.fill(false);
    },
    countOff: ({ context: { ramState } }) => ramState.dirtyPages.set(ramState.dirtyPages.get() - 1),
  },
});

/** Returns the states of a merge of the log under `bitmap_mutex`. */
const mergeUnderMutex = <const Tag extends string, const Target extends string>(
  tags: readonly Tag[],
  then: { readonly target: Target },
) =>
  ({
    tags: ['logReturned', ...tags],
    initial: 'lockBitmap',
    states: {
      lockBitmap: {
        description: 'migration_bitmap_sync: qemu_mutex_lock(&rs->bitmap_mutex)',
        entry: 'requestBitmapMutex',
        on: { BITMAP_LOCKED: 'merge' },
      },
      merge: {
        description: 'ramblock_sync_dirty_bitmap: rs->migration_dirty_pages += num_dirty',
        on: { STEP: { actions: ['mergeLogAndCount', 'releaseBitmapMutex'], ...then } },
      },
    },
  }) as const;

/**
 * Returns the states of a change of `free_page_hint_status`, under the lock of the balloon, which waits for a hint that
 * is being taken (`virtio_balloon_free_page_stop`, `virtio_balloon_free_page_start`).
 */
const setHintStatus = <const Tag extends string, const Action extends string, const Target extends string>(
  tags: readonly Tag[],
  action: Action,
  then: { readonly target: Target },
) =>
  ({
    tags,
    initial: 'lockFreePages',
    states: {
      lockFreePages: {
        description: 'qemu_mutex_lock(&s->free_page_lock)',
        entry: 'requestFreePageLock',
        on: { FREE_PAGES_LOCKED: 'setStatus' },
      },
      setStatus: {
        description: 's->free_page_hint_status = ...; qemu_mutex_unlock(&s->free_page_lock);',
        on: { STEP: { actions: [action, 'releaseFreePageLock'], ...then } },
      },
    },
  }) as const;

/**
 * `migration` where the guest tells which pages are free: `virtio_balloon_free_page_hint_notify`
 * (hw/virtio/virtio-balloon.c, QEMU 10.2) stops the hints before each sync of the bitmap, and requests new ones after
 * it, except the last. So a hint clears no bit that was set after the guest gave it. Pages are sent under
 * `bitmap_mutex` (`migration_bitmap_clear_dirty` since 386a907b37a9, QEMU 4.0; today `ram_save_iterate` holds it for a
 * pass), and logs are merged under it. When the guest has stopped no other thread clears bits.
 */
export const migrationWithHints = migration
  .as(migrationThreadWithHints)
  .use(hintStatus, dirtyPages)
  .extend({
    states: {
      setup: { on: { MEMORY_REGION_SET: 'lockBitmap' } },
      startingLog: { on: { MEMORY_REGION_SET: 'lockBitmap' } },
      lockBitmap: {
        description: 'ram_save_iterate: qemu_mutex_lock(&rs->bitmap_mutex)',
        entry: 'requestBitmapMutex',
        on: { BITMAP_LOCKED: 'iterating' },
      },
      iterating: {
        on: {
          SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'countOff', 'sendPage'] },
          PASS_ENDS: { actions: 'releaseBitmapMutex', target: 'lockBitmap' },
          SYNC: { actions: 'releaseBitmapMutex', target: 'stoppingHints' },
          STOP: { actions: 'releaseBitmapMutex', target: 'pausing' },
        },
      },
      stoppingHints: setHintStatus(['stopsHints'], 'stopHints', { target: '#migration.syncing' }),
      stoppingDevices: { always: { guard: 'devicesStopped', target: 'stoppingHintsForGood' } },
      stoppingHintsForGood: setHintStatus(['stopping', 'stopsHints'], 'stopHints', { target: '#migration.lastSync' }),
      completing: { on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'countOff', 'sendPage'] } } },
    },
  })
  .extend({
    states: {
      syncing: { on: { DIRTY_LOG: 'mergingUnderMutex' } },
      mergingUnderMutex: mergeUnderMutex([], { target: '#migration.requestingHints' }),
      requestingHints: setHintStatus([], 'requestHints', { target: '#migration.lockBitmap' }),
      lastSync: { on: { DIRTY_LOG: 'lastMergeUnderMutex' } },
      lastMergeUnderMutex: mergeUnderMutex(['stopping'], { target: '#migration.completing' }),
    },
  });
