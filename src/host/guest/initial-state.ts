import { registers, type Segment, type SpecialRegisters } from '../kernel/kvm-structs.ts';
import { guestLayout, vcpuBlock, vcpuBlockAddress } from './layout.ts';

/** 64-bit code and data at CPL 3, with the selectors of Linux's user space. */
const code: Segment = { selector: 0x33, type: 0b1011, dpl: 3, s: 1, l: 1, db: 0, limit: 0xffff_ffff };
const data: Segment = { selector: 0x2b, type: 0b0011, dpl: 3, s: 1, l: 0, db: 1, limit: 0xffff_ffff };
/** A busy 64-bit TSS, which VMX requires. */
const task: Segment = { selector: 0x40, type: 0b1011, dpl: 0, s: 0, l: 0, db: 0, limit: 0x67 };

/** PE, MP, ET, NE, WP, AM, PG */
const cr0 = 0x8005_0033n;
/** PAE */
const cr4 = 0x20n;
/** LME, LMA */
const efer = 0x500n;
/** The bit that is always 1, and IOPL 3 for `out`. */
const rflags = 0x3002n;

/** Sets the special registers of a vCPU for long mode at CPL 3. */
export function enterLongMode(special: SpecialRegisters, cr3: bigint): void {
  special.segment('cs', code);
  for (const name of ['ds', 'es', 'fs', 'gs', 'ss'] as const) special.segment(name, data);
  special.segment('tr', task);
  special.control('cr0', cr0).control('cr3', cr3).control('cr4', cr4).control('efer', efer);
}

/** Returns the initial registers of a vCPU. Its stack is at the end of the first page of its block. */
export function initialRegisters(vcpu: number): Uint8Array {
  const block = BigInt(vcpuBlockAddress(vcpu));
  return registers({
    rip: BigInt(guestLayout.code),
    rbp: block,
    rsp: block + BigInt(vcpuBlock.histogram),
    rflags,
  });
}
