import type { Policy, StepInterval } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { MigrationEvents } from './periodic-log-policy.ts';
import type { RoundRecorder } from './round-recorder.ts';

/** What a person can set of a migration; the defaults are QEMU's. */
export interface MigrationSettings {
  /** of the link, in bytes per second */
  readonly bandwidth: number;
  /** `max-bandwidth`, in bytes per second; none unless told */
  readonly maxBandwidth?: number;
  /** `avail-switchover-bandwidth`, in bytes per second: what is said to be there for the last pages; as it was measured unless told */
  readonly availSwitchoverBandwidth?: number;
  /** `downtime-limit`: 300 ms */
  readonly downtimeLimitNs: number;
  /** `auto-converge` */
  readonly autoConverge: boolean;
  /** the share of pages that are zero when the migration starts, from 0 to 1 */
  readonly zeroPages: number;
}

const pageBytes = 4096;
/** the offset and flags before each page (`save_page_header`) */
const headerBytes = 8;
/** BUFFER_DELAY of migration/migration.c: bandwidth is measured and limited over so long */
const bufferDelayNs = 100e6;
/** MAX_WAIT of migration/ram.c: one call of ram_save_iterate ends after so long */
const maxWaitNs = 50e6;
/** it looks at the time once in so many pages */
const pagesPerLook = 64;

/** cpu-throttle-initial, cpu-throttle-increment, max-cpu-throttle, throttle-trigger-threshold; in percent */
const throttle = { initial: 20, increment: 10, max: 99, trigger: 50 } as const;
const throttlePeriodNs = 1e9;
const forcedSyncNs = 5e9;

/**
 * The decisions of QEMU 10.2 between the states of the migration machine: `migration_iteration_run` and `migration_rate_limit` (migration/
 * migration.c), `ram_save_iterate`, `ram_find_and_save_block`, `migration_trigger_throttle` (migration/ram.c). There is no limit of
 * rounds: a migration that does not converge goes on.
 */
export class QemuMigrationPolicy implements Policy {
  event = -1;
  payload = 0;
  pagesSent = 0;
  bytesSent = 0;
  /** when the guest was told to stop, or NaN */
  stoppedAtNs = Number.NaN;
  /** when the last byte is through the link */
  linkFreeNs = 0;
  throttlePercent = 0;

  /** pages x 4 KiB that can be sent within the downtime limit; 0 until the bandwidth was measured */
  private thresholdBytes = 0;
  private windowStartNs = 0;
  private windowBytes = 0;
  /** the present call of ram_save_iterate: until when, and pages since it last looked */
  private passEndsNs = -1;
  private sincePassLook = 0;
  /** the log was taken for this decision */
  private isExact = false;
  private cursor = 0;
  private sentBefore = 0;
  private lastSyncNs = 0;
  private readonly period = { startNs: 0, newPages: 0, bytesBefore: 0, high: 0 };

  constructor(
    private readonly events: MigrationEvents,
    private readonly settings: MigrationSettings,
    private readonly bmap: Bitmap,
    private readonly clearBmap: Bitmap,
    private readonly pagesPerClear: number,
    private readonly rounds: RoundRecorder,
    private readonly isZero: (gfn: number) => boolean,
    private readonly onThrottle: (percent: number, nowNs: number) => void,
  ) {}

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

  taken({ startNs: nowNs }: StepInterval): void {
    const { events, event } = this;
    if (event === events.send) {
      this.sent(nowNs);
      if (++this.sincePassLook >= pagesPerLook) {
        this.sincePassLook = 0;
        if (nowNs >= this.passEndsNs) this.passEndsNs = -1;
      }
      if (this.bmap.isEmpty() || this.overRate()) this.passEndsNs = -1;
    } else if (event === events.stop) this.stoppedAtNs = nowNs;
    else if (event === events.sync) this.lastSyncNs = nowNs;
  }

  refused(): boolean {
    return false;
  }

  /** Ends what is open when the migration is over. */
  finish(nowNs: number): void {
    this.endRound(nowNs);
  }

  /** Why it has converged, or what was left, for a person. */
  outcome(converged: boolean): string {
    const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    return converged
      ? `${mib(this.thresholdBytes)} or less were left, which is what fits into the downtime limit`
      : `${mib(this.pendingBytes)} are left, and ${mib(this.thresholdBytes)} would fit into the downtime limit`;
  }

  private get pendingBytes(): number {
    return this.bmap.count() * pageBytes;
  }

  private get hasStopped(): boolean {
    const { stoppedAtNs } = this;
    // biome-ignore lint/suspicious/noSelfCompare: NaN before the stop
    return stoppedAtNs === stoppedAtNs;
  }

  /** Where migration_rate_limit stands: not within a pass, nor between the exact refresh and the decision that it is for. */
  private get isBetweenPasses(): boolean {
    return this.passEndsNs < 0 && (!this.isExact || this.overRate());
  }

  /** migration_iteration_run: whether it goes on to send. Else `event` is what it does. */
  private startPass(nowNs: number): boolean {
    const pending = this.pendingBytes;
    const { events } = this;
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
    this.sincePassLook = 0;
    return true;
  }

  /** ram_find_and_save_block: the next dirty page from where the last one was, its chunk cleared first. */
  private sendNext(): boolean {
    let gfn = this.bmap.first(this.cursor);
    if (gfn < 0) gfn = this.bmap.first();
    const { clear, send } = this.events;
    if (clear >= 0 && !this.hasStopped) {
      const chunk = Math.floor(gfn / this.pagesPerClear);
      if (this.clearBmap.has(chunk)) {
        this.event = clear;
        this.payload = chunk;
        return true;
      }
    }
    this.event = send;
    this.payload = gfn;
    return true;
  }

  private sent(nowNs: number): void {
    const gfn = this.payload;
    const bytes = headerBytes + (this.isZero(gfn) ? 1 : pageBytes);
    this.cursor = gfn + 1;
    this.pagesSent++;
    this.bytesSent += bytes;
    this.windowBytes += bytes;
    this.linkFreeNs = Math.max(nowNs, this.linkFreeNs) + (bytes * 1e9) / this.settings.bandwidth;
  }

  private overRate(): boolean {
    const { maxBandwidth } = this.settings;
    return maxBandwidth !== undefined && !this.hasStopped && this.windowBytes >= maxBandwidth * (bufferDelayNs / 1e9);
  }

  /** migration_update_counters */
  private measure(nowNs: number): void {
    const { availSwitchoverBandwidth, downtimeLimitNs } = this.settings;
    const measured = this.windowBytes / (nowNs - this.windowStartNs);
    this.thresholdBytes =
      (availSwitchoverBandwidth === undefined ? measured : availSwitchoverBandwidth / 1e9) * downtimeLimitNs;
    this.windowStartNs = nowNs;
    this.windowBytes = 0;
  }

  private endRound(nowNs: number): void {
    const round = this.rounds.close(this.pagesSent - this.sentBefore, this.throttlePercent);
    if (!round) return;
    this.sentBefore = this.pagesSent;
    this.cursor = 0;
    if (this.settings.autoConverge && !this.hasStopped) this.triggerThrottle(round.newPages, nowNs);
  }

  /** migration_trigger_throttle, once in a second at most */
  private triggerThrottle(newPages: number, nowNs: number): void {
    const { period } = this;
    period.newPages += newPages;
    if (nowNs <= period.startNs + throttlePeriodNs) return;
    const sent = this.bytesSent - period.bytesBefore;
    if (period.newPages * pageBytes > (sent * throttle.trigger) / 100 && ++period.high >= 2) {
      period.high = 0;
      const next = this.throttlePercent === 0 ? throttle.initial : this.throttlePercent + throttle.increment;
      this.throttlePercent = Math.min(next, throttle.max);
      this.onThrottle(this.throttlePercent, nowNs);
    }
    period.startNs = nowNs;
    period.newPages = 0;
    period.bytesBefore = this.bytesSent;
  }
}
