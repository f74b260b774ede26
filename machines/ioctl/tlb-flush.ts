import { ioctl } from './ioctl.ts';

export const requestIsOneStep =
  'kvm_make_request and the read of vcpu->mode are one step, which rmap-xchg-handshake takes apart and proves';

/** `kvm_flush_remote_tlbs` and `make_all_cpus_request` (virt/kvm/kvm_main.c, Linux 3.6). */
export const tlbFlush = ioctl.implement({
  actions: {
    startFlush: ({ context: { my } }) => my.toRequest.fill(true),
    makeRequest: ({ context: { kvm, my }, event }) => {
      my.toRequest.clear(event.vcpu);
      kvm.tlbFlushRequest.set(event.vcpu);
    },
    addToCpus: ({ context: { my }, event }) => my.cpus.set(event.vcpu),
    sendIpis: ({ context: { my, send, actors } }) => {
      for (const vcpu of actors.vcpu) if (my.cpus.has(vcpu)) send('IPI', vcpu);
    },
    csdUnlocked: ({ context: { my }, event }) => my.cpus.clear(event.from),
    resetCpus: ({ context: { my } }) => my.cpus.fill(false),
    resetFlush: ({ context: { my } }) => {
      my.flush = false;
    },
  },
  guards: {
    notYetRequested: ({ context: { my }, event }) => my.toRequest.has(event.vcpu),
    notYetRequestedInGuest: ({ context: { kvm, my }, event }) =>
      my.toRequest.has(event.vcpu) && kvm.inGuestMode.has(event.vcpu),
    requestedOfAll: ({ context: { my } }) => my.toRequest.isEmpty(),
    noAcksAwaited: ({ context: { my } }) => my.cpus.isEmpty(),
  },
});

/** `kvm_vcpu_kick` of all vCPUs: the IPI is sent and not awaited. */
export const kick = ioctl.implement({
  actions: {
    kickVcpus: ({ context: { send, actors } }) => {
      for (const vcpu of actors.vcpu) send('KICK', vcpu);
    },
  },
});

/**
 * Returns the states of `kvm_flush_remote_tlbs` as `make_all_cpus_request` does it in Linux 3.6, virt/kvm/kvm_main.c:
 * make a request of each vCPU and read its mode; send an IPI to those in guest mode, and wait until all of them have
 * taken it. The vCPUs may be visited in any order.
 * @param then what to do when no vCPU can use an old translation any more
 * @param makeRequest the action that makes the request; KVM_REQ_TLB_FLUSH by default
 */
export const flushRemoteTlbs = <
  const Target extends string,
  const Tag extends string,
  const A extends string = never,
  const R extends string = 'makeRequest',
>(
  tags: readonly Tag[],
  then: { readonly target: Target; readonly actions?: A | readonly A[] },
  makeRequest: R = 'makeRequest' as R,
) =>
  ({
    tags,
    initial: 'makeRequests',
    entry: 'startFlush',
    states: {
      makeRequests: {
        description: 'kvm_for_each_vcpu: kvm_make_request(req, vcpu); if (mode == IN_GUEST_MODE) add its CPU to cpus',
        always: { guard: 'requestedOfAll', target: 'awaitAcks' },
        on: {
          MAKE_REQUEST: [
            {
              guard: 'notYetRequestedInGuest',
              actions: [makeRequest, 'addToCpus'],
              target: 'makeRequests',
              meta: { coarse: requestIsOneStep },
            },
            {
              guard: 'notYetRequested',
              actions: makeRequest,
              target: 'makeRequests',
              meta: { coarse: requestIsOneStep },
            },
          ],
        },
      },
      awaitAcks: {
        description: 'smp_call_function_many(cpus, ack_flush, NULL, 1), which waits for csd_unlock of each CPU',
        entry: 'sendIpis',
        always: { guard: 'noAcksAwaited', ...then },
        on: { IPI_ACK: { actions: 'csdUnlocked' } },
      },
    },
  }) as const;
