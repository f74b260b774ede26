import { vcpuTdpMmu } from './tdp-mmu.ts';

export const leaveForUserspace = {
  guard: 'slotTakesNoWrites',
  actions: ['forgetMemslots', 'forgetPage'],
  target: '#vcpu.mmioExit',
} as const;

/**
 * The vCPU of Linux 6.1, whose write may find a slot that takes none: KVM_RUN returns with KVM_EXIT_MMIO (`kvm_faultin_pfn`,
 * `handle_abnormal_pfn`, `emulator_write_emulated`), and the guest writes again later, or never.
 */
export const vcpuWithSlotRemoval = vcpuTdpMmu.extend({
  states: {
    mmioExit: { tags: ['exitsForMmio'], on: { STEP: 'host.enterGuest', IPI: { actions: 'ackIpi' } } },
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
