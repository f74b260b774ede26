import type { Program } from '../compile/program.ts';
import type { MetricDefinitions } from '../simulate/kvm-metrics.ts';
import { Histogram } from './histogram.ts';
import type { ClockObserver } from './observer.ts';

const mark = { request: 1, grant: 2, release: 3, end: 4, firstCall: 5 };

/** When a call was made, and how long it took. */
interface LastCall {
  readonly atNs: number;
  readonly tookNs: number;
}

/** Takes times while a run goes on: of the lock, of calls, of writes. */
export class MetricsRecorder {
  /** by arrow: whether `note` wants to know of it */
  readonly marks: Uint8Array;
  /** by arrow: 1 where the guest's write gets through, 2 where the TLB takes a translation, else 0 */
  readonly kinds: Uint8Array;
  readonly vcpuWriteNs = new Histogram();
  /** by actor */
  readonly holdNs: readonly Histogram[];
  readonly waitNs: readonly Histogram[];
  /** in the order of the gauges */
  readonly callNs: readonly Histogram[];
  /** by actor: since when it waits for the lock or holds it; NaN where it does not */
  private readonly waitsSince: Float64Array;
  private readonly holdsSince: Float64Array;
  /** by actor that is called: when */
  private readonly calledAt: Float64Array;
  /** by call and actor that made it: the last one that returned */
  private readonly lastCalls: LastCall[][];
  /** when the destination resumed, or NaN */
  endedAtNs = Number.NaN;
  /** how many actors wait for the lock */
  waiting = 0;
  private readonly countsBefore: Float64Array;

  constructor(
    private readonly program: Program,
    private readonly gauges: MetricDefinitions,
    private readonly observer: ClockObserver | undefined,
  ) {
    const { lock, calls } = gauges;
    this.marks = Uint8Array.from(program.arrows, ({ event = '' }) => {
      if (lock.requests.includes(event)) return mark.request;
      if (event === lock.grant) return mark.grant;
      if (lock.releases.includes(event)) return mark.release;
      const call = calls.findIndex((one) => one.call === event || one.return === event);
      if (event === gauges.end) return mark.end;
      return call < 0 ? 0 : mark.firstCall + 2 * call + (calls[call]?.return === event ? 1 : 0);
    });
    this.kinds = Uint8Array.from(program.arrows, ({ actionNames }) =>
      actionNames.includes(gauges.write) ? 1 : actionNames.includes(gauges.fill) ? 2 : 0,
    );
    this.holdNs = program.actors.map(() => new Histogram());
    this.waitNs = program.actors.map(() => new Histogram());
    this.callNs = calls.map(() => new Histogram());
    this.waitsSince = new Float64Array(program.actors.length).fill(Number.NaN);
    this.holdsSince = new Float64Array(program.actors.length).fill(Number.NaN);
    this.calledAt = new Float64Array(program.actors.length);
    this.lastCalls = calls.map(() => []);
    this.countsBefore = new Float64Array(program.counts.length);
  }

  /**
   * A transition of note was taken.
   * @param sentNs when its sender was done with what it did before it sent the message
   */
  record(arrow: number, mover: number, sender: number, fromNs: number, sentNs: number): void {
    const { observer, gauges, waitsSince, holdsSince } = this;
    const code = this.marks[arrow];
    if (code === mark.request) {
      waitsSince[sender] = sentNs;
      this.waiting++;
      observer?.lockRequested?.(gauges.lock.name, sender, sentNs);
    } else if (code === mark.grant) {
      this.waitNs[mover].add(fromNs - waitsSince[mover]);
      waitsSince[mover] = Number.NaN;
      this.waiting--;
      holdsSince[mover] = fromNs;
      observer?.lockGranted?.(gauges.lock.name, mover, fromNs);
    } else if (code === mark.release) {
      this.holdNs[sender].add(sentNs - holdsSince[sender]);
      holdsSince[sender] = Number.NaN;
      observer?.lockReleased?.(gauges.lock.name, sender, sentNs);
    } else if (code === mark.end) {
      this.endedAtNs = sentNs;
    } else {
      const call = (code - mark.firstCall) >> 1;
      if (((code - mark.firstCall) & 1) === 0) this.calledAt[mover] = sentNs;
      else {
        const atNs = this.calledAt[sender];
        this.lastCalls[call][mover] = { atNs, tookNs: fromNs - atNs };
        this.callNs[call].add(fromNs - atNs);
      }
    }
  }

  /** Whether the actor holds the lock. */
  holds(actor: number): boolean {
    return !Number.isNaN(this.holdsSince[actor]);
  }

  /** Whether it holds it or waits for it. */
  isAtLock(actor: number): boolean {
    return this.holds(actor) || !Number.isNaN(this.waitsSince[actor]);
  }

  /** How often actions of these names were run since the start, or since `startOver`. */
  count(what: keyof MetricDefinitions['counts']): number {
    const names = this.gauges.counts[what];
    return this.program.transitions.reduce((sum, { actions }, n) => {
      const times = actions.filter((action) => names.includes(action)).length;
      return sum + times * (this.program.counts[n] - this.countsBefore[n]);
    }, 0);
  }

  /** The last call of that kind that an actor made and that returned. */
  lastCall(call: number, actor: number): LastCall {
    return this.lastCalls[call]?.[actor] ?? { atNs: 0, tookNs: 0 };
  }

  /** Forgets what was measured so far: the warm-up is over. */
  resetAfterWarmUp(): void {
    for (const one of [this.vcpuWriteNs, ...this.holdNs, ...this.waitNs, ...this.callNs]) one.clear();
    this.countsBefore.set(this.program.counts);
  }
}
