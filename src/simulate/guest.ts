import type { MetricsRecorder } from '../clock/metrics.ts';
import type { Policy, StepInterval } from '../clock/policy.ts';
import type { RandomStream } from '../clock/random-streams.ts';
import type { Program } from '../compile/program.ts';
import { type PageSource, type Phase, pageSource, type Workload } from './workload.ts';

const never = Number.POSITIVE_INFINITY;

/** The events that a guest chooses between, by their numbers; -1 where its machine does not have one. */
interface GuestEvents {
  readonly write: number;
  readonly evict: number;
  readonly exit: number;
}

/** What a guest is made from. */
export interface GuestSetup {
  readonly program: Program;
  readonly meter: MetricsRecorder;
  readonly events: GuestEvents;
  readonly workload: Workload;
  readonly pages: number;
  readonly vcpus: number;
  /** which vCPU it is, from 0 */
  readonly nth: number;
  readonly random: RandomStream;
  readonly tlbEntries: number;
  /** VM exits for reasons of the guest's own, such as timers */
  readonly exitsPerSecond: number;
  /** told of each page that was written */
  readonly wrote: (gfn: number) => void;
}

/** QEMU throttles a vCPU in slices: it runs so long, and then sleeps (CPU_THROTTLE_TIMESLICE_NS, system/cpu-throttle.c). */
const throttleSliceNs = 10e6;

/**
 * The guest on one vCPU: a write to a page of the workload each time that one is due. A write is repeated until it got through, as a processor
 * repeats the instruction after a fault. Its latency is the time from when it was due to its end.
 *
 * The TLB has a bounded number of entries, replaced first in, first out. The machine may drop an entry at any time (`EVICT`), so what is
 * bounded here is only a choice.
 */
export class Guest implements Policy {
  event = -1;
  payload = 0;
  readonly computes = true;
  private phase = 0;
  private phaseEndsNs: number;
  private source: PageSource;
  /** when the write that is under way, or the next one, was or is due */
  private writeDueNs: number;
  private exitDueNs = never;
  private isWriting = false;
  private gfn = 0;
  /** pages that may be in the TLB, oldest first, in a ring */
  private readonly entries: Int32Array;
  private filled = 0;
  /** the page whose entry has to make room, or -1 */
  private toEvict = -1;
  private throttlePercent = 0;
  private throttledSinceNs = 0;

  constructor(private readonly setup: GuestSetup) {
    const { workload, events, tlbEntries, random } = setup;
    this.entries = new Int32Array(events.evict < 0 ? 0 : tlbEntries);
    const first = workload[0] as Phase;
    this.phaseEndsNs = first.forNs;
    this.source = pageSource(first.pattern, setup, random);
    this.writeDueNs = this.gap();
    if (events.exit >= 0) this.exitDueNs = random.exponential(1e9 / setup.exitsPerSecond);
  }

  /** Auto-converge: the share of time in which the vCPU does not run. */
  throttle(percent: number, nowNs: number): void {
    this.throttlePercent = percent;
    this.throttledSinceNs = nowNs;
  }

  nextTime(readyNs: number): number {
    let due = this.writeDueNs > readyNs ? this.writeDueNs : readyNs;
    if (this.throttlePercent > 0) due = this.afterSleep(due);
    return this.exitDueNs < due ? Math.max(readyNs, this.exitDueNs) : due;
  }

  choose(nowNs: number): boolean {
    const { events } = this.setup;
    this.payload = 0;
    if (nowNs >= this.exitDueNs) {
      this.event = events.exit;
      return true;
    }
    if (!this.isWriting) {
      if (nowNs >= this.phaseEndsNs) this.nextPhase(nowNs);
      this.isWriting = true;
      this.gfn = this.source.next();
    }
    this.event = this.toEvict < 0 ? events.write : events.evict;
    this.payload = this.toEvict < 0 ? this.gfn : this.toEvict;
    return true;
  }

  taken({ startNs, busyUntil }: StepInterval): void {
    const { program, meter, events, random, exitsPerSecond, wrote } = this.setup;
    if (this.event === events.write) {
      const kind = meter.kinds[program.moves.arrows[0] as number];
      if (kind === 1) {
        meter.vcpuWriteNs.add(busyUntil - this.writeDueNs);
        wrote(this.gfn);
        this.isWriting = false;
        this.writeDueNs = Math.max(busyUntil, this.writeDueNs + this.gap());
      } else if (kind === 2 && this.entries.length > 0) this.enter(this.gfn);
    } else if (this.event === events.exit) {
      this.exitDueNs = startNs + random.exponential(1e9 / exitsPerSecond);
    } else this.toEvict = -1;
  }

  /** Only the eviction of an entry that was flushed already is refused. */
  refused(): boolean {
    if (this.toEvict < 0) return false;
    this.toEvict = -1;
    this.event = this.setup.events.write;
    this.payload = this.gfn;
    return true;
  }

  /** The processor has cached the translation of a page; it takes the place of the oldest one. */
  private enter(gfn: number): void {
    const { entries } = this;
    const place = this.filled % entries.length;
    if (this.filled >= entries.length) this.toEvict = entries[place] as number;
    if (this.toEvict === gfn) this.toEvict = -1;
    entries[place] = gfn;
    this.filled++;
  }

  private gap(): number {
    const { writesPerSecond } = this.setup.workload[this.phase] as Phase;
    return writesPerSecond === never ? 0 : this.setup.random.exponential(1e9 / writesPerSecond);
  }

  private nextPhase(nowNs: number): void {
    const { workload, random } = this.setup;
    while (nowNs >= this.phaseEndsNs && this.phase < workload.length - 1) {
      const next = workload[++this.phase] as Phase;
      this.phaseEndsNs = this.phase === workload.length - 1 ? never : this.phaseEndsNs + next.forNs;
      this.source = pageSource(next.pattern, this.setup, random);
    }
  }

  private afterSleep(dueNs: number): number {
    const period = throttleSliceNs / (1 - this.throttlePercent / 100);
    const into = (dueNs - this.throttledSinceNs) % period;
    return into <= throttleSliceNs ? dueNs : dueNs + period - into;
  }
}
