import { kvm } from '../machines/system.ts';

/** Covers of a design that write-protects from the root. */
export const lazyCovers = [
  kvm.properties.reachable(
    {
      id: 'protection-is-lazy',
      description: 'GET_DIRTY_LOG returned while the spte of a page that it reports was still writable',
    },
    ({ is, actors, kvm: { spteWritable }, qemu: { userBitmap } }) => {
      if (!is.logReturned.of(actors.migration)) return false;
      for (let gfn = userBitmap.first(); gfn >= 0; gfn = userBitmap.first(gfn + 1)) {
        if (spteWritable.has(gfn)) return true;
      }
      return false;
    },
  ),
  kvm.properties.reachable(
    {
      id: 'protection-moves-down',
      description: 'a write fault made an spte of a table read-only before it made the entry of the table writable',
    },
    (_, { actions }) => actions.includes('protectSpteOfTable'),
  ),
  kvm.properties.reachable(
    {
      id: 'root-found-current',
      description: 'a vCPU loaded a root that another vCPU had protected, and below which an entry was writable again',
    },
    ({ kvm: { rootWritable } }, { actions }) =>
      actions.includes('recordGeneration') && actions.includes('flushOnLoad') && !rootWritable.isEmpty(),
  ),
  kvm.properties.reachable(
    { id: 'fault-below-old-root', description: 'a write fault was handled below a root of an older generation' },
    ({ kvm: { rootIsStale } }, { actions }) => actions.includes('setSpteWritable') && rootIsStale.has(0),
  ),
];
