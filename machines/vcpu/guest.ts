import { kvmThread } from './kvm-thread.ts';

export const exitIsOneStep =
  'VM exit and the store of vcpu->mode are one step, which rmap-xchg-handshake takes apart: in between interrupts are off, so that an IPI waits';
export const entryIsOneStep =
  'the store of vcpu->mode, the check of vcpu->requests and VM entry are one step, which rmap-xchg-handshake takes apart and proves';

/** The guest and its processor: a write through the TLB, or a walk that fills it. */
export const guestWrites = kvmThread.implement({
  actions: {
    writePage: ({ context: { ram }, event }) => ram.stale.setWord(event.gfn, 1),
    fillTlb: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).set(event.gfn),
    evictEntry: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).clear(event.gfn),
    exitForPage: ({ context: { my }, event }) => {
      my.gfn = event.gfn;
    },
  },
  guards: {
    tlbAllowsWrite: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).has(event.gfn) === true,
    spteAllowsWrite: ({ context: { kvm }, event }) => kvm.spteWritable.has(event.gfn),
    runsEmulatedCode: ({ context: { nth, params } }) => nth < params.emulatingVcpus,
  },
  ghost: { exitForPage: ({ context: { nth, ghost } }) => ghost.faulting.set(nth) },
});

/** VM exit and VM entry, requests, IPIs, and the stop of the vCPU. */
export const guestMode = kvmThread.implement({
  actions: {
    leaveGuestMode: ({ context: { kvm, nth } }) => kvm.inGuestMode.clear(nth),
    enterGuestMode: ({ context: { kvm, nth } }) => kvm.inGuestMode.set(nth),
    /** `kvm_vcpu_flush_tlb`, for KVM_REQ_TLB_FLUSH */
    flushTlb: ({ context: { kvm, cpu, nth } }) => {
      kvm.tlbFlushRequest.clear(nth);
      cpu.tlb(nth).fill(false);
    },
    /** `ack_flush`, and `csd_unlock` */
    ackIpi: ({ context: { send }, event }) => send('IPI_ACK', event.from),
    reportPaused: ({ context: { send, actors } }) => send('PAUSED', actors.migration),
  },
  guards: { tlbFlushRequested: ({ context: { kvm, nth } }) => kvm.tlbFlushRequest.has(nth) },
});

/** The spte that a write fault installs: `set_spte`. */
export const setSpte = kvmThread.implement({
  actions: { setSpteWritable: ({ context: { kvm, my } }) => kvm.spteWritable.setWord(my.gfn, 1) },
  ghost: {
    /** a fault path that installs before it marks: other vCPUs may write the page meanwhile */
    setSpteWritable: ({ context: { my, me, nth, ghost } }) => {
      if (ghost.faulting.has(nth)) ghost.unmarked(me).set(my.gfn);
    },
  },
});

/** A write that the guest can do without a fault: through its TLB, or after a walk that finds a writable spte. */
export const writeWithoutFault = [
  { guard: 'tlbAllowsWrite', actions: 'writePage' },
  { guard: 'spteAllowsWrite', actions: 'fillTlb' },
] as const;

/**
 * Returns the transitions of WRITE of a guest whose write faults are handled from `target` on.
 * @param target a state of the vCPU
 */
export const writeFault = <const T extends string>(target: T) =>
  [
    ...writeWithoutFault,
    { actions: ['exitForPage', 'leaveGuestMode'], target, meta: { coarse: exitIsOneStep } },
  ] as const;
