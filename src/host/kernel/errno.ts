/** Meanings of error numbers for the calls of precopy. Numbers of Linux on x86-64 (asm-generic/errno-base.h). */
const meanings: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  1: ['EPERM', 'not permitted'],
  2: ['ENOENT', 'no such file or device'],
  4: ['EINTR', 'interrupted by a signal'],
  6: ['ENXIO', 'no such device'],
  7: ['E2BIG', 'argument too large'],
  9: ['EBADF', 'bad file descriptor'],
  11: ['EAGAIN', 'temporarily unavailable'],
  12: ['ENOMEM', 'out of memory'],
  13: ['EACCES', 'permission denied'],
  14: ['EFAULT', 'address not mapped'],
  16: ['EBUSY', 'in use'],
  17: ['EEXIST', 'already exists'],
  19: ['ENODEV', 'no driver for the device'],
  22: ['EINVAL', 'invalid argument'],
  25: ['ENOTTY', 'unknown request'],
  28: ['ENOSPC', 'no space left'],
  38: ['ENOSYS', 'call not implemented'],
  95: ['EOPNOTSUPP', 'not supported'],
};

export const EINTR = 4;

/** Describes an error number: `EBUSY, in use`. */
export function describeErrno(errno: number): string {
  const [name, meaning] = meanings[errno] ?? [`errno ${errno}`, 'an error that precopy does not know'];
  return `${name}, ${meaning}`;
}
