import { kvm } from '../machines/system.ts';

/**
 * A snapshot is as good as the moment of its call: what was written, and marked by its writer, before that is in it. Where a display refresh takes
 * the log as well, it may have been quicker: then it has the page, or has merged it into the bitmap of migration.
 */
export const snapshotIsComplete = kvm.properties.always(
  {
    id: 'snapshot-is-complete',
    says: 'GET_DIRTY_LOG reports every page that was written before its call and not reported yet',
  },
  ({ is, actors, qemu, ioctl, ghost, params }) => {
    if (!is.logReturned.of(actors.migration) || qemu.userBitmap.contains(ghost.due)) return true;
    if (params.collectors === 1) return false;
    for (let gfn = ghost.due.first(); gfn >= 0; gfn = ghost.due.first(gfn + 1)) {
      const isTold = qemu.userBitmap.has(gfn) || qemu.refreshBitmap.has(gfn) || qemu.bmap.has(gfn);
      if (!isTold && !ioctl.snapshot.has(gfn)) return false;
    }
    return true;
  },
);
