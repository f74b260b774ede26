import { pageBytes } from '../kernel/kvm-api.ts';

/**
 * Where things are in the guest. It has two slots: one for what makes it run, which is never logged, and its memory, which is what is
 * looked at. Virtual addresses are guest physical addresses.
 */
export const guestLayout = {
  system: { slot: 0, address: 0n, bytes: 0x20_0000 },
  code: 0x1000,
  /** One block of two pages a vCPU. */
  vcpuBlocks: 0x1_0000,
  pageTables: 0x10_0000,
  /** Above everything that the platform of a PC puts below 4 GiB. */
  memory: { slot: 1, address: 0x1_0000_0000n },
} as const;

/** The block of a vCPU: what the guest is told and what it tells. Offsets of 64-bit fields, except where it says otherwise. */
export const vcpuBlock = {
  bytes: 2 * pageBytes,
  /** 32 bits; not 0: leave */
  command: 0x000,

  /** how many writes are left; it leaves at 0 */
  writesLeft: 0x040,
  /** address of the first page that it writes */
  base: 0x048,
  /** how many pages it writes */
  pages: 0x050,
  /** pages from one write to the next; 0: random pages */
  stride: 0x058,
  /** out of 65,536 random writes, so many go to the hot set */
  hotShare: 0x060,
  /** size of the hot set, from the first page */
  hotPages: 0x068,
  /** turns of an empty loop between two writes */
  think: 0x070,
  /** the next page, or the state of the xorshift generator */
  position: 0x078,
  /** what was written last; the next value is one more */
  value: 0x080,

  writes: 0x0c0,
  /** the longest write since somebody set it to 0, in cycles of the TSC */
  worstCycles: 0x0c8,
  /** all of them together */
  sumCycles: 0x0d0,

  /** counters of 64 bits, see `bucketOf` */
  histogram: 0x1000,
} as const;

/** How many counters a histogram has. */
export const histogramBuckets = 512;

/** The least latency, in cycles, that falls into a bucket; eight buckets an octave, so a bucket is 6 to 12 % wide. Less than 8 counts as 8. */
export function leastCyclesOf(bucket: number): number {
  const octave = Math.max(0, Math.floor(bucket / 8) - 1);
  return (bucket - 8 * octave) * 2 ** octave;
}

/** Address of the block of a vCPU, in the guest and in the system slot. */
export function vcpuBlockAddress(vcpu: number): number {
  return guestLayout.vcpuBlocks + vcpu * vcpuBlock.bytes;
}

/** As many blocks as fit below the page tables. */
export const maxVcpus = (guestLayout.pageTables - guestLayout.vcpuBlocks) / vcpuBlock.bytes;
