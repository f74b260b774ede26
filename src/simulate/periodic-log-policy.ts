import type { Policy } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { RoundRecorder } from './round-recorder.ts';

/** Event ids of QEMU's migration thread; -1 if its machine lacks the event. */
export interface MigrationEvents {
  readonly sync: number;
  readonly send: number;
  readonly clear: number;
  readonly stop: number;
}

/** Collects the dirty log periodically and clears every chunk of it, as dirty_log_perf_test does. Sends nothing. */
export class PeriodicLogPolicy implements Policy {
  event = -1;
  payload = 0;
  private nextNs: number;

  constructor(
    private readonly events: MigrationEvents,
    private readonly periodNs: number,
    private readonly clearBmap: Bitmap,
    private readonly rounds: RoundRecorder,
  ) {
    this.nextNs = periodNs;
  }

  nextTime(readyNs: number): number {
    this.rounds.close(0, 0);
    return this.mustClear ? readyNs : Math.max(readyNs, this.nextNs);
  }

  choose(nowNs: number): boolean {
    this.event = this.mustClear ? this.events.clear : this.events.sync;
    this.payload = this.mustClear ? this.clearBmap.first() : 0;
    if (this.event === this.events.sync) this.nextNs = Math.max(nowNs, this.nextNs + this.periodNs);
    return true;
  }

  onTaken(): void {}

  onRefused(): boolean {
    return false;
  }

  private get mustClear(): boolean {
    return this.events.clear >= 0 && !this.clearBmap.isEmpty();
  }
}
