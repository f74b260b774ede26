import { vcpu } from '../vcpu.ts';
import { kvmThread } from './kvm-thread.ts';

/** The processor sets D bits of sptes by itself. */
export const dirtyBits = kvmThread.implement({
  actions: { setSpteDirty: ({ context: { kvm }, event }) => kvm.spteDirty.set(event.gfn) },
});

/**
 * The vCPU with accessed and dirty bits in its sptes: no write faults. The first write through a translation sets the D
 * bit of the spte, and the TLB remembers that it is set, so that later writes leave the spte alone until the entry is
 * flushed.
 */
export const vcpuWithDirtyBits = vcpu.use(dirtyBits).extend({
  states: {
    inGuest: {
      on: {
        WRITE: [{ guard: 'tlbAllowsWrite', actions: 'writePage' }, { actions: ['setSpteDirty', 'fillTlb'] }],
      },
    },
  },
});
