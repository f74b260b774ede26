import type { ClockObserver } from './observer.ts';

/** What one actor did at a lock between two moments. Times are simulated nanoseconds. */
export interface LockSpan {
  readonly actor: string;
  readonly kind: 'holds' | 'waits';
  readonly fromNs: number;
  readonly toNs: number;
}

/** Who held a lock and who waited for it, over a whole run in bins, and moment by moment around the longest wait. */
export interface LockTimeline {
  readonly lock: string;
  readonly binNs: number;
  /** by role of the actors: the part of each bin in which one of them held the lock, 0 to 1 (or more, where several share it) */
  readonly heldBy: Readonly<Record<string, readonly number[]>>;
  /** how many actors waited, on average over each bin */
  readonly waiting: readonly number[];
  /** the longest wait, and all that happened from shortly before it to shortly after; absent where nobody waited */
  readonly longestWait?: {
    readonly wait: LockSpan;
    readonly fromNs: number;
    readonly toNs: number;
    readonly spans: readonly LockSpan[];
  };
}

/** How many bins there are at most. Where they do not reach far enough, two become one. */
const mostBins = 1024;
const firstBinNs = 1000;
/** How many spans are remembered, to tell what led to the longest wait. */
const remembered = 4096;
/** How much of what came before and after the longest wait is told, as a part of it. */
const margin = 0.25;

interface Open {
  waitsSince: number;
  holdsSince: number;
}
const not = -1;

/** Records a `LockTimeline` of one lock. It needs the same memory for a second and for an hour. */
export class LockTimelineRecorder implements ClockObserver {
  private binNs = firstBinNs;
  private readonly held = new Map<string, Float64Array>();
  private readonly waiting = new Float64Array(mostBins);
  private readonly open: Open[];
  private readonly recent: LockSpan[] = [];
  private next = 0;
  private lastNs = 0;
  private longest: LockSpan | undefined;
  private detail: LockTimeline['longestWait'];

  /**
   * @param lock name of the actor that is the lock
   * @param actors names of all actors, by number
   * @param roles their roles, by number
   */
  constructor(
    private readonly lock: string,
    private readonly actors: readonly string[],
    private readonly roles: readonly string[],
  ) {
    this.open = actors.map(() => ({ waitsSince: not, holdsSince: not }));
  }

  lockRequested(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    this.open[actor].waitsSince = atNs;
    this.moveTo(atNs);
  }

  lockGranted(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    const open = this.open[actor];
    if (open.waitsSince !== not) this.close(actor, 'waits', open.waitsSince, atNs);
    open.waitsSince = not;
    open.holdsSince = atNs;
    this.moveTo(atNs);
  }

  lockReleased(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    const open = this.open[actor];
    if (open.holdsSince !== not) this.close(actor, 'holds', open.holdsSince, atNs);
    open.holdsSince = not;
    this.moveTo(atNs);
  }

  /** What was recorded up to now. */
  timeline(): LockTimeline {
    const bins = Math.min(mostBins, Math.ceil(this.lastNs / this.binNs));
    const perBin = (amounts: Float64Array): number[] => [...amounts.subarray(0, bins)].map((ns) => ns / this.binNs);
    const detail = this.detail ?? this.tellDetail();
    return {
      lock: this.lock,
      binNs: this.binNs,
      heldBy: Object.fromEntries([...this.held].map(([role, amounts]) => [role, perBin(amounts)])),
      waiting: perBin(this.waiting),
      ...(detail && { longestWait: detail }),
    };
  }

  private close(actor: number, kind: LockSpan['kind'], fromNs: number, toNs: number): void {
    const span: LockSpan = { actor: this.actors[actor], kind, fromNs, toNs };
    this.addToBins(kind === 'waits' ? this.waiting : this.binsOf(this.roles[actor]), fromNs, toNs);
    this.recent[this.next] = span;
    this.next = (this.next + 1) % remembered;
    if (kind === 'waits' && toNs - fromNs > lengthOf(this.longest)) {
      this.longest = span;
      this.detail = undefined;
    }
  }

  private binsOf(role: string): Float64Array {
    const bins = this.held.get(role) ?? new Float64Array(mostBins);
    this.held.set(role, bins);
    return bins;
  }

  private addToBins(bins: Float64Array, fromNs: number, toNs: number): void {
    while (toNs > mostBins * this.binNs) this.halve();
    const { binNs } = this;
    for (let bin = Math.floor(fromNs / binNs); bin * binNs < toNs; bin++) {
      const part = Math.min(toNs, (bin + 1) * binNs) - Math.max(fromNs, bin * binNs);
      bins[bin] = bins[bin] + part;
    }
  }

  private halve(): void {
    for (const bins of [this.waiting, ...this.held.values()]) {
      for (let n = 0; n < mostBins / 2; n++) bins[n] = bins[2 * n] + bins[2 * n + 1];
      bins.fill(0, mostBins / 2);
    }
    this.binNs *= 2;
  }

  private moveTo(atNs: number): void {
    this.lastNs = Math.max(this.lastNs, atNs);
    const { longest } = this;
    if (longest && !this.detail && atNs > longest.toNs + margin * lengthOf(longest)) this.detail = this.tellDetail();
  }

  private tellDetail(): LockTimeline['longestWait'] {
    const { longest } = this;
    if (!longest) return undefined;
    const [fromNs, toNs] = [longest.fromNs - margin * lengthOf(longest), longest.toNs + margin * lengthOf(longest)];
    const stillOpen = this.open.flatMap(({ waitsSince, holdsSince }, n): LockSpan[] => {
      const actor = this.actors[n];
      return [
        ...(waitsSince === not ? [] : [{ actor, kind: 'waits' as const, fromNs: waitsSince, toNs: this.lastNs }]),
        ...(holdsSince === not ? [] : [{ actor, kind: 'holds' as const, fromNs: holdsSince, toNs: this.lastNs }]),
      ];
    });
    const spans = [...this.recent, ...stillOpen].filter((span) => span.toNs > fromNs && span.fromNs < toNs);
    return { wait: longest, fromNs, toNs, spans: spans.sort((a, b) => a.fromNs - b.fromNs) };
  }
}

const lengthOf = (span: LockSpan | undefined): number => (span ? span.toNs - span.fromNs : 0);
