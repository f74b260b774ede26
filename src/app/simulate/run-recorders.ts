import { closeSync, openSync, writeSync } from 'node:fs';
import { type LockTimeline, LockTimelineRecorder } from '../../clock/lock-timeline.ts';
import type { Program } from '../../compile/program.ts';
import { PerfettoRun } from '../../report/perfetto-run.ts';
import { kvmMetrics } from '../../simulate/kvm-metrics.ts';
import { combineObservers, type RunObserver } from '../../simulate/run-observer.ts';
import { withWriteErrors } from '../files/output-file.ts';
import type { SimulateOptions } from './simulation-options.ts';

/** Largest Perfetto trace, in steps and waits: about 100 MB, the most that its UI opens. */
const maxTraceEvents = 1_000_000;

/** Records the first run of each experiment: the timeline of mmu_lock, and a Perfetto trace. */
export class RunRecorders {
  readonly timelines: Record<string, LockTimeline> = {};
  private lock: LockTimelineRecorder | undefined;
  private trace: PerfettoRun | undefined;
  private file: number | undefined;

  constructor(private readonly options: Pick<SimulateOptions, 'timelines' | 'perfetto' | 'perfettoFrom'>) {
    const { perfetto } = options;
    if (perfetto !== undefined) this.file = withWriteErrors(perfetto, () => openSync(perfetto, 'w'));
  }

  /** Returns true if a run has to be observed, which makes it slower. */
  get isRecording(): boolean {
    return this.options.timelines === true || this.file !== undefined;
  }

  /** Creates the observer of a run. */
  readonly observe = (program: Program): RunObserver => {
    const { actors, instance } = program;
    const observers: RunObserver[] = [];
    if (this.options.timelines) {
      const roles = instance.actors.map(({ role }) => role);
      this.lock = new LockTimelineRecorder(kvmMetrics.lock.name, actors, roles);
      observers.push(this.lock);
    }
    if (this.file !== undefined) {
      const file = this.file;
      const fromNs = (this.options.perfettoFrom ?? 0) * 1e9;
      this.trace = new PerfettoRun(program, fromNs, maxTraceEvents, (bytes) => writeSync(file, bytes));
      observers.push(this.trace);
    }
    return combineObservers(observers);
  };

  /** Ends the recording of a run. */
  endRun(label: string): void {
    if (this.lock) this.timelines[label] = this.lock.timeline();
    this.trace?.finish();
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Returns true if the trace reached its maximal size before the run ended. */
  get traceWasCut(): boolean {
    return this.trace?.isFull === true;
  }
}
