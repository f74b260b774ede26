import { pageBytes } from '../kernel/kvm-api.ts';

/**
 * Memory map of the guest. It has two slots: the system slot with code, blocks and page tables, which is never logged,
 * and its memory. Virtual addresses equal guest physical addresses.
 */
export const guestLayout = {
  system: { slot: 0, address: 0n, bytes: 0x20_0000 },
  code: 0x1000,
  /** a block of two pages per vCPU */
  vcpuBlocks: 0x1_0000,
  pageTables: 0x10_0000,
  /** above the devices that a PC has below 4 GiB */
  memory: { slot: 1, address: 0x1_0000_0000n },
} as const;

/**
 * Offsets in the block of a vCPU: parameters and results of its program. Fields have 64 bits unless stated otherwise.
 */
export const vcpuBlock = {
  bytes: 2 * pageBytes,
  /** 32 bits; nonzero requests an exit */
  command: 0x000,

  /** remaining writes; the guest exits at 0 */
  writesLeft: 0x040,
  /** address of the first page */
  base: 0x048,
  /** number of pages */
  pages: 0x050,
  /** pages from one write to the next; 0 for random pages */
  stride: 0x058,
  /** share of random writes to the hot set, in 1/65,536 */
  hotShare: 0x060,
  /** pages of the hot set, from the first page */
  hotPages: 0x068,
  /** iterations of an empty loop between two writes */
  think: 0x070,
  /** the next page, or the state of the xorshift generator */
  position: 0x078,
  /** the last value written; each write increments it */
  value: 0x080,

  writes: 0x0c0,
  /** longest write since the field was reset, in cycles of the TSC */
  worstCycles: 0x0c8,
  /** sum of all writes, in cycles */
  sumCycles: 0x0d0,

  /** 64-bit counters, see histogram.ts */
  histogram: 0x1000,
} as const;

/** Returns the address of the block of a vCPU, which equals its offset in the system slot. */
export function vcpuBlockAddress(vcpu: number): number {
  return guestLayout.vcpuBlocks + vcpu * vcpuBlock.bytes;
}

/** Blocks that fit below the page tables. */
export const maxVcpus = (guestLayout.pageTables - guestLayout.vcpuBlocks) / vcpuBlock.bytes;
