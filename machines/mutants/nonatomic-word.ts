import { ioctl } from '../ioctl/ioctl.ts';

/** A word of the dirty bitmap that is loaded, copied to the snapshot, and stored as zero, in place of one xchg. */
export const loadedWord = ioctl.implement({
  actions: {
    loadMask: ({ context: { kvm, my } }) => {
      kvm.dirtyBitmap(0).loadWord(my.word, my.mask);
      my.flush = true;
    },
    snapshotMask: ({ context: { ioctl, my } }) => ioctl.snapshot.setWord(my.word, my.mask),
    storeZeroWord: ({ context: { kvm, my } }) => kvm.dirtyBitmap(0).setWord(my.word, 0),
  },
  ghost: {
    snapshotMask: ({ context: { my, ghost } }) => ghost.due.andNotWord(my.word, my.mask),
    storeZeroWord: ({ context: { my, ghost } }) => ghost.marked(0).andNotWord(my.word, my.mask),
  },
});
