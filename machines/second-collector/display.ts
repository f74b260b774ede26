import { bitmap } from '../../src/model/declare.ts';
import { wordCount, wordIndex } from '../params.ts';
import { step } from '../step.ts';
import { kvmWithSecondCollector } from './system.ts';

/**
 * The main loop of QEMU that refreshes a display: it takes the log of the slot that holds the frame buffer, and merges
 * it into the bitmaps of every client in `ram_list.dirty_memory`, so also into that of migration, word by word with an
 * atomic or (`memory_region_snapshot_and_clear_dirty`, `kvm_log_sync`, `physical_memory_set_dirty_lebitmap`; QEMU
 * 10.2). It holds the BQL until the merge ends. Drawing is left out.
 */
export const display = kvmWithSecondCollector
  .actor({
    events: {
      /** the next operation of the code */
      STEP: {},
      /** the display is refreshed */
      REFRESH: { optional: true },
    },
    registers: (size) => ({
      /** index of the word that is merged next */
      word: wordIndex(size),
      /** that word */
      loaded: bitmap(Math.min(size.bitsPerWord, size.pages), { bitsPerWord: size.bitsPerWord }),
    }),
  })
  .setup({
    actions: {
      requestBql: ({ context: { send, actors } }) => send('LOCK_BQL', actors.bql),
      releaseBql: ({ context: { send, actors } }) => send('UNLOCK_BQL', actors.bql),
      callGetDirtyLog: ({ context: { send, actors } }) => send('GET_DIRTY_LOG', actors.displayGet[0] as number),
      orRefreshWord: ({ context: { ramList, refresh, my } }) => {
        refresh.userBitmap.loadWord(my.word, my.loaded);
        ramList.dirtyMemory.orWord(my.word, my.loaded);
        my.loaded.fill(false);
        my.word++;
      },
      noteReported: ({ context: { ram, refresh } }) => ram.stale.orFrom(refresh.userBitmap),
      forgetRefresh: ({ context: { refresh, my, collectors } }) => {
        refresh.userBitmap.fill(false);
        collectors.taken(1).fill(false);
        my.word = 0;
      },
    },
    guards: {
      mergedAllWords: ({ context: { my, params } }) => my.word === wordCount(params),
    },
  })
  .createMachine({
    id: 'display',
    initial: 'waiting',
    states: {
      waiting: { description: 'between two refreshes', on: { REFRESH: 'lockBql' } },
      lockBql: { description: 'bql_lock()', entry: 'requestBql', on: { BQL_LOCKED: 'syncing' } },
      syncing: {
        description: 'kvm_log_sync: kvm_vm_ioctl(s, KVM_GET_DIRTY_LOG, &d)',
        entry: 'callGetDirtyLog',
        on: { DIRTY_LOG: { actions: 'noteReported', target: 'merging' } },
      },
      merging: {
        description:
          'physical_memory_set_dirty_lebitmap: qatomic_or(&blocks[DIRTY_MEMORY_MIGRATION][idx][offset], temp)',
        tags: ['logReturned'],
        always: { guard: 'mergedAllWords', actions: ['forgetRefresh', 'releaseBql'], target: 'waiting' },
        on: step('orRefreshWord'),
      },
    },
  });
