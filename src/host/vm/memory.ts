import { readFileSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import type { Address, Libc } from '../kernel/libc.ts';
import type { Resources } from './resources.ts';

/** Mapped memory of this process: its address for the kernel, and a buffer over it. */
export interface Mapping {
  readonly address: Address;
  readonly buffer: ArrayBuffer;
  readonly bytes: number;
}

/** From include/uapi/asm-generic/mman-common.h. */
const advice = { hugePage: 14, noHugePage: 15, populateWrite: 23 } as const;
const hugePageBytes = 0x20_0000;

/** Largest ArrayBuffer of Node 20. */
const maxMappingBytes = 2 ** 32;
/** Memory that stays free for other processes. */
const reserveBytes = 256 * 2 ** 20;

/** Maps and populates memory, aligned to 2 MiB, in pages of 4 KiB or, as far as available, of 2 MiB. */
export function mapGuestMemory(libc: Libc, bytes: number, hugePages: boolean, resources: Resources): Mapping {
  const mappedBytes = bytes + hugePageBytes;
  const start = libc.mapMemory(mappedBytes);
  resources.add(() => libc.unmap(start, mappedBytes));
  const align = BigInt(hugePageBytes);
  const address = ((start + align - 1n) / align) * align;
  libc.advise(address, bytes, hugePages ? advice.hugePage : advice.noHugePage);
  const buffer = libc.view(address, bytes);
  // Linux before 5.14 does not know the advice.
  if (!libc.advise(address, bytes, advice.populateWrite)) touchEveryPage(buffer);
  return { address, buffer, bytes };
}

/** Maps memory for ioctl arguments. */
export function mapBuffer(libc: Libc, bytes: number, resources: Resources): Mapping {
  const address = libc.mapMemory(bytes);
  resources.add(() => libc.unmap(address, bytes));
  return { address, buffer: libc.view(address, bytes), bytes };
}

function touchEveryPage(buffer: ArrayBuffer): void {
  const words = new Uint32Array(buffer);
  for (let n = 0; n < words.length; n += 1024) words[n] = 0;
}

/** Returns the available memory in bytes: MemAvailable of /proc/meminfo. */
export function availableBytes(): number {
  const [, kib = ''] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** Returns true if a guest of this size leaves enough memory for other processes. */
export function fitsInMemory(bytes: number, available: number = availableBytes()): boolean {
  return bytes + reserveBytes <= available;
}

/**
 * Checks that the host has memory for a guest.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function assertFitsInMemory(bytes: number, available: number = availableBytes()): void {
  if (bytes > maxMappingBytes) {
    throw new PrecopyError('BAD_PARAMETER', `a guest of ${mebibytes(bytes)} is too large`, 'give it 4 GiB or less');
  }
  if (bytes % hugePageBytes !== 0 || bytes === 0) {
    throw new PrecopyError('BAD_PARAMETER', `a guest cannot have ${bytes} bytes`, 'give a multiple of 2 MiB');
  }
  if (!fitsInMemory(bytes, available)) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `a guest of ${mebibytes(bytes)} does not fit: ${mebibytes(available)} are available, of which ${mebibytes(reserveBytes)} stay free`,
      'give a smaller --memory, or free memory',
    );
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
