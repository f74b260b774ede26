import type { Policy } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { RoundRecorder } from './round-recorder.ts';

/** The events that QEMU's migration thread chooses between, by their numbers; -1 where its machine does not have one. */
export interface MigrationEvents {
  readonly sync: number;
  readonly send: number;
  readonly clear: number;
  readonly stop: number;
}

/** Asks for the dirty log at fixed times, and clears what has to be cleared, as dirty_log_perf_test does. Nothing is sent. */
export class PeriodicLogPolicy implements Policy {
  event = -1;
  payload = 0;
  private nextNs: number;

  constructor(
    private readonly events: MigrationEvents,
    private readonly everyNs: number,
    private readonly clearBmap: Bitmap,
    private readonly rounds: RoundRecorder,
  ) {
    this.nextNs = everyNs;
  }

  nextTime(readyNs: number): number {
    this.rounds.close(0, 0);
    return this.mustClear ? readyNs : Math.max(readyNs, this.nextNs);
  }

  choose(nowNs: number): boolean {
    this.event = this.mustClear ? this.events.clear : this.events.sync;
    this.payload = this.mustClear ? this.clearBmap.first() : 0;
    if (this.event === this.events.sync) this.nextNs = Math.max(nowNs, this.nextNs + this.everyNs);
    return true;
  }

  taken(): void {}

  refused(): boolean {
    return false;
  }

  private get mustClear(): boolean {
    return this.events.clear >= 0 && !this.clearBmap.isEmpty();
  }
}
