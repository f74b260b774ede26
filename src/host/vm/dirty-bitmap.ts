import { guestLayout } from '../guest/layout.ts';
import { capability, manualProtect, pagesPerWord } from '../kernel/kvm-api.ts';
import { clearDirtyLog, dirtyLog, enableCap } from '../kernel/kvm-structs.ts';
import type { Machine } from './machine.ts';
import { type Mapping, mapBuffer } from './memory.ts';

const { slot } = guestLayout.memory;

/**
 * Enables KVM_CLEAR_DIRTY_LOG: GET_DIRTY_LOG clears and protects nothing from now on. With `initiallySet`, switching the log on protects
 * nothing either, and all pages are dirty then. For `MachineSpec.prepare`.
 */
export function enableManualProtect(machine: Machine, initiallySet: boolean): void {
  const flags = manualProtect.enable | (initiallySet ? manualProtect.initiallySet : 0);
  machine.ioctl('KVM_ENABLE_CAP', enableCap(capability.KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, flags));
}

/** The dirty bitmap of the guest's memory, as user space sees it. */
export class DirtyBitmap {
  /** One bit a page, 32 a word: what the last GET gave. */
  readonly words: Uint32Array;
  private readonly mapping: Mapping;

  constructor(private readonly machine: Machine) {
    this.mapping = mapBuffer(machine.libc, Math.ceil(machine.pages / pagesPerWord) * 8, machine.lifetime);
    this.words = new Uint32Array(this.mapping.buffer);
  }

  /** KVM_GET_DIRTY_LOG into `words`. */
  get(): void {
    this.machine.ioctl('KVM_GET_DIRTY_LOG', dirtyLog(slot, this.mapping.address));
  }

  /** KVM_CLEAR_DIRTY_LOG of a range, with the bits that `words` has there. `firstPage` and `pages` are multiples of 64. */
  clear(firstPage: number, pages: number): void {
    const bits = this.mapping.address + BigInt(firstPage / 8);
    this.machine.ioctl('KVM_CLEAR_DIRTY_LOG', clearDirtyLog(slot, firstPage, pages, bits));
  }

  /** KVM_CLEAR_DIRTY_LOG of everything, so many pages a call. `between` is called after each. */
  clearAll(chunkPages: number, between: (firstPage: number, pages: number) => void = () => {}): void {
    for (let first = 0; first < this.machine.pages; first += chunkPages) {
      const pages = Math.min(chunkPages, this.machine.pages - first);
      this.clear(first, pages);
      between(first, pages);
    }
  }

  /** Calls back for each page whose bit is set, from `first` on. */
  visit(visitor: (page: number) => void, first = 0, pages = this.machine.pages): void {
    for (let n = first / 32; n < (first + pages) / 32; n++) {
      for (let word = this.words[n] ?? 0; word !== 0; word &= word - 1)
        visitor(n * 32 + (31 - Math.clz32(word & -word)));
    }
  }

  /** How many words of the kernel, of 64 pages, have a bit that is set. */
  countWords(): number {
    let count = 0;
    for (let n = 0; n < this.words.length; n += 2) if (this.words[n] !== 0 || this.words[n + 1] !== 0) count++;
    return count;
  }

  /** How many bits are set. */
  count(): number {
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
