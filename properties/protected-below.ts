import { kvm } from '../machines/system.ts';
import { rootIsOld } from './can-write-lazily.ts';

/** The invariant of lazy write protection: it moves down one level before the entry above becomes writable. */
export const protectedBelow = kvm.properties.always(
  {
    id: 'protected-below',
    description: 'an entry of the root is writable only if each spte of its table was protected in this generation',
  },
  (view) => rootIsOld(view) || view.ghost.tableProtected.contains(view.kvm.rootWritable),
);
