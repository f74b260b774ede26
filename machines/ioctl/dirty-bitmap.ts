import { othersSetBits, wordCount, writerCount } from '../params.ts';
import { ioctl } from './ioctl.ts';

/** Which caller it is: 0 for the migration thread, 1 for the display refresh. */
const callerOf = ({ me, actors }: { readonly me: number; readonly actors: { readonly getDirtyLog: number } }): 0 | 1 =>
  me === actors.getDirtyLog ? 0 : 1;

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
    /** Ghost: a page is due that was written and marked before the call, and not reported before. */
    startIoctl: ({ context }) => {
      const { ghost, ram, ramList, qemu, ioctl, params } = context;
      if (callerOf(context) !== 0) return;
      ghost.due.copyFrom(ram.stale);
      ghost.due.andNotFrom(qemu.bmap);
      if (params.collectors > 1) ghost.due.andNotFrom(qemu.refreshBitmap);
      if (params.collectors > 1) ghost.due.andNotFrom(ioctl.snapshot);
      if (othersSetBits(params)) ghost.due.andNotFrom(ramList.dirtyMemory);
      for (let writer = 0; writer < writerCount(params); writer++) ghost.due.andNotFrom(ghost.unmarked(writer));
    },
    returnToUser: ({ context }) => {
      const { send, actors } = context;
      send('DIRTY_LOG', callerOf(context) === 0 ? actors.migration : (actors.display[0] as number));
    },
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
    copyToUser: ({ context }) => {
      const { qemu, ioctl, my } = context;
      (callerOf(context) === 0 ? qemu.userBitmap : qemu.refreshBitmap).copyFrom(ioctl.snapshot);
      ioctl.snapshot.fill(false);
      my.flush = false;
    },
  },
  ghost: {
    xchgDirtyWord: ({ context }) => {
      const { my, ghost, params } = context;
      ghost.marked(0).setWord(my.word, 0);
      ghost.due.andNotWord(my.word, my.mask);
      if (params.collectors === 1) return;
      const caller = callerOf(context);
      ghost.taken(caller).orWord(my.word, my.mask);
      ghost.taken(1 - caller).andNotWord(my.word, my.mask);
    },
  },
});
