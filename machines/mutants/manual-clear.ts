import { defineMutant } from '../../src/model/define-design.ts';
import { manualClear as design, manualClearInitiallySet } from '../designs/index.ts';
import { manualClear as getDirtyLog } from '../get-dirty-log/manual-clear.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { migrationWithClear } from '../migration.ts';
import { step } from '../step.ts';

const wrongClears = ioctl.implement({
  actions: {
    clearWholeWord: ({ context: { kvm, ioctl, my } }) => {
      kvm.dirtyBitmap(0).xchgWord(my.word, my.mask);
      ioctl.snapshot.setWord(my.word, my.mask);
      my.flush ||= !my.mask.isEmpty();
    },
    loadWordToClear: ({ context: { kvm, my } }) => kvm.dirtyBitmap(0).loadWord(my.word, my.loaded),
    storeClearedWord: ({ context: { kvm, qemu, ioctl, my } }) => {
      qemu.userBitmap.loadWord(my.word, my.mask);
      my.loaded.fetchAndNotWord(0, my.mask);
      kvm.dirtyBitmap(0).setWord(my.word, my.loaded);
      ioctl.snapshot.setWord(my.word, my.mask);
      my.flush ||= !my.mask.isEmpty();
      my.loaded.fill(false);
    },
  },
  ghost: {
    clearWholeWord: ({ context: { my, ghost } }) => ghost.marked(0).setWord(my.word, 0),
    storeClearedWord: ({ context: { my, ghost } }) => ghost.marked(0).andNotWord(my.word, my.mask),
  },
});

const clearAfterSend = defineMutant(design, 'clear-after-send', {
  bug: 'QEMU reads the content of a page first, and calls CLEAR_DIRTY_LOG for its chunk later (M42)',
  breaks: 'no-lost-write',
  machines: {
    migration: migrationWithClear.extend({
      states: {
        iterating: {
          on: {
            SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] },
          },
        },
      },
    }),
  },
});

const clearUnsyncedBits = defineMutant(design, 'clear-unsynced-bits', {
  bug: 'CLEAR_DIRTY_LOG clears bits of its chunk that user space has not read (M38)',
  fixedBy: 'QEMU 4054adbdd2f6',
  breaks: 'no-lost-write',
  machines: {
    getDirtyLog: getDirtyLog.use(wrongClears).extend({
      states: { clearWord: { on: step('clearWholeWord', 'writeProtect') } },
    }),
  },
});

const loadStore = defineMutant(design, 'load-store', {
  bug: 'a word is cleared with a load and a store instead of fetch_andnot (M5)',
  breaks: 'atomic-bitmap',
  machines: {
    getDirtyLog: getDirtyLog.use(wrongClears).extend({
      states: {
        clearWord: { on: step('loadWordToClear', 'storeClearedWord') },
        storeClearedWord: {
          tags: ['inIoctl', 'holdsMmuLock'],
          on: step('storeClearedWord', 'writeProtect'),
        },
      },
    }),
  },
  params: { bitsPerWord: 2 },
});

const noFlush = defineMutant(design, 'no-flush', {
  bug: 'CLEAR_DIRTY_LOG returns without a TLB flush',
  breaks: 'protected-after-clear',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        writeProtect: { always: { guard: 'maskIsEmpty', actions: 'releaseMmuLock', target: 'returnFromClear' } },
      },
    }),
  },
});

const skipProtection = defineMutant(manualClearInitiallySet, 'skip-protection', {
  bug: 'the first CLEAR_DIRTY_LOG of a range takes it as protected, as it is without INITIALLY_SET',
  breaks: 'protected-after-clear',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        writeProtect: {
          always: { actions: ['resetMask', 'releaseMmuLock'], target: 'returnFromClear' },
        },
      },
    }),
  },
});

/** Bugs put back into `manual-clear`, with and without INITIALLY_SET. */
export const manualClearMutants = [clearAfterSend, clearUnsyncedBits, loadStore, noFlush, skipProtection];
