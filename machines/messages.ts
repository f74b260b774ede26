import { asCall, asStore, posted, rendezvous } from '../src/model/messages.ts';

/** The messages between actors: calls of locks, ioctls and interrupts, and their returns. */
export const messages = {
  /** `spin_lock(&kvm->mmu_lock)` */
  LOCK: rendezvous(),
  LOCK_GRANTED: rendezvous(),
  UNLOCK: asStore(rendezvous()),
  /** `read_lock(&kvm->mmu_lock)`, where it is a reader-writer lock */
  LOCK_SHARED: rendezvous(),
  UNLOCK_SHARED: rendezvous(),
  /** `mutex_lock(&kvm->slots_lock)` */
  LOCK_SLOTS: rendezvous(),
  SLOTS_LOCKED: rendezvous(),
  UNLOCK_SLOTS: asStore(rendezvous()),
  /**
   * a per-CPU counter: no barrier, as `synchronize_srcu` waits for a context switch of each (Linux 2.6.37,
   * kernel/srcu.c)
   */
  SRCU_READ_LOCK: asCall(rendezvous()),
  SRCU_READ_UNLOCK: asStore(rendezvous()),
  /** `synchronize_srcu_expedited(&kvm->srcu)` */
  SYNCHRONIZE_SRCU: rendezvous(),
  GRACE_PERIOD_OVER: rendezvous(),
  /** `ioctl(vm_fd, KVM_SET_USER_MEMORY_REGION)` with `KVM_MEM_LOG_DIRTY_PAGES`, and its return */
  SET_USER_MEMORY_REGION: asCall(rendezvous()),
  MEMORY_REGION_SET: asCall(rendezvous()),
  /** the same with `KVM_MEM_READONLY` for a slot that is there, and with a size of 0, which deletes it */
  SET_READONLY: asCall(rendezvous()),
  DELETE_SLOT: asCall(rendezvous()),
  /** `ioctl(vm_fd, KVM_GET_DIRTY_LOG)`, and its return */
  GET_DIRTY_LOG: asCall(rendezvous()),
  DIRTY_LOG: asCall(rendezvous()),
  /** `ioctl(vm_fd, KVM_CLEAR_DIRTY_LOG)` for the chunk that begins at this word of the bitmap, and its return */
  CLEAR_DIRTY_LOG: asCall(rendezvous('word')),
  CLEARED: asCall(rendezvous()),
  /** `smp_call_function_many(cpus, ack_flush)`, which queues with a cmpxchg, and the wait for `csd_unlock`, a store */
  IPI: posted(),
  IPI_ACK: asStore(posted()),
  /** `kvm_vcpu_kick`: the IPI is not awaited */
  KICK: posted(),
  /** QEMU's `pause_all_vcpus`: the kick, and `cpu->stopped` */
  PAUSE: posted(),
  PAUSED: posted(),
  /**
   * QEMU's `vm_state_notify` and `bdrv_drain_all`: a device, or KVM on its behalf, finishes its current write and stops
   */
  VM_STOP: posted(),
  STOPPED: rendezvous(),
  /** one page on the wire */
  PAGE: rendezvous('gfn'),
  RESUME: rendezvous(),
};
