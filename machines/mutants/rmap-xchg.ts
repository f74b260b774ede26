import { defineMutant } from '../../src/model/define-design.ts';
import { rmapXchg as design } from '../designs/index.ts';
import { rmapXchg as getDirtyLog } from '../get-dirty-log/rmap-xchg.ts';
import { migrationThread } from '../migration/thread.ts';
import { migration } from '../migration.ts';
import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { noFlushAfterScan, flushNotAwaited as notAwaited } from './flush.ts';
import { loadStoreMark, nonatomicEmulatedMark, nonatomicFaultMark } from './nonatomic-mark.ts';
import { loadedWord } from './nonatomic-word.ts';

const lockedIoctl = ['inIoctl', 'holdsMmuLock'] as const;

const loadStore = defineMutant(design, 'load-store', {
  bug: 'a word of the bitmap is taken with a load and a store of zero instead of an xchg (M5)',
  breaks: 'atomic-bitmap',
  machines: {
    getDirtyLog: getDirtyLog.use(loadedWord).extend({
      states: {
        xchgWord: { on: step(['loadMask', 'snapshotMask'], 'storeZeroWord') },
        storeZeroWord: { tags: lockedIoctl, on: step('storeZeroWord', 'writeProtect') },
      },
    }),
  },
});

const protectBeforeSnapshot = defineMutant(design, 'protect-before-snapshot', {
  bug: 'the pages of set bits are protected first, and the snapshot is taken after mmu_lock was released (M6)',
  breaks: 'logged-or-protected',
  machines: {
    getDirtyLog: getDirtyLog.use(loadedWord).extend({
      states: {
        xchgWord: { on: step('loadMask', 'writeProtect') },
        flushTlbs: {
          states: {
            awaitAcks: {
              always: {
                guard: 'noAcksAwaited',
                actions: 'releaseMmuLock',
                target: '#get-dirty-log.snapshotWord',
              },
            },
          },
        },
        snapshotWord: {
          tags: ['inIoctl'],
          always: { guard: 'scannedAllWords', actions: 'resetWord', target: 'copyToUser' },
          on: step(['xchgDirtyWord', 'resetMask', 'nextWord'], 'snapshotWord'),
        },
      },
    }),
  },
});

const noFlush = defineMutant(design, 'no-flush', {
  bug: 'GET_DIRTY_LOG returns without a TLB flush (M7)',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({ states: noFlushAfterScan }),
  },
});

const flushNotAwaited = defineMutant(design, 'flush-not-awaited', {
  bug: 'the flush is posted to the vCPUs, and GET_DIRTY_LOG does not wait for them',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: { flushTlbs: notAwaited({ actions: ['releaseMmuLock'], target: '#get-dirty-log.copyToUser' }) },
    }),
  },
});

const getWithoutMmuLock = defineMutant(design, 'get-without-mmu-lock', {
  bug: 'GET_DIRTY_LOG does not take mmu_lock',
  breaks: 'mutual-exclusion',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        lockSlots: { on: { SLOTS_LOCKED: 'loadWord' } },
        loadWord: {
          always: [
            { guard: 'scannedAllCleanWords', actions: 'resetWord', target: 'copyToUser' },
            { guard: 'scannedAllWords', actions: 'resetWord', target: 'flushTlbs' },
          ],
        },
        flushTlbs: {
          states: { awaitAcks: { always: { guard: 'noAcksAwaited', target: '#get-dirty-log.copyToUser' } } },
        },
      },
    }),
  },
});

const faultWithoutMmuLock = defineMutant(design, 'fault-without-mmu-lock', {
  bug: 'the page fault does not take mmu_lock',
  breaks: 'mutual-exclusion',
  machines: {
    vcpu: vcpu.extend({
      states: {
        host: {
          states: {
            lockMmu: { entry: [], always: 'readMemslots' },
            setSpte: { on: step(['setSpteWritable', 'resetGfn'], 'enterGuest') },
          },
        },
      },
    }),
  },
});

const nonatomicMark = defineMutant(design, 'nonatomic-mark', {
  bug: 'marks are a load and a store: two vCPUs, one of them without mmu_lock, mark in one word (M3)',
  breaks: 'atomic-bitmap',
  machines: {
    vcpu: vcpu
      .use(loadStoreMark)
      .extend({ states: { host: { states: { ...nonatomicFaultMark, ...nonatomicEmulatedMark } } } }),
  },
});

const nonatomicEmulation = defineMutant(design, 'nonatomic-emulated-mark', {
  bug: 'the mark of an emulated write is a load and a store, and an xchg comes in between (M3, second form)',
  breaks: 'atomic-bitmap',
  machines: { vcpu: vcpu.use(loadStoreMark).extend({ states: { host: { states: nonatomicEmulatedMark } } }) },
  params: { vcpus: 1 },
});

const lastSyncBeforePause = defineMutant(design, 'last-sync-before-pause', {
  bug: 'QEMU takes the log for the last time, and then stops the vCPUs (M47)',
  breaks: 'final-image',
  machines: {
    migration: migration.extend({
      states: {
        iterating: {
          on: {
            STOP: 'lastSync',
          },
        },
        lastMerge: { on: step('mergeLog', 'pausing') },
        pausing: { always: { guard: 'allStopped', target: 'completing' } },
      },
    }),
  },
});

/** The bits of a round are cleared when its log has been merged. */
const lateClear = migrationThread.implement({
  actions: {
    noteSent: ({ context: { my }, event }) => my.sent.set(event.gfn),
    clearSentBits: ({ context: { qemu, my } }) => {
      qemu.bmap.andNotFrom(my.sent);
      my.sent.fill(false);
    },
  },
  guards: {
    pageIsDirtyAndUnsent: ({ context: { qemu, my }, event }) => qemu.bmap.has(event.gfn) && !my.sent.has(event.gfn),
  },
});

const clearBitAfterCopy = defineMutant(design, 'clear-bit-after-copy', {
  bug: 'QEMU clears its own bit of a page after it has copied the page, when a new log has been merged already (M40)',
  fixedBy: 'QEMU 86b124bc76bd',
  breaks: 'no-lost-write',
  machines: {
    migration: migration.use(lateClear).extend({
      states: {
        iterating: {
          on: {
            SEND: { guard: 'pageIsDirtyAndUnsent', actions: ['sendPage', 'noteSent'] },
          },
        },
        merging: { on: step(['mergeLog', 'clearSentBits'], 'iterating') },
        lastMerge: { on: step(['mergeLog', 'clearSentBits'], 'completing') },
      },
    }),
  },
});

const pauseNotAwaited = defineMutant(design, 'pause-not-awaited', {
  bug: 'QEMU kicks the vCPUs and does not wait until they have stopped',
  breaks: 'final-image',
  machines: {
    migration: migration.extend({ states: { pausing: { entry: 'kickVcpus', always: 'lastSync' } } }),
  },
});

const lockKeptWhenClean = defineMutant(design, 'lock-kept-when-clean', {
  bug: 'GET_DIRTY_LOG that finds nothing dirty returns early, with mmu_lock held',
  breaks: 'no-deadlock',
  params: { vcpus: 1, pages: 1 },
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        loadWord: {
          always: [
            { guard: 'scannedAllCleanWords', actions: 'resetWord', target: 'copyToUser' },
            { guard: 'scannedAllWords', actions: 'resetWord', target: 'flushTlbs' },
          ],
        },
      },
    }),
  },
});

/** Bugs put back into `rmap-xchg`. */
export const rmapXchgMutants = [
  loadStore,
  protectBeforeSnapshot,
  noFlush,
  flushNotAwaited,
  getWithoutMmuLock,
  faultWithoutMmuLock,
  nonatomicMark,
  nonatomicEmulation,
  lastSyncBeforePause,
  clearBitAfterCopy,
  pauseNotAwaited,
  lockKeptWhenClean,
];
