import { ioctl } from './ioctl.ts';

/** `synchronize_srcu_expedited(&kvm->srcu)`. */
export const srcuUpdate = ioctl.implement({
  actions: {
    synchronizeSrcu: ({ context: { send, actors } }) => send('SYNCHRONIZE_SRCU', actors.srcu),
  },
});

/**
 * KVM_SET_USER_MEMORY_REGION with KVM_MEM_LOG_DIRTY_PAGES: `rcu_assign_pointer(kvm->memslots, slots)`, and the return
 * to user space.
 */
export const loggingMemslots = ioctl.implement({
  actions: {
    publishLoggingMemslots: ({ context: { kvm } }) => kvm.memslots.set(0),
    returnFromSetting: ({ context: { send, actors } }) => send('MEMORY_REGION_SET', actors.migration),
  },
});

/** The end of a bitmap: `kvm_destroy_dirty_bitmap`. */
export const oldBitmap = ioctl.implement({
  actions: {
    freeOldBitmap: ({ context: { kvm, my } }) => kvm.dirtyBitmap(my.slots).fill(false),
  },
  ghost: { freeOldBitmap: ({ context: { my, ghost } }) => ghost.marked(my.slots).fill(false) },
});

/** Two bitmaps that GET_DIRTY_LOG switches with the memslots (`kvm_vm_ioctl_get_dirty_log`, Linux 2.6.37 to 3.3). */
export const memslotsSwitch = ioctl.implement({
  actions: {
    readMemslots: ({ context: { kvm, my } }) => {
      my.slots = kvm.memslots.get();
    },
    zeroNewBitmap: ({ context: { kvm, my } }) => kvm.dirtyBitmap(1 - my.slots).fill(false),
    publishMemslots: ({ context: { kvm, my } }) => kvm.memslots.set(1 - my.slots),
    copyOldToUser: ({ context: { kvm, qemu, my } }) => qemu.userBitmap.copyFrom(kvm.dirtyBitmap(my.slots)),
    resetSlots: ({ context: { my } }) => {
      my.slots = 0;
    },
  },
  ghost: { copyOldToUser: ({ context: { qemu, ghost } }) => ghost.due.andNotFrom(qemu.userBitmap) },
});
