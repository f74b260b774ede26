import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';

/**
 * The rule of M. Tsirkin (October 2010), weakened as correct code needs it: a page that some CPU can write without a fault has its bit
 * set, or is in a snapshot whose ioctl will protect it and flush before it returns.
 */
export const loggedOrProtected = kvm.properties.always(
  {
    id: 'logged-or-protected',
    says: 'a page that can be written without a fault is marked dirty, or in a snapshot that is still to be returned',
  },
  (view) => {
    const {
      kvm: { dirtyBitmap },
      ioctl,
      params,
    } = view;
    for (let gfn = 0; gfn < params.pages; gfn++) {
      if (dirtyBitmap(0).has(gfn) || dirtyBitmap(1).has(gfn) || ioctl.snapshot.has(gfn)) continue;
      if (canWriteUnseen(view, gfn)) return false;
    }
    return true;
  },
);
