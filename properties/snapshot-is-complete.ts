import { kvm } from '../machines/system.ts';

/**
 * The snapshot contains every page that was written, and marked by its writer, before the call. Where a display refresh
 * takes the log too, the page may be in its log instead.
 */
export const snapshotIsComplete = kvm.properties.always(
  {
    id: 'snapshot-is-complete',
    description: 'GET_DIRTY_LOG finds every page that was written before its call and not reported yet',
  },
  ({ is, actors, ghost }) => !is.logReturned.of(actors.migration) || ghost.due.isEmpty(),
);
