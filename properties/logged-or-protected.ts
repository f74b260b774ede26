import { type KvmView, kvm } from '../machines/system.ts';
import { canWriteUnseen } from './can-write.ts';
import { type IsLogged, isBeingProtected, loggedInBitmap, loggedInDirtyBits } from './logged.ts';

/**
 * The rule of M. Tsirkin (October 2010), weakened by the windows that correct code has: a page that some CPU can write
 * without a fault is in the log, or in a snapshot whose ioctl will protect it and flush before it returns, or its
 * writer is about to mark it. It holds once the log has been switched on.
 */
const loggedOrProtectedWhere = (isLogged: IsLogged) =>
  kvm.properties.always(
    {
      id: 'logged-or-protected',
      description:
        'a page that can be written without a fault is marked dirty, or in a snapshot that is still to be returned',
    },
    (view) => {
      if (view.is.notLogging.of(view.actors.migration) || isAllInBitmap(view)) return true;
      for (let gfn = 0; gfn < view.params.pages; gfn++) {
        if (canWriteUnseen(view, gfn) && !isLogged(view, gfn) && !isBeingProtected(view, gfn)) return false;
      }
      return true;
    },
  );

/**
 * Returns true if the bits of all pages that can be written without a fault are set: a fast test by words, true in most
 * states.
 */
function isAllInBitmap({ kvm, cpu, params }: KvmView): boolean {
  const inBitmap = kvm.dirtyBitmap(0);
  if (!inBitmap.contains(params.dirtyBits === 1 ? kvm.spteDirty : kvm.spteWritable)) return false;
  for (let vcpu = 0; vcpu < params.vcpus; vcpu++) if (!inBitmap.contains(cpu.tlb(vcpu))) return false;
  return true;
}

export const loggedOrProtected = loggedOrProtectedWhere(loggedInBitmap);
export const loggedOrProtectedWithDirtyBits = loggedOrProtectedWhere(loggedInDirtyBits);
