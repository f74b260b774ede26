import type { MetricsRecorder } from '../clock/metrics.ts';
import type { ClockObserver } from '../clock/observer.ts';
import type { Policy } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { Round } from './results.ts';

/** Keeps the book of rounds. It looks at the log just before QEMU merges it, which is its only choice there: when to take that step. */
export class RoundRecorder implements Policy {
  readonly payload = 0;
  readonly rounds: Round[] = [];
  private open: { readonly dirtyBefore: number; readonly logged: number } | undefined;

  constructor(
    private readonly actor: number,
    readonly event: number,
    private readonly run: number,
    private readonly bmap: Bitmap,
    private readonly userBitmap: Bitmap,
    private readonly meter: MetricsRecorder,
    private readonly observer: ClockObserver | undefined,
    private readonly onRound: () => void,
  ) {}

  nextTime(readyNs: number): number {
    return readyNs;
  }

  choose(): boolean {
    this.open = { dirtyBefore: this.bmap.count(), logged: this.userBitmap.count() };
    return true;
  }

  taken(): void {}

  refused(): boolean {
    return false;
  }

  /** Ends the round that was merged last, if that is not done yet; how many pages it brought that were not to be sent already. */
  close(sentPages: number, throttlePercent: number): Round | undefined {
    if (!this.open) return undefined;
    const { atNs, tookNs } = this.meter.lastCall(0, this.actor);
    const dirtyPages = this.bmap.count();
    const round: Round = {
      run: this.run,
      atNs,
      getNs: tookNs,
      loggedPages: this.open.logged,
      newPages: dirtyPages - this.open.dirtyBefore,
      dirtyPages,
      sentPages,
      throttlePercent,
    };
    this.open = undefined;
    this.rounds.push(round);
    this.observer?.roundEnded?.(round);
    this.onRound();
    return round;
  }
}
