import type { Address } from './libc.ts';

/** Layouts of the structures of the KVM API on x86-64, from include/uapi/linux/kvm.h. All are little-endian. */

interface Field {
  readonly offset: number;
  readonly bytes: 1 | 2 | 4 | 8;
}

class Struct {
  readonly bytes: Uint8Array;
  private readonly data: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.data = new DataView(this.bytes.buffer);
  }

  set({ offset, bytes }: Field, value: number | bigint): this {
    if (bytes === 8) this.data.setBigUint64(offset, BigInt(value), true);
    else if (bytes === 4) this.data.setUint32(offset, Number(value), true);
    else if (bytes === 2) this.data.setUint16(offset, Number(value), true);
    else this.data.setUint8(offset, Number(value));
    return this;
  }

  get64(offset: number): bigint {
    return this.data.getBigUint64(offset, true);
  }
}

const u8 = (offset: number): Field => ({ offset, bytes: 1 });
const u16 = (offset: number): Field => ({ offset, bytes: 2 });
const u32 = (offset: number): Field => ({ offset, bytes: 4 });
const u64 = (offset: number): Field => ({ offset, bytes: 8 });

/** `struct kvm_userspace_memory_region` */
export function memoryRegion(region: {
  readonly slot: number;
  readonly flags: number;
  readonly guestAddress: bigint;
  readonly memoryBytes: number;
  readonly hostAddress: Address;
}): Uint8Array {
  return new Struct(32)
    .set(u32(0), region.slot)
    .set(u32(4), region.flags)
    .set(u64(8), region.guestAddress)
    .set(u64(16), region.memoryBytes)
    .set(u64(24), region.hostAddress).bytes;
}

/** `struct kvm_dirty_log`. The kernel copies the bitmap of the slot to `bitmap`. */
export function dirtyLog(slot: number, bitmap: Address): Uint8Array {
  return new Struct(16).set(u32(0), slot).set(u64(8), bitmap).bytes;
}

/** `struct kvm_clear_dirty_log`. `bitmap` begins at the bit of `firstPage`. */
export function clearDirtyLog(slot: number, firstPage: number, pages: number, bitmap: Address): Uint8Array {
  return new Struct(24).set(u32(0), slot).set(u32(4), pages).set(u64(8), firstPage).set(u64(16), bitmap).bytes;
}

/** `struct kvm_enable_cap` */
export function enableCap(cap: number, argument: number): Uint8Array {
  return new Struct(104).set(u32(0), cap).set(u64(8), argument).bytes;
}

/** `struct kvm_cpuid2` of a number of entries, for KVM_GET_SUPPORTED_CPUID and KVM_SET_CPUID2. */
export function cpuid(entries: number): Uint8Array {
  return new Struct(8 + 40 * entries).set(u32(0), entries).bytes;
}

const registerNames = 'rax rbx rcx rdx rsi rdi rsp rbp r8 r9 r10 r11 r12 r13 r14 r15 rip rflags'.split(' ');

/** `struct kvm_regs`: registers by name, 0 by default. */
export function registers(values: Readonly<Record<string, bigint>>): Uint8Array {
  const struct = new Struct(8 * registerNames.length);
  for (const [n, name] of registerNames.entries()) struct.set(u64(8 * n), values[name] ?? 0n);
  return struct.bytes;
}

/** Formats a `struct kvm_regs`: `rax=0x0 rbx=0x1000 ...`. */
export function formatRegisters(bytes: Uint8Array): string {
  const data = new DataView(bytes.buffer, bytes.byteOffset);
  return registerNames.map((name, n) => `${name}=0x${data.getBigUint64(8 * n, true).toString(16)}`).join(' ');
}

/** The fields of a `struct kvm_segment` that the guest sets. */
export interface Segment {
  readonly selector: number;
  readonly type: number;
  readonly dpl: number;
  /** 0 for a system segment */
  readonly s: 0 | 1;
  /** 64-bit code */
  readonly l: 0 | 1;
  readonly db: 0 | 1;
  readonly limit: number;
}

const segmentOffsets = { cs: 0, ds: 24, es: 48, fs: 72, gs: 96, ss: 120, tr: 144 } as const;
const controlOffsets = { cr0: 224, cr3: 240, cr4: 248, efer: 264 } as const;

/** `struct kvm_sregs`: KVM_GET_SREGS fills `bytes`, and KVM_SET_SREGS takes them. */
export class SpecialRegisters {
  private readonly struct = new Struct(312);
  readonly bytes = this.struct.bytes;

  segment(name: keyof typeof segmentOffsets, { selector, type, dpl, s, l, db, limit }: Segment): this {
    const at = segmentOffsets[name];
    this.struct
      .set(u64(at), 0)
      .set(u32(at + 8), limit)
      .set(u16(at + 12), selector);
    const granular = limit > 0xfffff ? 1 : 0;
    for (const [n, value] of [type, 1, dpl, db, s, l, granular, 0, 0].entries())
      this.struct.set(u8(at + 14 + n), value);
    return this;
  }

  control(name: keyof typeof controlOffsets, value: bigint): this {
    this.struct.set(u64(controlOffsets[name]), value);
    return this;
  }
}

/** Offsets in `struct kvm_run`, which the kernel shares with the thread of a vCPU. */
export const kvmRun = {
  immediateExit: 1,
  exitReason: 8,
  /** of KVM_EXIT_IO */
  ioPort: 34,
  /** error code of KVM_EXIT_INTERNAL_ERROR, KVM_EXIT_FAIL_ENTRY and KVM_EXIT_UNKNOWN */
  detail: 32,
} as const;

/** Bytes of `struct kvm_dirty_gfn`: flags (u32), slot (u32), offset (u64). */
export const dirtyGfnBytes = 16;
