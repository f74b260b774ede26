import { readFileSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import type { Address, Libc } from '../kernel/libc.ts';
import type { Resources } from './resources.ts';

/** Memory of this process, as an address for the kernel and as an ArrayBuffer for us. */
export interface Mapping {
  readonly address: Address;
  readonly buffer: ArrayBuffer;
  readonly bytes: number;
}

/** From include/uapi/asm-generic/mman-common.h. */
const advice = { hugePage: 14, noHugePage: 15, populateWrite: 23 } as const;
const hugePageBytes = 0x20_0000;

/** An ArrayBuffer of Node 20 is not larger. */
const maxMappingBytes = 2 ** 32;
/** What has to stay free for everybody else. */
const reserveBytes = 256 * 2 ** 20;

/** Maps memory that is there at once, in pages of 4 KiB or, as far as the kernel has them, of 2 MiB. It is aligned to 2 MiB. */
export function mapGuestMemory(libc: Libc, bytes: number, hugePages: boolean, resources: Resources): Mapping {
  const room = bytes + hugePageBytes;
  const start = libc.mapMemory(room);
  resources.add(() => libc.unmap(start, room));
  const align = BigInt(hugePageBytes);
  const address = ((start + align - 1n) / align) * align;
  libc.advise(address, bytes, hugePages ? advice.hugePage : advice.noHugePage);
  const buffer = libc.view(address, bytes);
  // Linux before 5.14 does not know the advice.
  if (!libc.advise(address, bytes, advice.populateWrite)) touchEveryPage(buffer);
  return { address, buffer, bytes };
}

/** Maps memory for what the kernel and we tell each other. */
export function mapBuffer(libc: Libc, bytes: number, resources: Resources): Mapping {
  const address = libc.mapMemory(bytes);
  resources.add(() => libc.unmap(address, bytes));
  return { address, buffer: libc.view(address, bytes), bytes };
}

function touchEveryPage(buffer: ArrayBuffer): void {
  const words = new Uint32Array(buffer);
  for (let n = 0; n < words.length; n += 1024) words[n] = 0;
}

/** What the kernel thinks can be had without swapping: MemAvailable of /proc/meminfo, in bytes. */
export function availableBytes(): number {
  const [, kib = ''] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** Whether a guest of so many bytes leaves enough for everybody else. */
export function hasRoomFor(bytes: number, available: number = availableBytes()): boolean {
  return bytes + reserveBytes <= available;
}

/**
 * Refuses a guest that this machine has no room for.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function checkRoom(bytes: number, available: number = availableBytes()): void {
  if (bytes > maxMappingBytes) {
    throw new PrecopyError('BAD_PARAMETER', `a guest of ${mebibytes(bytes)} is too large`, 'give it 4 GiB or less');
  }
  if (bytes % hugePageBytes !== 0 || bytes === 0) {
    throw new PrecopyError('BAD_PARAMETER', `the guest is to have ${bytes} bytes`, 'give a multiple of 2 MiB');
  }
  if (!hasRoomFor(bytes, available)) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `a guest of ${mebibytes(bytes)} does not fit: ${mebibytes(available)} are free, and ${mebibytes(reserveBytes)} are left for others`,
      'give less with --memory, or free some',
    );
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
