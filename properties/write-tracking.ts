import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/** What the shadow MMU counts on: it sees every write to a page table of the guest that it shadows. */
export const trackedPageFaults = kvm.properties.always(
  { id: 'tracked-page-faults', description: 'once the shadow MMU tracks a page, nobody can write it without a fault' },
  (view) => {
    const { is, actors, mmu } = view;
    if (!actors.shadowMmu.some((one) => is.tracksWrites.of(one))) return true;
    for (let gfn = mmu.tracked.first(); gfn >= 0; gfn = mmu.tracked.first(gfn + 1)) {
      if (canWriteUnseen(view, gfn)) return false;
    }
    return true;
  },
);

/** For designs in which a page is tracked and no vCPU runs code that KVM emulates anyway. */
export const trackedWriteEmulated = kvm.properties.reachable(
  { id: 'tracked-write-emulated', description: 'a write fault on a tracked page was emulated' },
  (_, { actions }) => actions.includes('writeGuestPage'),
);

/** For designs whose GET_DIRTY_LOG flushes after mmu_lock. */
export const trackedUnflushed = kvm.properties.reachable(
  {
    id: 'tracked-unflushed',
    description: 'the shadow MMU came to a page that the log had protected and not flushed yet',
  },
  (view, { actions }) => {
    const { mmu, kvm } = view;
    const gfn = mmu.tracked.first();
    return actions.includes('trackPage') && !kvm.spteWritable.has(gfn) && canWriteUnseen(view, gfn);
  },
);

/** For a design in which an spte comes to map another page. */
export const remappedInFault = kvm.properties.reachable(
  { id: 'remapped-in-fault', description: 'a write fault found that its spte had come to map another page' },
  (_, { actions }) => actions.includes('resetGfn') && !actions.includes('setSpteWritable'),
);
