import { kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { type IsLogged, isBeingProtected, loggedInBitmap, loggedInDirtyBits } from './logged.ts';

/**
 * The rule of M. Tsirkin (October 2010), weakened as correct code needs it: a page that some CPU can write without a fault is in the log,
 * or in a snapshot whose ioctl will protect it and flush before it returns, or its mark is about to come. It holds from the moment that the log
 * has been switched on.
 */
const loggedOrProtectedWhere = (isLogged: IsLogged) =>
  kvm.properties.always(
    {
      id: 'logged-or-protected',
      says: 'a page that can be written without a fault is marked dirty, or in a snapshot that is still to be returned',
    },
    (view) => {
      if (view.is.notLogging.of(view.actors.migration)) return true;
      for (let gfn = 0; gfn < view.params.pages; gfn++) {
        if (canWriteUnseen(view, gfn) && !isLogged(view, gfn) && !isBeingProtected(view, gfn)) return false;
      }
      return true;
    },
  );

export const loggedOrProtected = loggedOrProtectedWhere(loggedInBitmap);
export const loggedOrProtectedWithDirtyBits = loggedOrProtectedWhere(loggedInDirtyBits);
