import { vcpu } from '../vcpu.ts';

/**
 * The vCPU with VM entry and VM exit step by step: `vcpu_enter_guest` (arch/x86/kvm/x86.c, Linux 3.6). Before entry it serves requests,
 * stores `vcpu->mode`, and only then, past an `smp_mb`, reads the requests once more, with interrupts off: a flusher that made its request
 * too late to be seen there sees IN_GUEST_MODE and sends an IPI. "We should set ->mode before check ->requests, see the comment in
 * make_all_cpus_request." In today's kernels the barrier is that of `srcu_read_unlock`.
 *
 * Outside of `inGuest`, `host` and `scheduledOut` interrupts are off: an IPI waits there, and whoever took one has answered it before it can lose its processor.
 */
export const vcpuWithHandshake = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          { actions: ['exitForPage', 'vmExit'], target: 'exitForFault' },
        ],
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
    exitForFault: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'host.lockMmu' } } },
    exitForEmulation: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'host.writeGuestPage' } } },
    exitForInterrupt: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'host.enterGuest' } } },
    exitForIpi: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'handleIpi' } } },
    handleIpi: { on: { STEP: { actions: 'ackFlusher', target: 'host.enterGuest' } } },
    exitForScheduler: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'scheduledOut' } } },
    exitForPause: { on: { STEP: { actions: 'storeOutsideGuestMode', target: 'host.inUserspace' } } },
    host: {
      states: {
        enterGuest: { on: { STEP: [{ guard: 'tlbFlushRequested', target: 'serveRequest' }, { target: 'storeMode' }] } },
        serveRequest: { on: { STEP: { actions: 'flushTlb', target: 'storeMode' } } },
        storeMode: { on: { STEP: { actions: 'storeInGuestMode', target: 'smpMb' } } },
        smpMb: { on: { STEP: { actions: 'smpMb', target: '#vcpu.readMode' } } },
      },
    },
    readMode: { on: { STEP: [{ guard: 'modeIsExiting', target: 'cancelEntry' }, { target: 'readRequests' }] } },
    readRequests: {
      on: {
        STEP: [
          { guard: 'tlbFlushRequested', target: 'cancelEntry' },
          { actions: 'vmEntry', target: 'inGuest' },
        ],
      },
    },
    cancelEntry: { on: { STEP: { actions: 'cancelEntry', target: 'host.enterGuest' } } },
  },
});
