import { kvm } from '../machines/system.ts';

/**
 * A page that changed since its copy is known to somebody: to QEMU, to an ioctl on its way, to a dirty bitmap, or to the vCPU that is
 * about to mark it. The last case is the window that correct code has (`kvm_write_guest_page` writes, then marks).
 */
export const noLostWrite = kvm.properties.always(
  {
    id: 'no-lost-write',
    says: 'each write since the last copy of its page is logged, or its writer is about to log it',
  },
  ({ ram, qemu, ioctl, kvm: { dirtyBitmap }, ghost, params }) => {
    for (let gfn = ram.stale.first(); gfn >= 0; gfn = ram.stale.first(gfn + 1)) {
      const logged =
        qemu.bmap.has(gfn) ||
        qemu.userBitmap.has(gfn) ||
        ioctl.snapshot.has(gfn) ||
        dirtyBitmap(0).has(gfn) ||
        dirtyBitmap(1).has(gfn);
      if (logged) continue;
      let aboutToMark = false;
      for (let vcpu = 0; vcpu < params.vcpus; vcpu++) if (ghost.unmarked(vcpu).has(gfn)) aboutToMark = true;
      if (!aboutToMark) return false;
    }
    return true;
  },
);
