import { notWritable } from '../system.ts';
import { kvmThread } from './kvm-thread.ts';
import { vcpuTdpMmu } from './tdp-mmu.ts';

/** A slot that takes no writes: KVM_MEM_READONLY, KVM_MEMSLOT_INVALID, or none. */
export const unwritableSlot = kvmThread.implement({
  guards: { slotTakesNoWrites: ({ context: { cpu, me } }) => cpu.memslots(me).get() === notWritable },
});

export const leaveForUserspace = {
  guard: 'slotTakesNoWrites',
  actions: ['resetMemslots', 'resetGfn'],
  target: '#vcpu.mmioExit',
} as const;

/**
 * `vcpuTdpMmu` of Linux 6.1, whose write may find a slot that takes none: KVM_RUN returns with KVM_EXIT_MMIO
 * (`kvm_faultin_pfn`, `handle_abnormal_pfn`, `emulator_write_emulated`), and the guest writes again later, or never.
 */
export const vcpuWithSlotRemoval = vcpuTdpMmu.use(unwritableSlot).extend({
  states: {
    mmioExit: {
      description: 'KVM_RUN returns with KVM_EXIT_MMIO',
      tags: ['exitsForMmio'],
      on: { STEP: 'host.enterGuest', IPI: { actions: 'ackIpi' } },
    },
    host: {
      states: {
        readMemslots: { always: [] },
        faultinPfn: { always: leaveForUserspace },
        readMemslotsForWrite: { always: [] },
        writeGuestPage: { always: leaveForUserspace },
      },
    },
  },
});
