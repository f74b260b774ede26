import { asCall, asStore, posted, rendezvous } from '../src/model/messages.ts';

/** The messages between actors: calls of locks, ioctls and interrupts, and their returns. */
export const messages = {
  /** `spin_lock(&kvm->mmu_lock)` */
  LOCK: rendezvous(),
  /** `mmu_lock` is held, alone or shared */
  LOCK_GRANTED: rendezvous(),
  /** `spin_unlock(&kvm->mmu_lock)` */
  UNLOCK: asStore(rendezvous()),
  /** `read_lock(&kvm->mmu_lock)`, where it is a reader-writer lock */
  LOCK_SHARED: rendezvous(),
  /** `read_unlock(&kvm->mmu_lock)` */
  UNLOCK_SHARED: rendezvous(),
  /** `mutex_lock(&kvm->slots_lock)` */
  LOCK_SLOTS: rendezvous(),
  /** `slots_lock` is held */
  SLOTS_LOCKED: rendezvous(),
  /** `mutex_unlock(&kvm->slots_lock)` */
  UNLOCK_SLOTS: asStore(rendezvous()),
  /**
   * `srcu_read_lock(&kvm->srcu)`, a per-CPU counter: no barrier, as `synchronize_srcu` waits for a context switch of
   * each (Linux 2.6.37, kernel/srcu.c)
   */
  SRCU_READ_LOCK: asCall(rendezvous()),
  /** `srcu_read_unlock(&kvm->srcu, idx)` */
  SRCU_READ_UNLOCK: asStore(rendezvous()),
  /** `synchronize_srcu_expedited(&kvm->srcu)` */
  SYNCHRONIZE_SRCU: rendezvous(),
  /** `synchronize_srcu_expedited` returns */
  GRACE_PERIOD_OVER: rendezvous(),
  /** `ioctl(vm_fd, KVM_SET_USER_MEMORY_REGION)` with `KVM_MEM_LOG_DIRTY_PAGES` */
  SET_USER_MEMORY_REGION: asCall(rendezvous()),
  /** `KVM_SET_USER_MEMORY_REGION` returns */
  MEMORY_REGION_SET: asCall(rendezvous()),
  /** `KVM_SET_USER_MEMORY_REGION` with `KVM_MEM_READONLY`, for a slot that exists */
  SET_READONLY: asCall(rendezvous()),
  /** `KVM_SET_USER_MEMORY_REGION` with a size of 0 */
  DELETE_SLOT: asCall(rendezvous()),
  /** `ioctl(vm_fd, KVM_GET_DIRTY_LOG)` */
  GET_DIRTY_LOG: asCall(rendezvous()),
  /** `KVM_GET_DIRTY_LOG` returns */
  DIRTY_LOG: asCall(rendezvous()),
  /** `ioctl(vm_fd, KVM_CLEAR_DIRTY_LOG)` for the chunk that begins at this word of the bitmap */
  CLEAR_DIRTY_LOG: asCall(rendezvous('word')),
  /** `KVM_CLEAR_DIRTY_LOG` returns */
  CLEARED: asCall(rendezvous()),
  /** `smp_call_function_many(cpus, ack_flush)`, which queues with a cmpxchg */
  IPI: posted(),
  /** `csd_unlock`, a store, which the sender of the IPI waits for */
  IPI_ACK: asStore(posted()),
  /** `kvm_vcpu_kick`: the IPI is not awaited */
  KICK: posted(),
  /** QEMU's `pause_all_vcpus`: the kick */
  PAUSE: posted(),
  /** `cpu->stopped` is set */
  PAUSED: posted(),
  /**
   * QEMU's `vm_state_notify` and `bdrv_drain_all`: a device, or KVM on its behalf, finishes its current write and stops
   */
  VM_STOP: posted(),
  /** the device or host writer has stopped */
  STOPPED: rendezvous(),
  /** one page on the wire */
  PAGE: rendezvous('gfn'),
  /** the destination runs the guest: `vm_start` */
  RESUME: rendezvous(),
};
