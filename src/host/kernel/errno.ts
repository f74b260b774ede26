/** What the kernel means by an error number, for the calls that precopy makes. Numbers of Linux on x86-64 (asm-generic/errno-base.h). */
const meanings: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  1: ['EPERM', 'not permitted'],
  2: ['ENOENT', 'there is no such file or device'],
  4: ['EINTR', 'a signal interrupted it'],
  6: ['ENXIO', 'there is no such device behind the file'],
  7: ['E2BIG', 'the argument is too large'],
  9: ['EBADF', 'the file is not open for that'],
  11: ['EAGAIN', 'it cannot be done now'],
  12: ['ENOMEM', 'the kernel has not enough memory'],
  13: ['EACCES', 'permission denied'],
  14: ['EFAULT', 'an address is not mapped'],
  16: ['EBUSY', 'somebody else uses it'],
  17: ['EEXIST', 'it exists already'],
  19: ['ENODEV', 'no driver serves the device'],
  22: ['EINVAL', 'the kernel refuses the argument'],
  25: ['ENOTTY', 'the kernel does not know this request'],
  28: ['ENOSPC', 'there is no room left'],
  38: ['ENOSYS', 'the kernel does not have this call'],
  95: ['EOPNOTSUPP', 'not supported here'],
};

export const EINTR = 4;

/** `EBUSY, somebody else uses it` */
export function errnoInWords(errno: number): string {
  const [name, meaning] = meanings[errno] ?? [`errno ${errno}`, 'a reason that precopy has no words for'];
  return `${name}, ${meaning}`;
}
