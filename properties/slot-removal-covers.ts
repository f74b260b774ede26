import { kvm } from '../machines/system.ts';

/** Covers of a design in which a slot is removed and added again. */
export const removalCovers = [
  kvm.properties.reachable(
    {
      id: 'write-finds-no-slot',
      description: 'a write found a slot that takes none, and KVM_RUN returned to user space',
    },
    ({ is }) => is.exitsForMmio.count() > 0,
  ),
  kvm.properties.reachable(
    { id: 'removal-waits-for-readers', description: 'a fault path that may have found the slot held up its removal' },
    ({ is, actors }) => is.removesSlot.of(actors.migration) && is.waitsForGracePeriod.of(actors.setMemoryRegion),
  ),
  kvm.properties.reachable(
    { id: 'removal-finds-dirty-page', description: 'the last log of a slot reported a page that had been copied' },
    ({ is, actors, qemu }) =>
      is.removesSlot.of(actors.migration) &&
      is.logReturned.of(actors.migration) &&
      !qemu.bmap.contains(qemu.userBitmap),
  ),
];
