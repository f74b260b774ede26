import type { MetricsRecorder } from '../clock/metrics.ts';
import type { Policy } from '../clock/policy.ts';
import type { Bitmap } from '../model/bitmap.ts';
import { kvmCalls } from './kvm-metrics.ts';
import type { Round } from './results.ts';
import type { RunObserver } from './run-observer.ts';

/** Parts of a `RoundRecorder`. */
interface RoundRecorderParts {
  /** the migration thread, and its event that merges a log */
  readonly actor: number;
  readonly event: number;
  /** number of the run, from 0 */
  readonly run: number;
  /** QEMU's bitmap of pages to send, and the log that GET_DIRTY_LOG returned */
  readonly bmap: Bitmap;
  readonly userBitmap: Bitmap;
  readonly metrics: MetricsRecorder;
  readonly observer: RunObserver | undefined;
  readonly onRound: () => void;
}

/** Records dirty-log rounds. As the policy of the step that merges a log, it counts the pages of the log before. */
export class RoundRecorder implements Policy {
  readonly event: number;
  readonly payload = 0;
  readonly rounds: Round[] = [];
  private open: { readonly dirtyBefore: number; readonly logged: number } | undefined;

  constructor(private readonly parts: RoundRecorderParts) {
    this.event = parts.event;
  }

  nextTime(readyNs: number): number {
    return readyNs;
  }

  choose(): boolean {
    const { bmap, userBitmap } = this.parts;
    this.open = { dirtyBefore: bmap.count(), logged: userBitmap.count() };
    return true;
  }

  onTaken(): void {}

  onRefused(): boolean {
    return false;
  }

  /** Records the round whose log was merged last. Returns undefined if it is recorded already. */
  close(sentPages: number, throttlePercent: number): Round | undefined {
    if (!this.open) return undefined;
    const { metrics, actor, bmap, run, observer, onRound } = this.parts;
    const { atNs, tookNs } = metrics.lastCall(kvmCalls.getDirtyLog, actor);
    const dirtyPages = bmap.count();
    const round: Round = {
      run,
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
    observer?.roundEnded?.(round);
    onRound();
    return round;
  }
}
