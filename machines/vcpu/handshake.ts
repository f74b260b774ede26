import { step } from '../step.ts';
import { vcpuModes } from '../system.ts';
import { vcpu } from '../vcpu.ts';
import { writeWithoutFault } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';

/** VM exit and VM entry, one access a step. */
const entryAndExit = kvmThread.implement({
  actions: {
    storeInGuestMode: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.IN_GUEST_MODE),
    storeOutsideGuestMode: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.OUTSIDE_GUEST_MODE),
    cancelEntry: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.OUTSIDE_GUEST_MODE),
    smpMb: ({ context: { barrier } }) => barrier(),
    /** the processor takes time for it, and changes nothing that another thread sees */
    vmExit: () => undefined,
    vmEntry: () => undefined,
    noteFlusher: ({ context: { my }, event }) => {
      my.flusher = event.from;
    },
    ackFlusher: ({ context: { my, actors, send } }) => {
      send('IPI_ACK', my.flusher);
      my.flusher = actors.nobody;
    },
  },
  guards: {
    modeIsExiting: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).get() === vcpuModes.EXITING_GUEST_MODE,
  },
});

const storeOutside = 'vcpu->mode = OUTSIDE_GUEST_MODE, with interrupts off';

/**
 * The vCPU with VM entry and VM exit step by step: `vcpu_enter_guest` (arch/x86/kvm/x86.c, Linux 3.6). Before entry it
 * serves requests, stores `vcpu->mode`, and only then, past an `smp_mb`, reads the requests once more, with interrupts
 * off: a flusher whose request comes too late to be seen there sees IN_GUEST_MODE and sends an IPI. "We should set
 * ->mode before check ->requests, see the comment in make_all_cpus_request." In today's kernels the barrier is that of
 * `srcu_read_unlock`.
 *
 * Outside of `inGuest`, `host` and `scheduledOut` interrupts are off: an IPI waits there, and a vCPU that took one has
 * answered it before it can lose its processor.
 */
export const vcpuWithHandshake = vcpu.use(entryAndExit).extend({
  states: {
    inGuest: {
      on: {
        WRITE: [...writeWithoutFault, { actions: ['exitForPage', 'vmExit'], target: 'exitForFault' }],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['exitForPage', 'vmExit'],
          target: 'exitForEmulation',
        },
        EXIT: { actions: 'vmExit', target: 'exitForInterrupt' },
        IPI: { actions: ['noteFlusher', 'vmExit'], target: 'exitForIpi' },
        PAUSE: { actions: 'vmExit', target: 'exitForPause' },
        PREEMPT: { actions: 'vmExit', target: 'exitForScheduler' },
      },
    },
    exitForFault: { description: storeOutside, on: step('storeOutsideGuestMode', 'host.lockMmu') },
    exitForEmulation: { description: storeOutside, on: step('storeOutsideGuestMode', 'host.writeGuestPage') },
    exitForInterrupt: { description: storeOutside, on: step('storeOutsideGuestMode', 'host.enterGuest') },
    exitForIpi: { description: storeOutside, on: step('storeOutsideGuestMode', 'handleIpi') },
    handleIpi: {
      description: 'local_irq_enable: the IPI runs ack_flush, and csd_unlock lets the flusher go on',
      on: step('ackFlusher', 'host.enterGuest'),
    },
    exitForScheduler: { description: storeOutside, on: step('storeOutsideGuestMode', 'scheduledOut') },
    exitForPause: { description: storeOutside, on: step('storeOutsideGuestMode', 'host.inUserspace') },
    host: {
      states: {
        enterGuest: {
          description: 'vcpu_enter_guest: if (vcpu->requests)',
          on: { STEP: [{ guard: 'tlbFlushRequested', target: 'serveRequest' }, { target: 'storeMode' }] },
        },
        serveRequest: {
          description: 'if (kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu)) kvm_x86_ops->tlb_flush(vcpu)',
          on: step('flushTlb', 'storeMode'),
        },
        storeMode: { description: 'vcpu->mode = IN_GUEST_MODE', on: step('storeInGuestMode', 'smpMb') },
        smpMb: { description: 'smp_mb()', on: step('smpMb', '#vcpu.readMode') },
      },
    },
    readMode: {
      description: 'local_irq_disable(); if (vcpu->mode == EXITING_GUEST_MODE) cancel the entry',
      on: { STEP: [{ guard: 'modeIsExiting', target: 'cancelEntry' }, { target: 'readRequests' }] },
    },
    readRequests: {
      description: 'if (vcpu->requests) cancel the entry; else VM entry',
      on: {
        STEP: [
          { guard: 'tlbFlushRequested', target: 'cancelEntry' },
          { actions: 'vmEntry', target: 'inGuest' },
        ],
      },
    },
    cancelEntry: {
      description: 'vcpu->mode = OUTSIDE_GUEST_MODE; local_irq_enable();',
      on: step('cancelEntry', 'host.enterGuest'),
    },
  },
});
