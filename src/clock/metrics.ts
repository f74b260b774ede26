import type { Program } from '../compile/program.ts';
import { Histogram } from './histogram.ts';
import type { SimulatorObserver } from './observer.ts';

/** Names of the messages and actions that a run measures. A program without them yields empty metrics. */
export interface MetricDefinitions {
  /** the measured lock: messages that request, grant and release it */
  readonly lock: {
    readonly name: string;
    readonly requests: readonly string[];
    readonly grant: string;
    readonly releases: readonly string[];
  };
  /** measured calls: the message that starts one, and the message that returns from it */
  readonly calls: readonly { readonly call: string; readonly return: string }[];
  /** message that ends the measured process */
  readonly end: string;
  /** by counter: actions whose executions it counts */
  readonly counts: Readonly<Record<string, readonly string[]>>;
}

/** Codes in `marks`. The nth call has the codes `firstCall + 2n` (start) and `firstCall + 2n + 1` (return). */
const mark = { request: 1, grant: 2, release: 3, end: 4, firstCall: 5 };

interface CompletedCall {
  readonly atNs: number;
  readonly tookNs: number;
}

/** Records metrics during a run: hold and wait times of a lock, durations of calls, counts of actions. */
export class MetricsRecorder {
  /** by flat transition: nonzero if `record` has to be called for it */
  readonly marks: Uint8Array;
  /** by actor: times from grant to release of the lock, and from request to grant */
  readonly holdNs: readonly Histogram[];
  readonly waitNs: readonly Histogram[];
  /** in the order of the definitions */
  readonly callNs: readonly Histogram[];
  /** time of the `end` message, or NaN */
  endedAtNs = Number.NaN;
  /** number of actors that wait for the lock */
  waiting = 0;
  /** by actor: when it requested the lock, or got it; NaN if it does not wait, or hold */
  private readonly waitsSince: Float64Array;
  private readonly holdsSince: Float64Array;
  /** by callee: when it was called */
  private readonly calledAt: Float64Array;
  /** by call and caller */
  private readonly lastCalls: CompletedCall[][];
  /** by transition: count at the end of the warm-up */
  private readonly countsBefore: Float64Array;

  constructor(
    private readonly program: Program,
    private readonly definitions: MetricDefinitions,
    private readonly observer: SimulatorObserver | undefined,
  ) {
    const { lock, calls, end } = definitions;
    this.marks = Uint8Array.from(program.flatTransitions, ({ event = '' }) => {
      if (lock.requests.includes(event)) return mark.request;
      if (event === lock.grant) return mark.grant;
      if (lock.releases.includes(event)) return mark.release;
      if (event === end) return mark.end;
      const call = calls.findIndex((one) => one.call === event || one.return === event);
      return call < 0 ? 0 : mark.firstCall + 2 * call + (calls[call]?.return === event ? 1 : 0);
    });
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
   * Records a marked transition.
   * @param actor actor that took the transition, in reaction to `sender`
   * @param fromNs start of the transition
   * @param sentNs when the sender sent the message
   */
  record(transition: number, actor: number, sender: number, fromNs: number, sentNs: number): void {
    const { observer, definitions, waitsSince, holdsSince } = this;
    const code = this.marks[transition];
    if (code === mark.request) {
      waitsSince[sender] = sentNs;
      this.waiting++;
      observer?.lockRequested?.(definitions.lock.name, sender, sentNs);
    } else if (code === mark.grant) {
      this.waitNs[actor].add(fromNs - waitsSince[actor]);
      waitsSince[actor] = Number.NaN;
      this.waiting--;
      holdsSince[actor] = fromNs;
      observer?.lockGranted?.(definitions.lock.name, actor, fromNs);
    } else if (code === mark.release) {
      this.holdNs[sender].add(sentNs - holdsSince[sender]);
      holdsSince[sender] = Number.NaN;
      observer?.lockReleased?.(definitions.lock.name, sender, sentNs);
    } else if (code === mark.end) {
      this.endedAtNs = sentNs;
    } else {
      const call = (code - mark.firstCall) >> 1;
      if (((code - mark.firstCall) & 1) === 0) this.calledAt[actor] = sentNs;
      else {
        const atNs = this.calledAt[sender];
        this.lastCalls[call][actor] = { atNs, tookNs: fromNs - atNs };
        this.callNs[call].add(fromNs - atNs);
      }
    }
  }

  /** Returns true if the actor holds the lock. */
  holdsLock(actor: number): boolean {
    return !Number.isNaN(this.holdsSince[actor]);
  }

  /** Returns true if the actor waits for the lock. */
  waitsForLock(actor: number): boolean {
    return !Number.isNaN(this.waitsSince[actor]);
  }

  /** Returns the value of a counter since the end of the warm-up. */
  count(counter: string): number {
    const names = this.definitions.counts[counter] ?? [];
    return this.program.transitions.reduce((sum, { actions }, n) => {
      const times = actions.filter((action) => names.includes(action)).length;
      return sum + times * (this.program.counts[n] - this.countsBefore[n]);
    }, 0);
  }

  /** Returns the last completed call of a kind by a caller; zeros if there is none. */
  lastCall(call: number, caller: number): CompletedCall {
    return this.lastCalls[call]?.[caller] ?? { atNs: 0, tookNs: 0 };
  }

  /** Discards the metrics of the warm-up. */
  resetAfterWarmUp(): void {
    for (const one of [...this.holdNs, ...this.waitNs, ...this.callNs]) one.clear();
    this.countsBefore.set(this.program.counts);
  }
}
