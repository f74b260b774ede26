import { closeSync, openSync, writeSync } from 'node:fs';
import { type LockTimeline, LockTimelineRecorder } from '../../clock/lock-timeline.ts';
import { type ClockObserver, combineObservers } from '../../clock/observer.ts';
import type { Program } from '../../compile/program.ts';
import { PerfettoRun } from '../../report/perfetto-run.ts';
import { kvmMetrics } from '../../simulate/kvm-metrics.ts';
import { withWriteErrors } from '../files/output-file.ts';

/** How many steps and waits a Perfetto trace has at most: about 100 MB, what its UI still opens. */
const mostEvents = 1_000_000;

export interface WatchOptions {
  readonly html?: string;
  readonly perfetto?: string;
  readonly perfettoFrom: number;
}

/** What is recorded of the first run of each design, beside its figures. */
export class RunRecorders {
  readonly timelines: Record<string, LockTimeline> = {};
  private lock: LockTimelineRecorder | undefined;
  private trace: PerfettoRun | undefined;
  private file: number | undefined;

  constructor(private readonly options: WatchOptions) {
    const { perfetto } = options;
    if (perfetto !== undefined) this.file = withWriteErrors(perfetto, () => openSync(perfetto, 'w'));
  }

  /** Whether anything is recorded: it takes time. */
  get isOn(): boolean {
    return this.options.html !== undefined || this.file !== undefined;
  }

  /** Who watches a run. */
  readonly observe = (program: Program): ClockObserver => {
    const { actors, instance } = program;
    const watching: ClockObserver[] = [];
    if (this.options.html !== undefined) {
      const roles = instance.actors.map(({ role }) => role);
      this.lock = new LockTimelineRecorder(kvmMetrics.lock.name, actors, roles);
      watching.push(this.lock);
    }
    if (this.file !== undefined) {
      const file = this.file;
      const fromNs = this.options.perfettoFrom * 1e9;
      this.trace = new PerfettoRun(program, fromNs, mostEvents, (bytes) => writeSync(file, bytes));
      watching.push(this.trace);
    }
    return combineObservers(watching);
  };

  /** The run that was watched is over. */
  runEnded(design: string): void {
    if (this.lock) this.timelines[design] = this.lock.timeline();
    this.trace?.finish();
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Whether the trace has less than the run: it is full. */
  get isTraceCut(): boolean {
    return this.trace?.isFull === true;
  }
}
