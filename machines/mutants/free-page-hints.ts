import { defineMutant } from '../../src/model/design.ts';
import { freePageHints } from '../designs/index.ts';
import { migrationWithHints } from '../free-page-hints.ts';

const sendWithoutMutex = defineMutant(freePageHints, 'send-without-bitmap-mutex', {
  bug: 'QEMU clears the bit of a page that it sends, and counts it off with a load and a store, without bitmap_mutex: a hint that is taken in between is not counted (M41)',
  fixedBy: 'QEMU 386a907b37a9',
  breaks: 'dirty-pages-counted',
  params: { pages: 2 },
  machines: {
    migration: migrationWithHints.extend({
      states: {
        lockBitmap: { entry: [], always: 'iterating' },
        iterating: {
          on: {
            SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'loadCount', 'sendPage'], target: 'storeCount' },
            PASS_ENDS: [],
            SYNC: 'stoppingHints',
            STOP: 'pausing',
          },
        },
        storeCount: { tags: ['countsPages'], on: { STEP: { actions: 'storeCount', target: 'iterating' } } },
      },
    }),
  },
});

const hintsNotStopped = defineMutant(freePageHints, 'hints-not-stopped', {
  bug: 'QEMU takes hints on while it syncs its bitmap: a page that was named free, and written again, loses its bit',
  breaks: 'no-lost-write',
  machines: {
    migration: migrationWithHints.extend({
      states: {
        iterating: { on: { SYNC: { actions: 'releaseBitmapMutex', target: 'syncing' } } },
        stoppingDevices: { always: { guard: 'devicesStopped', target: 'lastSync' } },
      },
    }),
  },
});

const stopNotAwaited = defineMutant(freePageHints, 'stop-not-awaited', {
  bug: 'QEMU stops the hints without free_page_lock: one that is being taken clears its bit after the sync has set it',
  breaks: 'no-lost-write',
  machines: {
    migration: migrationWithHints.extend({
      states: {
        stoppingHints: {
          states: {
            lockFreePages: { entry: [], always: 'tell' },
            tell: { on: { STEP: { actions: 'stopHints', target: '#migration.syncing' } } },
          },
        },
      },
    }),
  },
});

const oldHintTaken = defineMutant(freePageHints, 'old-hint-taken', {
  bug: 'QEMU goes on with the hints after a sync without a new command: one that was given before it clears a bit',
  breaks: 'no-lost-write',
  machines: {
    migration: migrationWithHints.extend({
      states: {
        requestingHints: {
          states: {
            lockFreePages: {},
            tell: {
              on: { STEP: { actions: ['resumeHints', 'releaseFreePageLock'], target: '#migration.lockBitmap' } },
            },
          },
        },
      },
    }),
  },
});

/** Bugs of free page hints: of who may clear which bit of QEMU's bitmap, and when. */
export const freePageMutants = [sendWithoutMutex, hintsNotStopped, stopNotAwaited, oldHintTaken];
