import { othersSetBits, wordCount, writersOf } from '../params.ts';
import { ioctl } from './ioctl.ts';

/** The loop over the words of `memslot->dirty_bitmap`. */
export const bitmapScan = ioctl.implement({
  actions: {
    nextWord: ({ context: { my } }) => {
      my.word++;
    },
    resetWord: ({ context: { my } }) => {
      my.word = 0;
    },
    resetMask: ({ context: { my } }) => my.mask.fill(false),
  },
  guards: {
    wordIsClean: ({ context: { kvm, my } }) => kvm.dirtyBitmap(my.slots).isWordEmpty(my.word),
    scannedAllWords: ({ context: { my, params } }) => my.word === wordCount(params),
    scannedAllCleanWords: ({ context: { my, params } }) => my.word === wordCount(params) && !my.flush,
    maskIsEmpty: ({ context: { my } }) => my.mask.isEmpty(),
    nothingToFlush: ({ context: { my } }) => !my.flush,
  },
});

/** Entry and return of KVM_GET_DIRTY_LOG. */
export const getDirtyLogCall = ioctl.implement({
  actions: {
    /**
     * Ghost: a page is due that was written and marked before the call of the migration thread, and not reported
     * before.
     */
    startIoctl: ({ context: { me, actors, ghost, ram, ramList, qemu, params } }) => {
      if (me !== actors.getDirtyLog) return;
      ghost.due.copyFrom(ram.stale);
      ghost.due.andNotFrom(qemu.bmap);
      if (othersSetBits(params)) ghost.due.andNotFrom(ramList.dirtyMemory);
      for (const writer of writersOf(actors)) ghost.due.andNotFrom(ghost.unmarked(writer));
    },
    returnToUser: ({ context: { send, actors } }) => send('DIRTY_LOG', actors.migration),
  },
});

/**
 * `kvm_get_dirty_log_protect`: words move from the bitmap to the snapshot buffer, which is the second half of
 * `memslot->dirty_bitmap`, and from there to user space.
 */
export const xchgSnapshot = ioctl.implement({
  actions: {
    xchgDirtyWord: ({ context: { kvm, ioctl, my } }) => {
      kvm.dirtyBitmap(0).xchgWord(my.word, my.mask);
      ioctl.snapshot.setWord(my.word, my.mask);
      my.flush = true;
    },
    copyToUser: ({ context: { qemu, ioctl, my } }) => {
      qemu.userBitmap.copyFrom(ioctl.snapshot);
      ioctl.snapshot.fill(false);
      my.flush = false;
    },
  },
  ghost: {
    xchgDirtyWord: ({ context: { my, ghost } }) => {
      ghost.marked(0).setWord(my.word, 0);
      ghost.due.andNotWord(my.word, my.mask);
    },
  },
});
