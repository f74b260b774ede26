import { guestLayout } from '../guest/layout.ts';
import { capability, dirtyGfn, KVM_DIRTY_LOG_PAGE_OFFSET, pageBytes } from '../kernel/kvm-api.ts';
import { dirtyGfnBytes, enableCap } from '../kernel/kvm-structs.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** Enables the dirty rings, which replace the bitmap. For `VirtualMachineSpec.configure`. */
export function enableDirtyRing(machine: VirtualMachine, entries: number): void {
  machine.ioctl('KVM_ENABLE_CAP', enableCap(capability.KVM_CAP_DIRTY_LOG_RING, entries * dirtyGfnBytes));
}

/** The dirty rings of all vCPUs in user space (Documentation/virt/kvm/api.rst, 8.29). */
export class DirtyRings {
  private readonly rings: { readonly entries: Uint32Array; next: number }[];

  constructor(
    private readonly vm: VirtualMachine,
    private readonly entries: number,
  ) {
    const bytes = entries * dirtyGfnBytes;
    this.rings = vm.vcpuFds.map((fd) => {
      const address = vm.libc.mapFile(fd, bytes, KVM_DIRTY_LOG_PAGE_OFFSET * pageBytes);
      vm.resources.add(() => vm.libc.unmap(address, bytes));
      return { entries: new Uint32Array(vm.libc.view(address, bytes)), next: 0 };
    });
  }

  /** Harvests all entries in order and flags them RESET. Returns their number. */
  harvest(visit: (page: number) => void): number {
    let count = 0;
    for (const ring of this.rings) {
      for (;;) {
        const at = (ring.next % this.entries) * 4;
        if (Atomics.load(ring.entries, at) !== dirtyGfn.dirty) break;
        const slot = ring.entries[at + 1] ?? 0;
        const offset = ring.entries[at + 2] ?? 0;
        Atomics.store(ring.entries, at, dirtyGfn.reset);
        ring.next += 1;
        count += 1;
        if ((slot & 0xffff) === guestLayout.memory.slot) visit(offset);
      }
    }
    return count;
  }

  /** Calls KVM_RESET_DIRTY_RINGS, which protects the harvested pages. Returns the number of entries reset. */
  reset(): number {
    return this.vm.ioctl('KVM_RESET_DIRTY_RINGS');
  }
}
