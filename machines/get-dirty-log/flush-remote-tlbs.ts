export const requestIsOneStep =
  'kvm_make_request and the read of vcpu->mode are one step, which rmap-xchg-handshake takes apart and proves';

/**
 * `kvm_flush_remote_tlbs` as `make_all_cpus_request` does it in Linux 3.6, virt/kvm/kvm_main.c: make a request of each vCPU and read its
 * mode; an IPI to those in guest mode, and wait until all of them have taken it. The vCPUs may be visited in any order.
 * @param then what to do when no vCPU can use an old translation any more
 * @param makeRequest which request it is: of a TLB flush unless told
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
        entry: 'sendIpis',
        always: { guard: 'noAcksAwaited', ...then },
        on: { IPI_ACK: { actions: 'noteAck' } },
      },
    },
  }) as const;
