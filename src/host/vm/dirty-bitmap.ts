import { guestLayout } from '../guest/layout.ts';
import { capability, manualProtect, pagesPerWord } from '../kernel/kvm-api.ts';
import { clearDirtyLog, dirtyLog, enableCap } from '../kernel/kvm-structs.ts';
import { type Mapping, mapBuffer } from './memory.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const { slot } = guestLayout.memory;

/**
 * Enables KVM_CLEAR_DIRTY_LOG; GET_DIRTY_LOG then neither clears nor protects. With `initiallySet`, switching the log
 * on does not protect either, and marks all pages dirty. For `VirtualMachineSpec.configure`.
 */
export function enableManualProtect(machine: VirtualMachine, initiallySet: boolean): void {
  const flags = manualProtect.enable | (initiallySet ? manualProtect.initiallySet : 0);
  machine.ioctl('KVM_ENABLE_CAP', enableCap(capability.KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, flags));
}

/** The dirty bitmap of the guest's memory in user space. */
export class DirtyBitmap {
  /** the result of the last GET: a bit per page, 32 bits per word */
  readonly words: Uint32Array;
  private readonly mapping: Mapping;

  constructor(private readonly vm: VirtualMachine) {
    this.mapping = mapBuffer(vm.libc, Math.ceil(vm.pages / pagesPerWord) * 8, vm.resources);
    this.words = new Uint32Array(this.mapping.buffer);
  }

  /** Calls KVM_GET_DIRTY_LOG, which fills `words`. */
  get(): void {
    this.vm.ioctl('KVM_GET_DIRTY_LOG', dirtyLog(slot, this.mapping.address));
  }

  /** Calls KVM_CLEAR_DIRTY_LOG for a range, with its bits of `words`. `firstPage` and `pages` are multiples of 64. */
  clear(firstPage: number, pages: number): void {
    const bits = this.mapping.address + BigInt(firstPage / 8);
    this.vm.ioctl('KVM_CLEAR_DIRTY_LOG', clearDirtyLog(slot, firstPage, pages, bits));
  }

  /** Calls KVM_CLEAR_DIRTY_LOG for all pages, in chunks. `onChunk` is called after each. */
  clearAll(chunkPages: number, onChunk: (firstPage: number, pages: number) => void = () => {}): void {
    for (let first = 0; first < this.vm.pages; first += chunkPages) {
      const pages = Math.min(chunkPages, this.vm.pages - first);
      this.clear(first, pages);
      onChunk(first, pages);
    }
  }

  /** Calls `visitor` for each dirty page of a range. */
  visit(visitor: (page: number) => void, first = 0, pages = this.vm.pages): void {
    for (let n = first / 32; n < (first + pages) / 32; n++) {
      for (let word = this.words[n] ?? 0; word !== 0; word &= word - 1)
        visitor(n * 32 + (31 - Math.clz32(word & -word)));
    }
  }

  /** Returns the number of 64-bit words with a dirty page. */
  countDirtyWords(): number {
    let count = 0;
    for (let n = 0; n < this.words.length; n += 2) if (this.words[n] !== 0 || this.words[n + 1] !== 0) count++;
    return count;
  }

  /** Returns the number of dirty pages. */
  countDirtyPages(): number {
    let count = 0;
    for (let n = 0; n < this.words.length; n++) {
      let word = this.words[n] ?? 0;
      word -= (word >>> 1) & 0x55555555;
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
      count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return count;
  }
}
