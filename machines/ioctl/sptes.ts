import { ioctl } from './ioctl.ts';

/** `kvm_mmu_write_protect_pt_masked`: clears PT_WRITABLE_MASK of the pages in `mask`, through their rmap. */
export const rmapWriteProtect = ioctl.implement({
  actions: {
    writeProtectPage: ({ context: { kvm, my, params } }) => {
      const bit = my.mask.first();
      my.mask.clear(bit);
      kvm.spteWritable.setWord(my.word * params.bitsPerWord + bit, 0);
    },
  },
});

/** `kvm_mmu_slot_remove_write_access`: the walk over all sptes of a slot. */
export const spteWalk = ioctl.implement({
  actions: {
    dropWritableSpte: ({ context: { kvm, my } }) => {
      kvm.spteWritable.setWord(my.gfn, 0);
      my.gfn++;
    },
    nextPage: ({ context: { my } }) => {
      my.gfn++;
    },
    resetWalk: ({ context: { my } }) => {
      my.gfn = 0;
    },
  },
  guards: {
    walkedAllPages: ({ context: { my, params } }) => my.gfn === params.pages,
  },
});
