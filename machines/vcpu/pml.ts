import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { dirtyBits } from './dirty-bits.ts';
import { entryIsOneStep } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';

const checkIsAtomic = 'kvm_check_request tests and clears the bit of a request in one';
export const setAndLog =
  'the processor sets the D bit and appends to its log in one: the log is its own, and no software runs in between';

/** The page-modification log of a vCPU: appended to by the processor, drained by `vmx_flush_pml_buffer`. */
const pageModificationLog = kvmThread.implement({
  actions: {
    logToPml: ({ context: { cpu, nth }, event }) => cpu.pml(nth).set(event.gfn),
    markPageOfPml: ({ context: { kvm, cpu, nth, ghost, me } }) => {
      const gfn = cpu.pml(nth).first();
      cpu.pml(nth).clear(gfn);
      kvm.dirtyBitmap(0).set(gfn);
      // ghost, here because the page is known only until it is taken out of the log
      ghost.marked(0).set(gfn);
      ghost.unmarked(me).clear(gfn);
    },
    updateCpuDirtyLogging: ({ context: { kvm, cpu, nth } }) => {
      kvm.dirtyLoggingRequest.clear(nth);
      cpu.pmlOn(nth).set(true);
    },
    /** `kvm_vcpu_kick` of a vCPU that is not in guest mode does nothing */
    ignoreKick: () => undefined,
  },
  guards: {
    spteIsDirty: ({ context: { kvm }, event }) => kvm.spteDirty.has(event.gfn),
    dirtyLoggingRequested: ({ context: { kvm, nth } }) => kvm.dirtyLoggingRequest.has(nth),
    pmlIsOff: ({ context: { cpu, nth } }) => !cpu.pmlOn(nth).get(),
    pmlIsFull: ({ context: { cpu, nth, params } }) => cpu.pml(nth).count() >= params.pmlEntries,
    pmlIsEmpty: ({ context: { cpu, nth } }) => cpu.pml(nth).isEmpty(),
  },
  ghost: { logToPml: ({ context: { ghost, me }, event }) => ghost.unmarked(me).set(event.gfn) },
});

/** Returns the state that drains the log: each page in it is marked, then the vCPU goes on. */
export const drainPml = <const T extends string>(then: T) =>
  ({
    description: 'vmx_flush_pml_buffer: kvm_vcpu_mark_page_dirty(vcpu, gpa >> PAGE_SHIFT) for each entry',
    always: { guard: 'pmlIsEmpty', target: then },
    on: step('markPageOfPml'),
  }) as const;

/**
 * The vCPU with page-modification logging (Intel PML; `vmx_flush_pml_buffer`, arch/x86/kvm/vmx/vmx.c, Linux 4.0 on):
 * where the processor sets a D bit it appends the page to the log of the vCPU. Every VM exit drains the log into the
 * bitmap, and a full log causes one. A vCPU switches it on at VM entry, when it finds the request to.
 */
export const vcpuWithPml = vcpu.use(dirtyBits, pageModificationLog).extend({
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
        drainPml: drainPml('enterGuest'),
        drainPmlToEmulate: drainPml('writeGuestPage'),
        drainPmlToPause: drainPml('inUserspace'),
        enterGuest: {
          description: 'kvm_check_request(KVM_REQ_UPDATE_CPU_DIRTY_LOGGING or KVM_REQ_TLB_FLUSH, vcpu); VM entry',
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
