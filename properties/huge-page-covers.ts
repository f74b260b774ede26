import { tableOf } from '../machines/params.ts';
import { kvm } from '../machines/system.ts';

/** Cover of designs whose pages are initially huge. */
export const splitByFault = kvm.properties.reachable(
  { id: 'split-by-fault', description: 'a write fault split a huge page' },
  ({ actors }, { actor, actions }) => actors.vcpu.includes(actor) && actions.includes('splitHugePage'),
);

/** Covers of designs in which CLEAR_DIRTY_LOG splits huge pages. */
export const eagerSplitCovers = [
  kvm.properties.reachable(
    { id: 'split-by-clear', description: 'CLEAR_DIRTY_LOG split a huge page' },
    ({ actors }, { actor, actions }) => actor === actors.getDirtyLog && actions.includes('splitHugePage'),
  ),
  kvm.properties.reachable(
    { id: 'huge-page-protected', description: 'CLEAR_DIRTY_LOG protected a huge page that it could not split' },
    (_, { actions }) => actions.includes('writeProtectHugePage'),
  ),
  kvm.properties.reachable(
    {
      id: 'written-in-the-split',
      description: 'a page was written through its huge spte after CLEAR_DIRTY_LOG took its bit',
    },
    ({ is, actors, kvm: { hugeSptes, spteWritable }, ioctl, params }, { actions, payload }) =>
      actions.includes('writePage') &&
      ioctl.snapshot.has(payload) &&
      !is.holdsMmuLock.of(actors.getDirtyLog) &&
      hugeSptes.has(tableOf(payload, params)) &&
      spteWritable.has(payload),
  ),
];
