import { entryIsOneStep, vcpu } from '../vcpu.ts';

/**
 * The vCPU with accessed and dirty bits in its sptes: no write faults. The first write through a translation sets the D bit of the spte, and
 * the TLB remembers that it is set, so that later writes leave the spte alone until the entry is flushed.
 */
export const vcpuWithDirtyBits = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [{ guard: 'tlbAllowsWrite', actions: 'writePage' }, { actions: ['setSpteDirty', 'fillTlb'] }],
      },
    },
  },
});

const checkIsAtomic = 'kvm_check_request tests and clears the bit of a request in one';
export const setAndLog =
  'the processor sets the D bit and appends to its log in one: the log is its own, and no software runs in between';

/**
 * The vCPU with page-modification logging (Intel PML; `vmx_flush_pml_buffer`, arch/x86/kvm/vmx/vmx.c, Linux 4.0 on): where the processor sets a
 * D bit it appends the page to the log of the vCPU. Every VM exit drains the log into the bitmap, and a full log causes one. A vCPU switches it
 * on at VM entry, when it finds the request to.
 */
export const vcpuWithPml = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'pmlIsOff', actions: ['setSpteDirty', 'fillTlb'] },
          { guard: 'spteIsDirty', actions: 'fillTlb' },
          { guard: 'pmlIsFull', actions: 'leaveGuestMode', target: 'host.drainPml', meta: { coarse: setAndLog } },
          { actions: ['setSpteDirty', 'logToPml', 'fillTlb'], meta: { coarse: setAndLog } },
        ],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['exitForPage', 'leaveGuestMode'],
          target: 'host.drainPmlToEmulate',
        },
        EXIT: { actions: 'leaveGuestMode', target: 'host.drainPml' },
        IPI: { actions: ['leaveGuestMode', 'ackIpi'], target: 'host.drainPml' },
        KICK: { actions: 'leaveGuestMode', target: 'host.drainPml' },
        PAUSE: { actions: 'leaveGuestMode', target: 'host.drainPmlToPause' },
      },
    },
    scheduledOut: { on: { STEP: 'host.drainPml', KICK: { actions: 'ignoreKick' } } },
    host: {
      on: { IPI: { actions: 'ackIpi' }, KICK: { actions: 'ignoreKick' } },
      states: {
        drainPml: {
          always: { guard: 'pmlIsEmpty', target: 'enterGuest' },
          on: { STEP: { actions: 'markPageOfPml' } },
        },
        drainPmlToEmulate: {
          always: { guard: 'pmlIsEmpty', target: 'writeGuestPage' },
          on: { STEP: { actions: 'markPageOfPml' } },
        },
        drainPmlToPause: {
          always: { guard: 'pmlIsEmpty', target: 'inUserspace' },
          on: { STEP: { actions: 'markPageOfPml' } },
        },
        enterGuest: {
          on: {
            STEP: [
              { guard: 'dirtyLoggingRequested', actions: 'updateCpuDirtyLogging', meta: { coarse: checkIsAtomic } },
              {
                guard: 'tlbFlushRequested',
                actions: ['flushTlb', 'enterGuestMode'],
                target: '#vcpu.inGuest',
                meta: { coarse: entryIsOneStep },
              },
              { actions: 'enterGuestMode', target: '#vcpu.inGuest', meta: { coarse: entryIsOneStep } },
            ],
          },
        },
      },
    },
  },
});
