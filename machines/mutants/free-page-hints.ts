import { defineMutant } from '../../src/model/define-design.ts';
import { freePageHints } from '../designs/index.ts';
import { migrationThreadWithHints, migrationWithHints } from '../free-page-hints/migration.ts';
import { hintStatuses } from '../free-page-hints/system.ts';
import { step } from '../step.ts';

/** `migration_dirty_pages--` as a load and a store. */
const loadStoreCount = migrationThreadWithHints.implement({
  actions: {
    loadCount: ({ context: { ramState, my } }) => {
      my.count = ramState.dirtyPages.get();
    },
    storeCount: ({ context: { ramState, my } }) => {
      ramState.dirtyPages.set(my.count - 1);
      my.count = 0;
    },
  },
});

/** The balloon and migration race for the bitmap and the count of its bits, for this reason. */
const bitmapRaces = (reason: string): Readonly<Record<string, string>> => ({
  'qemu.bmap': reason,
  'ramState.dirtyPages': reason,
});

const sendWithoutMutex = defineMutant(freePageHints, 'send-without-bitmap-mutex', {
  bug: 'QEMU clears the bit of a page that it sends, and counts it off with a load and a store, without bitmap_mutex: a hint that is taken in between is not counted (M41)',
  fixedBy: 'QEMU 386a907b37a9',
  breaks: 'dirty-pages-counted',
  params: { pages: 2 },
  races: bitmapRaces('bitmap_mutex, which it leaves out, gives the bitmap one owner at a time'),
  machines: {
    migration: migrationWithHints.use(loadStoreCount).extend({
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
        storeCount: { tags: ['countsPages'], on: step('storeCount', 'iterating') },
      },
    }),
  },
});

const hintsNotStopped = defineMutant(freePageHints, 'hints-not-stopped', {
  bug: 'QEMU takes hints while it syncs its bitmap: a page that was named free, and written again, loses its bit',
  breaks: 'no-lost-write',
  races: bitmapRaces('migration completes without bitmap_mutex, as no hint is to be taken any more'),
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
  races: { 'virtioBalloon.hintStatus': 'free_page_lock, which it leaves out, gives the status one owner at a time' },
  machines: {
    migration: migrationWithHints.extend({
      states: {
        stoppingHints: {
          states: {
            lockFreePages: { entry: [], always: 'setStatus' },
            setStatus: { on: step('stopHints', '#migration.syncing') },
          },
        },
      },
    }),
  },
});

const resumption = migrationThreadWithHints.implement({
  actions: { resumeHints: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.set(hintStatuses.START) },
});

const oldHintTaken = defineMutant(freePageHints, 'old-hint-taken', {
  bug: 'QEMU resumes the hints after a sync without a new command: one that was given before it clears a bit',
  breaks: 'no-lost-write',
  machines: {
    migration: migrationWithHints.use(resumption).extend({
      states: {
        requestingHints: {
          states: {
            lockFreePages: {},
            setStatus: { on: step(['resumeHints', 'releaseFreePageLock'], '#migration.lockBitmap') },
          },
        },
      },
    }),
  },
});

/** Bugs of free page hints: which thread may clear which bit of QEMU's bitmap, and when. */
export const freePageMutants = [sendWithoutMutex, hintsNotStopped, stopNotAwaited, oldHintTaken];
