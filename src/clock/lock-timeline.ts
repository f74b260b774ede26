import type { SimulatorObserver } from './observer.ts';

/** An interval in which an actor held a lock or waited for it, in simulated nanoseconds. */
export interface LockSpan {
  readonly actor: string;
  readonly kind: 'holds' | 'waits';
  readonly fromNs: number;
  readonly toNs: number;
}

/** Holders of a lock and actors that waited for it: binned over the whole run, and in full around the longest wait. */
export interface LockTimeline {
  readonly lock: string;
  readonly binNs: number;
  /** by role: fraction of each bin in which its actors held the lock; above 1 if several held it in shared mode */
  readonly heldBy: Readonly<Record<string, readonly number[]>>;
  /** by bin: mean number of actors that waited */
  readonly waiting: readonly number[];
  /** the longest wait, and all intervals around it; absent if no actor waited */
  readonly longestWait?: {
    readonly wait: LockSpan;
    readonly fromNs: number;
    readonly toNs: number;
    readonly spans: readonly LockSpan[];
  };
}

/** Maximal number of bins. When a run outgrows them, neighbours are merged and the bin width doubles. */
const maxBins = 1024;
const firstBinNs = 1000;
/** Number of recent intervals that are kept, to show what led to the longest wait. */
const keptSpans = 4096;
/** Margin shown before and after the longest wait, as a fraction of its length. */
const margin = 0.25;

/** Start of the wait and of the hold of an actor, or `none`. */
interface OpenSpans {
  waitsSince: number;
  holdsSince: number;
}
const none = -1;

/** Records the `LockTimeline` of one lock, in constant memory. */
export class LockTimelineRecorder implements SimulatorObserver {
  private binNs = firstBinNs;
  private readonly held = new Map<string, Float64Array>();
  private readonly waiting = new Float64Array(maxBins);
  private readonly open: OpenSpans[];
  private readonly recent: LockSpan[] = [];
  private next = 0;
  private lastNs = 0;
  private longest: LockSpan | undefined;
  private detail: LockTimeline['longestWait'];

  /**
   * @param lock name of the lock, as the observer gets it
   * @param actors names of all actors, by id
   * @param roles roles of all actors, by id
   */
  constructor(
    private readonly lock: string,
    private readonly actors: readonly string[],
    private readonly roles: readonly string[],
  ) {
    this.open = actors.map(() => ({ waitsSince: none, holdsSince: none }));
  }

  lockRequested(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    this.open[actor].waitsSince = atNs;
    this.advanceTo(atNs);
  }

  lockGranted(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    const open = this.open[actor];
    if (open.waitsSince !== none) this.close(actor, 'waits', open.waitsSince, atNs);
    open.waitsSince = none;
    open.holdsSince = atNs;
    this.advanceTo(atNs);
  }

  lockReleased(lock: string, actor: number, atNs: number): void {
    if (lock !== this.lock) return;
    const open = this.open[actor];
    if (open.holdsSince !== none) this.close(actor, 'holds', open.holdsSince, atNs);
    open.holdsSince = none;
    this.advanceTo(atNs);
  }

  /** Returns the timeline up to the last event. */
  timeline(): LockTimeline {
    const bins = Math.min(maxBins, Math.ceil(this.lastNs / this.binNs));
    const perBin = (amounts: Float64Array): number[] => [...amounts.subarray(0, bins)].map((ns) => ns / this.binNs);
    const detail = this.detail ?? this.detailOfLongestWait();
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
    this.next = (this.next + 1) % keptSpans;
    if (kind === 'waits' && toNs - fromNs > lengthOf(this.longest)) {
      this.longest = span;
      this.detail = undefined;
    }
  }

  private binsOf(role: string): Float64Array {
    const bins = this.held.get(role) ?? new Float64Array(maxBins);
    this.held.set(role, bins);
    return bins;
  }

  private addToBins(bins: Float64Array, fromNs: number, toNs: number): void {
    while (toNs > maxBins * this.binNs) this.doubleBinWidth();
    const { binNs } = this;
    for (let bin = Math.floor(fromNs / binNs); bin * binNs < toNs; bin++) {
      const part = Math.min(toNs, (bin + 1) * binNs) - Math.max(fromNs, bin * binNs);
      bins[bin] += part;
    }
  }

  private doubleBinWidth(): void {
    for (const bins of [this.waiting, ...this.held.values()]) {
      for (let n = 0; n < maxBins / 2; n++) bins[n] = bins[2 * n] + bins[2 * n + 1];
      bins.fill(0, maxBins / 2);
    }
    this.binNs *= 2;
  }

  private advanceTo(atNs: number): void {
    this.lastNs = Math.max(this.lastNs, atNs);
    const { longest } = this;
    if (longest && !this.detail && atNs > longest.toNs + margin * lengthOf(longest))
      this.detail = this.detailOfLongestWait();
  }

  private detailOfLongestWait(): LockTimeline['longestWait'] {
    const { longest } = this;
    if (!longest) return undefined;
    const [fromNs, toNs] = [longest.fromNs - margin * lengthOf(longest), longest.toNs + margin * lengthOf(longest)];
    const stillOpen = this.open.flatMap(({ waitsSince, holdsSince }, n): LockSpan[] => {
      const actor = this.actors[n];
      return [
        ...(waitsSince === none ? [] : [{ actor, kind: 'waits' as const, fromNs: waitsSince, toNs: this.lastNs }]),
        ...(holdsSince === none ? [] : [{ actor, kind: 'holds' as const, fromNs: holdsSince, toNs: this.lastNs }]),
      ];
    });
    const spans = [...this.recent, ...stillOpen].filter((span) => span.toNs > fromNs && span.fromNs < toNs);
    return { wait: longest, fromNs, toNs, spans: spans.sort((a, b) => a.fromNs - b.fromNs) };
  }
}

const lengthOf = (span: LockSpan | undefined): number => (span ? span.toNs - span.fromNs : 0);
