import { othersSetBits, wordCount } from '../params.ts';
import { step } from '../step.ts';
import { migrationThread } from './thread.ts';

const reportedIsChanged =
  'that a page counts as changed once the log reports it is for properties only: no code reads it';

/** `migration_bitmap_sync`: the log goes to `RAMBlock.bmap`, at once or through `ram_list.dirty_memory`. */
export const merge = migrationThread.implement({
  actions: {
    mergeLog: ({ context: { ram, qemu } }) => {
      qemu.bmap.orFrom(qemu.userBitmap);
      ram.stale.orFrom(qemu.userBitmap);
      qemu.userBitmap.fill(false);
    },
    orLogWord: ({ context: { ramList, qemu, my } }) => {
      qemu.userBitmap.loadWord(my.word, my.loaded);
      ramList.dirtyMemory.orWord(my.word, my.loaded);
      my.loaded.fill(false);
      my.word++;
    },
    forgetLog: ({ context: { ram, qemu } }) => {
      ram.stale.orFrom(qemu.userBitmap);
      qemu.userBitmap.fill(false);
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
  },
  guards: {
    othersSetBits: ({ context: { params } }) => othersSetBits(params),
    mergedAllWords: ({ context: { my, params } }) => my.word === wordCount(params),
  },
});

/**
 * Returns the states of `migration_bitmap_sync` where devices, or other threads, set bits in
 * `ram_list.dirty_memory` meanwhile: an atomic or puts the log in word by word (`physical_memory_set_dirty_lebitmap`),
 * then an xchg takes each word out, which goes to `RAMBlock.bmap` (`physical_memory_sync_dirty_bitmap`, under
 * `bitmap_mutex`).
 * @param then the state to go to when all words are merged
 */
export const mergeThroughDirtyMemory = <const Target extends string, const Tag extends string = never>(
  tags: readonly Tag[],
  then: { readonly target: Target },
) =>
  ({
    tags,
    initial: 'orLog',
    states: {
      orLog: {
        description:
          'physical_memory_set_dirty_lebitmap: qatomic_or(&blocks[DIRTY_MEMORY_MIGRATION][idx][offset], temp)',
        tags: ['logReturned'],
        always: { guard: 'mergedAllWords', actions: ['forgetLog', 'resetWord'], target: 'takeBits' },
        on: { STEP: { actions: 'orLogWord', meta: { coarse: reportedIsChanged } } },
      },
      takeBits: {
        description: 'physical_memory_sync_dirty_bitmap: bits = qatomic_xchg(&src[idx][offset], 0); dest[k] |= bits;',
        tags: ['takesDirtyMemory'],
        always: { guard: 'mergedAllWords', actions: 'resetWord', ...then },
        on: step('takeDirtyWord'),
      },
    },
  }) as const;
