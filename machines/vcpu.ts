import { step } from './step.ts';
import { entryIsOneStep, guestMode, guestWrites, setSpte, writeFault } from './vcpu/guest.ts';
import { faultLocking, kvmThread, memslotsStay, pageMarking, srcuReading } from './vcpu/kvm-thread.ts';

/**
 * A vCPU: the guest that writes through its TLB, and its thread in KVM from VM exit to VM entry. Mirrors
 * `vcpu_enter_guest` and `__vcpu_run` (arch/x86/kvm/x86.c) and `tdp_page_fault`, `set_spte` (arch/x86/kvm/mmu.c) of
 * Linux 3.6; the emulated write is `kvm_write_guest_page` (virt/kvm/kvm_main.c). From VM exit to VM entry the thread is
 * inside an SRCU read section, the state `host`, and it marks in the bitmap of the memslots that it dereferences there;
 * a slot without a bitmap is not marked. VM exit and VM entry are one step each here; vcpu/handshake.ts takes them step
 * by step. A vCPU that loses its processor is out of guest mode and of the read section (`kvm_resched`,
 * virt/kvm/kvm_main.c, and `kvm_sched_out`), so that neither a flush nor a grace period waits for it.
 */
export const vcpu = kvmThread
  .use(guestWrites, guestMode, srcuReading, faultLocking, memslotsStay, pageMarking, setSpte)
  .createMachine({
    id: 'vcpu',
    initial: 'inGuest',
    states: {
      inGuest: {
        description: 'the processor runs the guest: vcpu->mode == IN_GUEST_MODE',
        tags: ['inGuest'],
        on: {
          WRITE: writeFault('host.lockMmu'),
          EMULATED_WRITE: {
            guard: 'runsEmulatedCode',
            actions: ['exitForPage', 'leaveGuestMode'],
            target: 'host.writeGuestPage',
          },
          EVICT: { guard: 'tlbAllowsWrite', actions: 'evictEntry' },
          IPI: { actions: ['leaveGuestMode', 'ackIpi'], target: 'host.enterGuest' },
          PAUSE: { actions: 'leaveGuestMode', target: 'host.inUserspace' },
          PREEMPT: { actions: 'leaveGuestMode', target: 'scheduledOut' },
        },
      },
      scheduledOut: {
        description: 'kvm_resched, kvm_sched_out: another thread has the processor',
        on: { STEP: 'host.enterGuest', IPI: { actions: 'ackIpi' } },
      },
      host: {
        description: 'between srcu_read_lock(&kvm->srcu) and srcu_read_unlock(&kvm->srcu, idx)',
        initial: 'enterGuest',
        entry: 'srcuReadLock',
        exit: 'srcuReadUnlock',
        on: { IPI: { actions: 'ackIpi' } },
        states: {
          lockMmu: {
            description: 'tdp_page_fault: spin_lock(&vcpu->kvm->mmu_lock)',
            tags: ['waitsForMmuLock'],
            entry: 'requestMmuLock',
            on: { LOCK_GRANTED: 'readMemslots' },
          },
          readMemslots: {
            description: 'gfn_to_memslot: srcu_dereference_check(kvm->memslots, ...)',
            tags: ['holdsMmuLock'],
            always: { guard: 'memslotsStay', target: 'markPageDirty' },
            on: step('readMemslots', 'markPageDirty'),
          },
          markPageDirty: {
            description: 'set_spte: mark_page_dirty(vcpu->kvm, gfn), if memslot->dirty_bitmap',
            tags: ['holdsMmuLock', 'usesMemslots'],
            always: { guard: 'slotDoesNotLog', actions: 'resetMemslots', target: 'setSpte' },
            on: step(['markPageDirty', 'resetMemslots'], 'setSpte'),
          },
          setSpte: {
            description: 'mmu_spte_update(sptep, spte | PT_WRITABLE_MASK); spin_unlock(&vcpu->kvm->mmu_lock);',
            tags: ['holdsMmuLock'],
            on: step(['setSpteWritable', 'resetGfn', 'releaseMmuLock'], 'enterGuest'),
          },
          writeGuestPage: {
            description: 'kvm_write_guest_page: copy_to_user(addr + offset, data, len)',
            on: step('writeGuestPage', 'readMemslotsForWrite'),
          },
          readMemslotsForWrite: {
            description: 'mark_page_dirty: gfn_to_memslot(kvm, gfn)',
            always: { guard: 'memslotsStay', target: 'markWrite' },
            on: step('readMemslots', 'markWrite'),
          },
          markWrite: {
            description:
              'mark_page_dirty_in_slot: test_and_set_bit_le(rel_gfn, memslot->dirty_bitmap), if there is one',
            tags: ['usesMemslots'],
            always: {
              guard: 'slotDoesNotLog',
              actions: ['noteWriteIsMarked', 'resetMemslots', 'resetGfn'],
              target: 'enterGuest',
            },
            on: step(['markPageDirty', 'noteWriteIsMarked', 'resetMemslots', 'resetGfn'], 'enterGuest'),
          },
          enterGuest: {
            description: 'vcpu_enter_guest: if (kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu)) flush the TLB; VM entry',
            on: {
              STEP: [
                {
                  guard: 'tlbFlushRequested',
                  actions: ['flushTlb', 'enterGuestMode'],
                  target: '#vcpu.inGuest',
                  meta: { coarse: entryIsOneStep },
                },
                { actions: 'enterGuestMode', target: '#vcpu.inGuest', meta: { coarse: entryIsOneStep } },
              ],
              PAUSE: 'inUserspace',
            },
          },
          inUserspace: {
            description: 'KVM_RUN has returned to user space, and QEMU has stopped the vCPU',
            entry: ['srcuReadUnlock', 'reportPaused'],
          },
        },
      },
    },
  });
