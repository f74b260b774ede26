import { kvmWithSecondCollector } from '../machines/second-collector/system.ts';
import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/** Covers of designs in which two threads take the log. */
export const collectorCovers = [
  kvm.properties.reachable(
    { id: 'collectors-meet', description: 'one GET_DIRTY_LOG waited for slots_lock, which the other held' },
    ({ is }) => is.waitsForSlotsLock.count() > 0 && is.inIoctl.count() > 1,
  ),
  kvmWithSecondCollector.properties.reachable(
    {
      id: 'refresh-tells-migration',
      description: 'the log of the display refresh reported a page that migration had copied',
    },
    ({ is, actors, qemu, refresh }) => is.logReturned.of(actors.display) && !qemu.bmap.contains(refresh.userBitmap),
  ),
];

/** Cover of a design whose flush comes after `slots_lock`. */
export const foundUnflushed = kvm.properties.reachable(
  {
    id: 'found-unflushed',
    description: 'a GET_DIRTY_LOG took the bit of a page that another had protected and not flushed',
  },
  (view, { actions }) => {
    const { ioctl, kvm } = view;
    if (!actions.includes('xchgDirtyWord')) return false;
    for (let gfn = ioctl.snapshot.first(); gfn >= 0; gfn = ioctl.snapshot.first(gfn + 1)) {
      if (!kvm.spteWritable.has(gfn) && canWriteUnseen(view, gfn)) return true;
    }
    return false;
  },
);
