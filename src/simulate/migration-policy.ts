import type { Policy, StepInterval } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { MigrationEvents } from './periodic-log-policy.ts';
import type { RoundRecorder } from './round-recorder.ts';

/**
 * Settings of a migration, as QEMU names them.
 * @example
 * const settings: MigrationSettings = { bandwidth: 1.25e9, downtimeLimitNs: 300e6, autoConverge: false, zeroPages: 0 };
 */
export interface MigrationSettings {
  /** bandwidth of the link, in bytes per second */
  readonly bandwidth: number;
  /** `max-bandwidth`, in bytes per second; no limit by default */
  readonly maxBandwidth?: number;
  /** `avail-switchover-bandwidth`, in bytes per second: bandwidth for the last pages; the measured one by default */
  readonly availSwitchoverBandwidth?: number;
  /** `downtime-limit`; QEMU's default is 300 ms */
  readonly downtimeLimitNs: number;
  /** `auto-converge` */
  readonly autoConverge: boolean;
  /** share of pages that are zero when the migration starts, from 0 to 1 */
  readonly zeroPages: number;
}

const pageBytes = 4096;
/** Offset and flags before each page (`save_page_header`). */
const headerBytes = 8;
/** BUFFER_DELAY of migration/migration.c: the window in which bandwidth is measured and limited. */
const bufferDelayNs = 100e6;
/** MAX_WAIT of migration/ram.c: maximal duration of a call of ram_save_iterate. */
const maxWaitNs = 50e6;
/** Pages between two readings of the clock in ram_save_iterate. */
const pagesPerClockCheck = 64;

/** cpu-throttle-initial, cpu-throttle-increment, max-cpu-throttle, throttle-trigger-threshold, in percent. */
const throttle = { initial: 20, increment: 10, max: 99, trigger: 50 } as const;
const throttlePeriodNs = 1e9;
const forcedSyncNs = 5e9;

/** Parts of a `QemuMigrationPolicy`. */
interface MigrationPolicyParts {
  readonly events: MigrationEvents;
  readonly settings: MigrationSettings;
  /** pages to send, and chunks to clear before that */
  readonly bmap: Bitmap;
  readonly clearBmap: Bitmap;
  readonly pagesPerClear: number;
  readonly rounds: RoundRecorder;
  readonly isZero: (gfn: number) => boolean;
  readonly onThrottle: (percent: number, nowNs: number) => void;
}

/**
 * Makes the decisions of QEMU 10.2 that the migration machine leaves open: `migration_iteration_run` and
 * `migration_rate_limit` (migration/migration.c), `ram_save_iterate`, `ram_find_and_save_block` and
 * `migration_trigger_throttle` (migration/ram.c). As in QEMU, a migration that does not converge has no limit of
 * rounds.
 */
export class QemuMigrationPolicy implements Policy {
  event = -1;
  payload = 0;
  pagesSent = 0;
  bytesSent = 0;
  /** when QEMU stopped the guest, or NaN */
  stoppedAtNs = Number.NaN;
  /** when the link has sent everything */
  linkFreeNs = 0;
  throttlePercent = 0;

  /** bytes that can be sent within the downtime limit; 0 until the bandwidth is measured */
  private thresholdBytes = 0;
  private windowStartNs = 0;
  private windowBytes = 0;
  /** current call of ram_save_iterate: its end, or -1, and pages since the last reading of the clock */
  private passEndsNs = -1;
  private pagesSinceClockCheck = 0;
  /** true if the dirty log was synchronized for the pending decision */
  private isExact = false;
  private cursor = 0;
  private sentBefore = 0;
  private lastSyncNs = 0;
  private readonly period = { startNs: 0, newPages: 0, bytesBefore: 0, high: 0 };

  constructor(private readonly parts: MigrationPolicyParts) {}

  nextTime(readyNs: number): number {
    this.endRound(readyNs);
    const { linkFreeNs } = this;
    const free = linkFreeNs > readyNs ? linkFreeNs : readyNs;
    return this.overRate() ? Math.max(free, this.windowStartNs + bufferDelayNs) : free;
  }

  choose(nowNs: number): boolean {
    this.payload = 0;
    if (this.hasStopped) return this.sendNext();
    if (this.isBetweenPasses && nowNs >= this.windowStartNs + bufferDelayNs) this.measure(nowNs);
    if (this.overRate()) return false;
    if (this.passEndsNs < 0 && !this.startPass(nowNs)) return true;
    return this.sendNext();
  }

  onTaken({ startNs: nowNs }: StepInterval): void {
    const { event } = this;
    const { events, bmap } = this.parts;
    if (event === events.send) {
      this.recordSent(nowNs);
      if (++this.pagesSinceClockCheck >= pagesPerClockCheck) {
        this.pagesSinceClockCheck = 0;
        if (nowNs >= this.passEndsNs) this.passEndsNs = -1;
      }
      if (bmap.isEmpty() || this.overRate()) this.passEndsNs = -1;
    } else if (event === events.stop) this.stoppedAtNs = nowNs;
    else if (event === events.sync) this.lastSyncNs = nowNs;
  }

  onRefused(): boolean {
    return false;
  }

  /** Records the last round at the end of the migration. */
  finish(nowNs: number): void {
    this.endRound(nowNs);
  }

  /** Estimates when the migration ends, if no page becomes dirty from now on. */
  estimatedEndNs(nowNs: number): number {
    const { bandwidth, maxBandwidth = bandwidth } = this.parts.settings;
    return Math.max(nowNs, this.linkFreeNs) + (this.pendingBytes * 1e9) / Math.min(bandwidth, maxBandwidth);
  }

  /** Explains to the user why the migration converged, or why it did not. */
  convergence(converged: boolean): string {
    const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    return converged
      ? `at most ${mib(this.thresholdBytes)} were left, which fit into the downtime limit`
      : `${mib(this.pendingBytes)} are left; ${mib(this.thresholdBytes)} would fit into the downtime limit`;
  }

  private get pendingBytes(): number {
    return this.parts.bmap.count() * pageBytes;
  }

  private get hasStopped(): boolean {
    const { stoppedAtNs } = this;
    // biome-ignore lint/suspicious/noSelfCompare: NaN before the stop
    return stoppedAtNs === stoppedAtNs;
  }

  /**
   * True where QEMU calls migration_rate_limit: outside a pass, and not between the exact synchronization and its
   * decision.
   */
  private get isBetweenPasses(): boolean {
    return this.passEndsNs < 0 && (!this.isExact || this.overRate());
  }

  /** migration_iteration_run: begins a pass and returns true, or selects another `event` and returns false. */
  private startPass(nowNs: number): boolean {
    const pending = this.pendingBytes;
    const { events } = this.parts;
    if (pending < this.thresholdBytes && !this.isExact) {
      this.isExact = true;
      this.event = events.sync;
      return false;
    }
    this.isExact = false;
    if (pending <= this.thresholdBytes) {
      this.event = events.stop;
      return false;
    }
    if (this.throttlePercent > 0 && nowNs - this.lastSyncNs >= forcedSyncNs) {
      this.event = events.sync;
      return false;
    }
    this.passEndsNs = nowNs + maxWaitNs;
    this.pagesSinceClockCheck = 0;
    return true;
  }

  /** ram_find_and_save_block: selects the next dirty page after the last one, or the clearing of its chunk. */
  private sendNext(): boolean {
    const { bmap, clearBmap, pagesPerClear, events } = this.parts;
    let gfn = bmap.first(this.cursor);
    if (gfn < 0) gfn = bmap.first();
    const { clear, send } = events;
    if (clear >= 0 && !this.hasStopped) {
      const chunk = Math.floor(gfn / pagesPerClear);
      if (clearBmap.has(chunk)) {
        this.event = clear;
        this.payload = chunk;
        return true;
      }
    }
    this.event = send;
    this.payload = gfn;
    return true;
  }

  private recordSent(nowNs: number): void {
    const { settings, isZero } = this.parts;
    const gfn = this.payload;
    const bytes = headerBytes + (isZero(gfn) ? 1 : pageBytes);
    this.cursor = gfn + 1;
    this.pagesSent++;
    this.bytesSent += bytes;
    this.windowBytes += bytes;
    this.linkFreeNs = Math.max(nowNs, this.linkFreeNs) + (bytes * 1e9) / settings.bandwidth;
  }

  private overRate(): boolean {
    const { maxBandwidth } = this.parts.settings;
    return maxBandwidth !== undefined && !this.hasStopped && this.windowBytes >= maxBandwidth * (bufferDelayNs / 1e9);
  }

  /** migration_update_counters: measures the bandwidth of the window. */
  private measure(nowNs: number): void {
    const { availSwitchoverBandwidth, downtimeLimitNs } = this.parts.settings;
    const measured = this.windowBytes / (nowNs - this.windowStartNs);
    this.thresholdBytes =
      (availSwitchoverBandwidth === undefined ? measured : availSwitchoverBandwidth / 1e9) * downtimeLimitNs;
    this.windowStartNs = nowNs;
    this.windowBytes = 0;
  }

  private endRound(nowNs: number): void {
    const { rounds, settings } = this.parts;
    const round = rounds.close(this.pagesSent - this.sentBefore, this.throttlePercent);
    if (!round) return;
    this.sentBefore = this.pagesSent;
    this.cursor = 0;
    if (settings.autoConverge && !this.hasStopped) this.triggerThrottle(round.newPages, nowNs);
  }

  /** migration_trigger_throttle, at most once a second. */
  private triggerThrottle(newPages: number, nowNs: number): void {
    const { period } = this;
    period.newPages += newPages;
    if (nowNs <= period.startNs + throttlePeriodNs) return;
    const sent = this.bytesSent - period.bytesBefore;
    if (period.newPages * pageBytes > (sent * throttle.trigger) / 100 && ++period.high >= 2) {
      period.high = 0;
      const next = this.throttlePercent === 0 ? throttle.initial : this.throttlePercent + throttle.increment;
      this.throttlePercent = Math.min(next, throttle.max);
      this.parts.onThrottle(this.throttlePercent, nowNs);
    }
    period.startNs = nowNs;
    period.newPages = 0;
    period.bytesBefore = this.bytesSent;
  }
}
