import { guestLayout } from '../guest/layout.ts';
import { capability, dirtyGfn, KVM_DIRTY_LOG_PAGE_OFFSET, pageBytes } from '../kernel/kvm-api.ts';
import { dirtyGfnBytes, enableCap } from '../kernel/kvm-structs.ts';
import type { Machine } from './machine.ts';

/** Gives each vCPU a dirty ring instead of the bitmap. For `MachineSpec.prepare`. */
export function enableDirtyRing(machine: Machine, entries: number): void {
  machine.ioctl('KVM_ENABLE_CAP', enableCap(capability.KVM_CAP_DIRTY_LOG_RING, entries * dirtyGfnBytes));
}

/** Called with each page that a ring gives, and the vCPU whose ring it is. */
export type OnDirtyPage = (page: number, vcpu: number) => void;

/** The dirty rings of all vCPUs, as user space sees them (Documentation/virt/kvm/api.rst, 8.29). */
export class DirtyRings {
  private readonly rings: { readonly entries: Uint32Array; next: number }[];

  constructor(
    private readonly machine: Machine,
    private readonly entries: number,
  ) {
    const bytes = entries * dirtyGfnBytes;
    this.rings = machine.vcpuFds.map((fd) => {
      const address = machine.libc.mapFile(fd, bytes, KVM_DIRTY_LOG_PAGE_OFFSET * pageBytes);
      machine.lifetime.add(() => machine.libc.unmap(address, bytes));
      return { entries: new Uint32Array(machine.libc.view(address, bytes)), next: 0 };
    });
  }

  /** Takes all entries that are there, in order, and gives them back to the kernel with the flag RESET. Returns how many. */
  harvest(visit: OnDirtyPage): number {
    let count = 0;
    for (const [vcpu, ring] of this.rings.entries()) {
      for (;;) {
        const at = (ring.next % this.entries) * 4;
        if (Atomics.load(ring.entries, at) !== dirtyGfn.dirty) break;
        const slot = ring.entries[at + 1] ?? 0;
        const offset = ring.entries[at + 2] ?? 0;
        Atomics.store(ring.entries, at, dirtyGfn.reset);
        ring.next += 1;
        count += 1;
        if ((slot & 0xffff) === guestLayout.memory.slot) visit(offset, vcpu);
      }
    }
    return count;
  }

  /** KVM_RESET_DIRTY_RINGS: protects what was harvested. Returns how many entries the kernel has taken back. */
  reset(): number {
    return this.machine.ioctl('KVM_RESET_DIRTY_RINGS');
  }
}
