import { setImmediate as turn } from 'node:timers/promises';
import { medianCycles } from '../guest/histogram.ts';
import { guestLayout } from '../guest/layout.ts';
import { pageBytes } from '../kernel/kvm-api.ts';
import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { Machine } from '../vm/machine.ts';
import { type Pattern, sweep, type Vcpu } from '../vm/vcpu.ts';
import { sleep } from './quiet.ts';

/** A page of the slot that is never logged, as the patterns count pages. */
export const unloggedPage = (0x18_0000 - Number(guestLayout.memory.address)) / pageBytes;

/** Random pages, from some state of the generator. */
export const atRandom: Partial<Pattern> = { stride: 0, position: 4711n };

/** A machine with one vCPU whose memory is mapped and logged: what the microbenchmarks work on. */
export class Subject {
  private constructor(
    readonly machine: Machine,
    readonly vcpu: Vcpu,
    readonly bitmap: DirtyBitmap,
    /** what it took to switch the log on, in nanoseconds */
    readonly enableNs: number,
  ) {}

  static async create(memoryBytes: number, hasClear: boolean, device: string): Promise<Subject> {
    const prepare = hasClear ? { prepare: (machine: Machine) => enableManualProtect(machine, false) } : {};
    const machine = await Machine.create({ memoryBytes, vcpus: 1, hugePages: false, apart: true, ...prepare }, device);
    try {
      const [vcpu] = machine.vcpus as [Vcpu];
      vcpu.setPattern(sweep(machine.pages));
      await vcpu.enter();
      const enableNs = timeNs(() => machine.setLogging(true));
      const bitmap = new DirtyBitmap(machine);
      return new Subject(machine, vcpu, bitmap, enableNs);
    } catch (error) {
      await machine.release();
      throw error;
    }
  }

  get pages(): number {
    return this.machine.pages;
  }

  /** Lets the guest write. Gives the time of one turn of its loop, and the median of what it measured of a write, in nanoseconds. */
  async write(pattern: Partial<Pattern> & { readonly writes: number }): Promise<{ turnNs: number; writeNs: number }> {
    const { vcpu, machine } = this;
    const before = vcpu.histogram();
    vcpu.setPattern(sweep(machine.pages, pattern));
    const start = performance.now();
    await vcpu.enter();
    const ns = (performance.now() - start) * 1e6;
    const counts = vcpu.histogram().map((count, bucket) => count - (before[bucket] ?? 0));
    return { turnNs: ns / pattern.writes, writeNs: machine.nsOfCycles(medianCycles(counts)) };
  }

  /** Lets the guest write for so long. */
  async writeFor(ms: number, pattern: Partial<Pattern>): Promise<void> {
    const { vcpu, machine } = this;
    vcpu.setPattern(sweep(machine.pages, { ...pattern, writes: Number.POSITIVE_INFINITY }));
    const left = vcpu.enter();
    await sleep(ms);
    vcpu.tellToLeave();
    await left;
  }

  /** Does something while the guest writes one page again and again. */
  async whileWriting<T>(page: number, work: () => Promise<T>): Promise<T> {
    const { vcpu } = this;
    vcpu.setPattern(sweep(1, { firstPage: page, writes: Number.POSITIVE_INFINITY }));
    const left = vcpu.enter();
    try {
      const before = vcpu.writes;
      while (vcpu.writes === before) await turn();
      return await work();
    } finally {
      vcpu.tellToLeave();
      await left;
    }
  }
}

/** How long something took, in nanoseconds. */
export function timeNs(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1e6;
}
