import { ioctl } from './ioctl.ts';

/** `mutex_lock(&kvm->slots_lock)`, `mutex_unlock`. */
export const slotsLocking = ioctl.implement({
  actions: {
    requestSlotsLock: ({ context: { send, actors } }) => send('LOCK_SLOTS', actors.slotsLock),
    releaseSlotsLock: ({ context: { send, actors } }) => send('UNLOCK_SLOTS', actors.slotsLock),
  },
});

/** `spin_lock(&kvm->mmu_lock)`; `write_lock` where it is a reader-writer lock (`KVM_MMU_LOCK`, Linux 5.12 on). */
export const mmuLocking = ioctl.implement({
  actions: {
    requestMmuLock: ({ context: { send, actors } }) => send('LOCK', actors.mmuLock),
    releaseMmuLock: ({ context: { send, actors } }) => send('UNLOCK', actors.mmuLock),
  },
});
