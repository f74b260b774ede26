import { type KvmView, kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/** The shadow MMU relies on it: every write to a page table of the guest that it shadows faults. */
export const trackedPageFaults = kvm.properties.always(
  {
    id: 'tracked-page-faults',
    description: 'once the shadow MMU tracks a page, no vCPU can write it without a fault',
    each: { field: 'gfn', size: ({ pages, shadowMmu }: KvmView['params']): number => (shadowMmu === 0 ? 0 : pages) },
  },
  (view, gfn) => {
    const { is, actors, mmu } = view;
    const isTracked = mmu.tracked.has(gfn) && actors.shadowMmu.some((one) => is.tracksWrites.of(one));
    return !isTracked || !canWriteUnseen(view, gfn);
  },
);

/** Cover of designs in which a page is tracked and no vCPU runs code that KVM emulates anyway. */
export const trackedWriteEmulated = kvm.properties.reachable(
  { id: 'tracked-write-emulated', description: 'a write fault on a tracked page was emulated' },
  (_, { actions }) => actions.includes('writeGuestPage'),
);

/** Cover of designs whose GET_DIRTY_LOG flushes after it has released `mmu_lock`. */
export const trackedUnflushed = kvm.properties.reachable(
  {
    id: 'tracked-unflushed',
    description: 'the shadow MMU tracked a page that the log had protected and not flushed yet',
  },
  (view, { actions }) => {
    const { mmu, kvm } = view;
    const gfn = mmu.tracked.first();
    return actions.includes('trackPage') && !kvm.spteWritable.has(gfn) && canWriteUnseen(view, gfn);
  },
);

/** Cover of a design in which an spte comes to map another page. */
export const remappedInFault = kvm.properties.reachable(
  { id: 'remapped-in-fault', description: 'a write fault found that its spte mapped another page by then' },
  (_, { actions }) => actions.includes('resetGfn') && !actions.includes('setSpteWritable'),
);
