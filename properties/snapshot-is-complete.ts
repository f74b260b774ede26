import { kvm } from '../machines/system.ts';

/**
 * A snapshot is as good as the moment of its call: what was written, and marked by its writer, before that is in it. Where a display refresh takes
 * the log as well, it may be quicker: then it has the page.
 */
export const snapshotIsComplete = kvm.properties.always(
  {
    id: 'snapshot-is-complete',
    description: 'GET_DIRTY_LOG finds every page that was written before its call and not reported yet',
  },
  ({ is, actors, ghost }) => !is.logReturned.of(actors.migration) || ghost.due.isEmpty(),
);
