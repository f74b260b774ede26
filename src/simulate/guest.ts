import { never } from '../clock/actor-timing.ts';
import type { Policy, StepInterval } from '../clock/policy.ts';
import type { RandomStream } from '../clock/random-streams.ts';
import type { Program } from '../compile/program.ts';
import type { GuestMetrics } from './guest-metrics.ts';
import { type PageSource, type Phase, pageSource, type Workload } from './workload.ts';

/** Event ids of a vCPU; -1 if its machine lacks the event. */
interface GuestEvents {
  readonly write: number;
  readonly evict: number;
  readonly exit: number;
}

/** Parts of a `Guest`. */
export interface GuestSetup {
  readonly program: Program;
  readonly metrics: GuestMetrics;
  readonly events: GuestEvents;
  readonly workload: Workload;
  readonly pages: number;
  readonly vcpus: number;
  /** index of the vCPU */
  readonly nth: number;
  readonly random: RandomStream;
  readonly tlbEntries: number;
  /** rate of VM exits that the guest causes, such as timers */
  readonly exitsPerSecond: number;
  /** called for each page that was written */
  readonly onWrite: (gfn: number) => void;
}

/** A throttled vCPU runs this long between two sleeps (CPU_THROTTLE_TIMESLICE_NS, system/cpu-throttle.c). */
const throttleSliceNs = 10e6;

/**
 * The policy of a vCPU: writes to the pages of a workload. A write is repeated until it completes, as a processor
 * repeats an instruction after a fault. Its latency runs from when it was due to its completion.
 *
 * The TLB has a bounded number of entries and FIFO replacement. The machine may evict an entry at any time (`EVICT`),
 * so the bound is a policy, not a property of the model.
 */
export class Guest implements Policy {
  event = -1;
  payload = 0;
  readonly computes = true;
  private phase = 0;
  private phaseEndsNs: number;
  private source: PageSource;
  /** due time of the current write, or of the next one */
  private writeDueNs: number;
  private exitDueNs = never;
  private isWriting = false;
  private gfn = 0;
  /** ring buffer of the pages that may be in the TLB, and number of insertions */
  private readonly entries: Int32Array;
  private inserted = 0;
  /** page whose entry is to be evicted, or -1 */
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

  /** Throttles the vCPU (auto-converge): it sleeps this percentage of the time. */
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

  onTaken({ startNs, busyUntilNs }: StepInterval): void {
    const { program, metrics, events, random, exitsPerSecond, onWrite } = this.setup;
    if (this.event === events.write) {
      const transition = program.microsteps.transitions[0] as number;
      if (metrics.completesWrite[transition] === 1) {
        metrics.writeNs.add(busyUntilNs - this.writeDueNs);
        onWrite(this.gfn);
        this.isWriting = false;
        this.writeDueNs = Math.max(busyUntilNs, this.writeDueNs + this.gap());
      } else if (metrics.fillsTlb[transition] === 1 && this.entries.length > 0) this.insert(this.gfn);
    } else if (this.event === events.exit) {
      this.exitDueNs = startNs + random.exponential(1e9 / exitsPerSecond);
    } else this.toEvict = -1;
  }

  /** Only the eviction of an entry that was flushed meanwhile is refused. */
  onRefused(): boolean {
    if (this.toEvict < 0) return false;
    this.toEvict = -1;
    this.event = this.setup.events.write;
    this.payload = this.gfn;
    return true;
  }

  /** Records that the TLB caches a page; its entry replaces the oldest one. */
  private insert(gfn: number): void {
    const { entries } = this;
    const index = this.inserted % entries.length;
    if (this.inserted >= entries.length) this.toEvict = entries[index] as number;
    if (this.toEvict === gfn) this.toEvict = -1;
    entries[index] = gfn;
    this.inserted++;
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

  /** Returns the first time at or after `dueNs` at which the throttled vCPU runs. */
  private afterSleep(dueNs: number): number {
    const period = throttleSliceNs / (1 - this.throttlePercent / 100);
    const into = (dueNs - this.throttledSinceNs) % period;
    return into <= throttleSliceNs ? dueNs : dueNs + period - into;
  }
}
