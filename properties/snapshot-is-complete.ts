import { kvm } from '../machines/system.ts';

/** A snapshot is as good as the moment of its call: what was written, and marked by its writer, before that is in it. */
export const snapshotIsComplete = kvm.properties.always(
  {
    id: 'snapshot-is-complete',
    says: 'GET_DIRTY_LOG reports every page that was written before its call and not reported yet',
  },
  ({ is, actors, qemu, ghost }) => !is.logReturned.of(actors.migration) || qemu.userBitmap.contains(ghost.due),
);
