import { migration } from './migration.ts';

/** A merge of the log under `bitmap_mutex`, and then on. */
const mergeUnderMutex = <const Tag extends string, const Target extends string>(
  tags: readonly Tag[],
  then: { readonly target: Target },
) =>
  ({
    tags: ['logReturned', ...tags],
    initial: 'lockBitmap',
    states: {
      lockBitmap: { entry: 'requestBitmapMutex', on: { BITMAP_LOCKED: 'merge' } },
      merge: { on: { STEP: { actions: ['mergeLogAndCount', 'releaseBitmapMutex'], ...then } } },
    },
  }) as const;

/** A change of what the balloon is to do, under its lock, which waits for a hint that is being taken (`virtio_balloon_free_page_stop`, `..._start`). */
const tellBalloon = <const Tag extends string, const Action extends string, const Target extends string>(
  tags: readonly Tag[],
  action: Action,
  then: { readonly target: Target },
) =>
  ({
    tags,
    initial: 'lockFreePages',
    states: {
      lockFreePages: { entry: 'requestFreePageLock', on: { FREE_PAGES_LOCKED: 'tell' } },
      tell: { on: { STEP: { actions: [action, 'releaseFreePageLock'], ...then } } },
    },
  }) as const;

/**
 * The migration thread where the guest tells which pages are free: `virtio_balloon_free_page_hint_notify` (hw/virtio/virtio-balloon.c, QEMU 10.2) stops
 * the hints before each sync of the bitmap, and requests new ones after it, but for the last. So a hint clears no bit that was set after the guest
 * gave it. Pages are sent under `bitmap_mutex` (`migration_bitmap_clear_dirty` since 386a907b37a9, QEMU 4.0; today `ram_save_iterate` holds it for a
 * pass), and logs are merged under it. When the guest has stopped nobody else is there to clear bits.
 */
export const migrationWithHints = migration
  .extend({
    states: {
      setup: { on: { MEMORY_REGION_SET: 'lockBitmap' } },
      startingLog: { on: { MEMORY_REGION_SET: 'lockBitmap' } },
      lockBitmap: { entry: 'requestBitmapMutex', on: { BITMAP_LOCKED: 'iterating' } },
      iterating: {
        on: {
          SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'countOff', 'sendPage'] },
          PASS_ENDS: { actions: 'releaseBitmapMutex', target: 'lockBitmap' },
          SYNC: { actions: 'releaseBitmapMutex', target: 'stoppingHints' },
          STOP: { actions: 'releaseBitmapMutex', target: 'pausing' },
        },
      },
      stoppingHints: tellBalloon(['stopsHints'], 'stopHints', { target: '#migration.syncing' }),
      requestingHints: tellBalloon([], 'requestHints', { target: '#migration.lockBitmap' }),
      stoppingDevices: { always: { guard: 'devicesStopped', target: 'stoppingHintsForGood' } },
      stoppingHintsForGood: tellBalloon(['stopping', 'stopsHints'], 'stopHints', { target: '#migration.lastSync' }),
      completing: { on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'countOff', 'sendPage'] } } },
    },
  })
  .extend({
    states: {
      syncing: { on: { DIRTY_LOG: 'mergingUnderMutex' } },
      mergingUnderMutex: mergeUnderMutex([], { target: '#migration.requestingHints' }),
      lastSync: { on: { DIRTY_LOG: 'lastMergeUnderMutex' } },
      lastMergeUnderMutex: mergeUnderMutex(['stopping'], { target: '#migration.completing' }),
    },
  });
