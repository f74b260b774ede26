import { setImmediate as nextTurn } from 'node:timers/promises';
import { medianCycles } from '../guest/histogram.ts';
import { guestLayout } from '../guest/layout.ts';
import { pageBytes } from '../kernel/kvm-api.ts';
import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { createPattern, type Vcpu, type WritePattern } from '../vm/vcpu.ts';
import { VirtualMachine } from '../vm/virtual-machine.ts';
import { sleep } from './sleep.ts';

/** A page of the slot that is never logged, relative to the first page of the guest's memory. */
export const unloggedPage = (0x18_0000 - Number(guestLayout.memory.address)) / pageBytes;

/** Random pages, from an arbitrary state of the generator. */
export const randomPattern: Partial<WritePattern> = { stride: 0, position: 4711n };

/** A virtual machine with one vCPU, whose memory is mapped and logged. */
export class BenchmarkGuest {
  private constructor(
    readonly vm: VirtualMachine,
    readonly vcpu: Vcpu,
    readonly bitmap: DirtyBitmap,
    /** time to switch the log on, in nanoseconds */
    readonly enableLogNs: number,
  ) {}

  static async create(memoryBytes: number, hasClear: boolean, device: string): Promise<BenchmarkGuest> {
    const configure = hasClear ? { configure: (vm: VirtualMachine) => enableManualProtect(vm, false) } : {};
    const spec = { memoryBytes, vcpus: 1, hugePages: false, pinned: true, ...configure };
    const vm = await VirtualMachine.create(spec, device);
    try {
      const [vcpu] = vm.vcpus as [Vcpu];
      vcpu.setPattern(createPattern(vm.pages));
      await vcpu.enter();
      const enableLogNs = timeNs(() => vm.setLogging(true));
      return new BenchmarkGuest(vm, vcpu, new DirtyBitmap(vm), enableLogNs);
    } catch (error) {
      await vm.release();
      throw error;
    }
  }

  get pages(): number {
    return this.vm.pages;
  }

  /** Runs the guest. Returns the time of an iteration of its loop and the median time of a write, in nanoseconds. */
  async write(
    pattern: Partial<WritePattern> & { readonly writes: number },
  ): Promise<{ iterationNs: number; writeNs: number }> {
    const { vcpu, vm } = this;
    const before = vcpu.histogram();
    vcpu.setPattern(createPattern(vm.pages, pattern));
    const start = performance.now();
    await vcpu.enter();
    const ns = (performance.now() - start) * 1e6;
    const counts = vcpu.histogram().map((count, bucket) => count - (before[bucket] ?? 0));
    return { iterationNs: ns / pattern.writes, writeNs: vm.cyclesToNs(medianCycles(counts)) };
  }

  /** Runs the guest for a time, in milliseconds. */
  async writeFor(ms: number, pattern: Partial<WritePattern>): Promise<void> {
    const { vcpu, vm } = this;
    vcpu.setPattern(createPattern(vm.pages, { ...pattern, writes: Number.POSITIVE_INFINITY }));
    const exited = vcpu.enter();
    await sleep(ms);
    vcpu.requestExit();
    await exited;
  }

  /** Runs `work` while the guest writes one page repeatedly. */
  async whileWriting<T>(page: number, work: () => Promise<T>): Promise<T> {
    const { vcpu } = this;
    vcpu.setPattern(createPattern(1, { firstPage: page, writes: Number.POSITIVE_INFINITY }));
    const exited = vcpu.enter();
    try {
      const before = vcpu.writes;
      while (vcpu.writes === before) await nextTurn();
      return await work();
    } finally {
      vcpu.requestExit();
      await exited;
    }
  }
}

/** Returns the time that `work` takes, in nanoseconds. */
export function timeNs(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1e6;
}
