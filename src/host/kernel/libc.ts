import { PrecopyError } from '../../model/errors.ts';
import { describeErrno } from './errno.ts';

/** A system call that failed. */
export class SystemCallError extends PrecopyError {
  constructor(
    readonly call: string,
    readonly errno: number,
    remedy: string,
  ) {
    super('HOST_REFUSED', `${call} failed: ${describeErrno(errno)}`, remedy);
  }
}

/** An address in the memory of this process. */
export type Address = bigint;

/** Argument of an ioctl: a scalar, an address, or a buffer that the kernel reads or fills during the call. */
export type IoctlArgument = number | Address | Uint8Array;

/**
 * The system calls of precopy. They block the calling thread.
 * @throws SystemCallError from each, unless stated otherwise
 */
export interface Libc {
  open(path: string): number;
  /** Closes a file; ignores errors. */
  close(fd: number): void;
  /** Returns the result of an ioctl. `name` is for error messages. */
  ioctl(fd: number, name: string, request: number, argument?: IoctlArgument): number;
  /** Returns the result of an ioctl, or the negative errno; does not throw. */
  tryIoctl(fd: number, request: number, argument?: IoctlArgument): number;
  /** Maps anonymous private memory without reserving swap. */
  mapMemory(bytes: number): Address;
  /** Maps memory that the kernel shares through a file. */
  mapFile(fd: number, bytes: number, offset: number): Address;
  unmap(address: Address, bytes: number): void;
  /** Calls madvise. Returns false if the kernel does not know the advice. */
  advise(address: Address, bytes: number, advice: number): boolean;
  /** Returns mapped memory as a buffer, which must not be accessed after `unmap`. */
  view(address: Address, bytes: number): ArrayBuffer;
  /** Returns the kernel's id of the calling thread. */
  threadId(): number;
  /** Returns the CPUs that a thread of this process may run on. */
  affinityOf(threadId: number): number[];
  /** Returns the tick of the scheduler in nanoseconds: the resolution of CLOCK_MONOTONIC_COARSE. */
  tickNs(): number;
  /** Restricts a thread of this process to some CPUs. */
  setAffinity(threadId: number, cpus: readonly number[]): void;
  /**
   * Installs a handler that does nothing, so that the signal interrupts system calls of all threads. Without a handler
   * the signal would be ignored or kill the process, and handlers of Node run in its main thread only.
   */
  installInterruptHandler(signal: number): void;
  /** Sends a signal to a thread of this process. Returns false if the thread has ended. */
  signal(threadId: number, signal: number): boolean;
}

const flags = { O_RDWR: 2, O_CLOEXEC: 0o2000000 };
const prot = { READ: 1, WRITE: 2 };
const map = { SHARED: 1, PRIVATE: 2, ANONYMOUS: 0x20, NORESERVE: 0x4000 };
const failed = 2n ** 64n - 1n;
const cpuMaskBytes = 1024;
const CLOCK_MONOTONIC_COARSE = 6;
const syscalls = { gettid: 186, tgkill: 234 };

/**
 * Loads the C library through koffi.
 * @throws PrecopyError `HOST_UNAVAILABLE` if this is not Linux on x86-64, or koffi is not installed
 */
export async function loadLibc(): Promise<Libc> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new PrecopyError(
      'HOST_UNAVAILABLE',
      `this is ${process.platform} on ${process.arch}, and the guest of precopy needs KVM of Linux on x86-64`,
      'run `precopy host` on such a machine; all other commands work here',
    );
  }
  const koffi = await importKoffi();
  const lib = loadGlibc(koffi);
  const native = {
    open: lib.func('int open(const char *, int)'),
    close: lib.func('int close(int)'),
    ioctl: lib.func('int ioctl(int, unsigned long, uint64_t)'),
    ioctlWith: lib.func('ioctl', 'int', ['int', 'unsigned long', 'void *']),
    mmap: lib.func('uint64_t mmap(uint64_t, size_t, int, int, int, int64_t)'),
    munmap: lib.func('int munmap(uint64_t, size_t)'),
    madvise: lib.func('int madvise(uint64_t, size_t, int)'),
    signal: lib.func('uint64_t signal(int, uint64_t)'),
    /** A function without side effects that can be called with the number of a signal. */
    noOpHandler: lib.symbol('abs') as Address,
    syscall: lib.func('long syscall(long, long, long, long)'),
    getAffinity: lib.func('int sched_getaffinity(int, size_t, void *)'),
    clockGetres: lib.func('int clock_getres(int, void *)'),
    setAffinity: lib.func('int sched_setaffinity(int, size_t, void *)'),
  };

  const checked = (call: string, answer: number, remedy: string): number => {
    if (answer < 0) throw new SystemCallError(call, koffi.errno(), remedy);
    return answer;
  };
  const rawIoctl = (fd: number, request: number, argument: IoctlArgument): number =>
    argument instanceof Uint8Array ? native.ioctlWith(fd, request, argument) : native.ioctl(fd, request, argument);
  const mapped = (answer: number | bigint, call: string): Address => {
    const address = BigInt(answer);
    if (address === failed) throw new SystemCallError(call, koffi.errno(), 'free some memory, or use a smaller guest');
    return address;
  };

  return {
    open: (path) => checked(`open(${path})`, native.open(path, flags.O_RDWR | flags.O_CLOEXEC), openRemedy(path)),
    close: (fd) => void native.close(fd),
    ioctl: (fd, name, request, argument = 0) =>
      checked(name, rawIoctl(fd, request, argument), '`precopy host probe` shows what this kernel offers'),
    tryIoctl: (fd, request, argument = 0) => {
      const answer = rawIoctl(fd, request, argument);
      return answer < 0 ? -koffi.errno() : answer;
    },
    mapMemory: (bytes) =>
      mapped(
        native.mmap(0, bytes, prot.READ | prot.WRITE, map.PRIVATE | map.ANONYMOUS | map.NORESERVE, -1, 0),
        `mmap of ${bytes} bytes`,
      ),
    mapFile: (fd, bytes, offset) =>
      mapped(native.mmap(0, bytes, prot.READ | prot.WRITE, map.SHARED, fd, offset), `mmap of file ${fd}`),
    unmap: (address, bytes) => void native.munmap(address, bytes),
    advise: (address, bytes, advice) => native.madvise(address, bytes, advice) === 0,
    view: (address, bytes) => koffi.view(address, bytes),
    threadId: () => Number(native.syscall(syscalls.gettid, 0, 0, 0)),
    affinityOf: (threadId) => {
      const mask = new Uint8Array(cpuMaskBytes);
      checked(
        'sched_getaffinity',
        native.getAffinity(threadId, mask.length, mask),
        'use a machine of at most 8,192 CPUs',
      );
      return [...mask].flatMap((byte, n) =>
        [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (byte & (1 << bit) ? 8 * n + bit : [])),
      );
    },
    tickNs: () => {
      const time = new BigInt64Array(2);
      checked('clock_getres', native.clockGetres(CLOCK_MONOTONIC_COARSE, time), 'use Linux 2.6.32 or later');
      return Number(time[1]);
    },
    setAffinity: (threadId, cpus) => {
      const mask = new Uint8Array(cpuMaskBytes);
      for (const cpu of cpus) mask[cpu >> 3] = (mask[cpu >> 3] as number) | (1 << (cpu & 7));
      checked(
        'sched_setaffinity',
        native.setAffinity(threadId, mask.length, mask),
        'do not change the CPU affinity of this process',
      );
    },
    installInterruptHandler: (signal) => void native.signal(signal, native.noOpHandler),
    signal: (threadId, signal) => Number(native.syscall(syscalls.tgkill, process.pid, threadId, signal)) === 0,
  };
}

async function importKoffi(): Promise<typeof import('koffi')> {
  try {
    return (await import('koffi')).default as unknown as typeof import('koffi');
  } catch {
    throw new PrecopyError(
      'HOST_UNAVAILABLE',
      'the optional package koffi, which makes the system calls, is not installed or has no binary for this machine',
      'install it with `npm install koffi`',
    );
  }
}

function loadGlibc(koffi: typeof import('koffi')): ReturnType<typeof koffi.load> {
  try {
    return koffi.load('libc.so.6');
  } catch {
    throw new PrecopyError('HOST_UNAVAILABLE', 'there is no libc.so.6', 'use a Linux with the GNU C library');
  }
}

function openRemedy(path: string): string {
  return `check that ${path} exists and that you may read and write it`;
}
