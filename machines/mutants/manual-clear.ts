import { defineMutant } from '../../src/model/design.ts';
import { manualClear as design, manualClearInitiallySet } from '../designs.ts';
import { manualClear as getDirtyLog } from '../get-dirty-log/manual-clear.ts';
import { migrationWithClear } from '../migration.ts';

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
  bug: 'CLEAR_DIRTY_LOG clears bits of its chunk that user space has not seen (M38)',
  fixedBy: 'QEMU 4054adbdd2f6',
  breaks: 'no-lost-write',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: { clearWord: { on: { STEP: { actions: 'clearWholeWord', target: 'writeProtect' } } } },
    }),
  },
});

const loadStore = defineMutant(design, 'load-store', {
  bug: 'a word is cleared with a load and a store instead of fetch_andnot (M5)',
  breaks: 'atomic-bitmap',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        clearWord: { on: { STEP: { actions: 'loadWordToClear', target: 'storeClearedWord' } } },
        storeClearedWord: {
          tags: ['inIoctl', 'holdsMmuLock'],
          on: { STEP: { actions: 'storeClearedWord', target: 'writeProtect' } },
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
          always: { actions: ['forgetMask', 'releaseMmuLock'], target: 'returnFromClear' },
        },
      },
    }),
  },
});

/** Bugs put back into `manual-clear`, with and without INITIALLY_SET. */
export const manualClearMutants = [clearAfterSend, clearUnsyncedBits, loadStore, noFlush, skipProtection];
