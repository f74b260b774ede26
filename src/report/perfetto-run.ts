import type { StepTaken } from '../clock/observer.ts';
import type { Program } from '../compile/program.ts';
import type { Round } from '../simulate/results.ts';
import type { RunObserver } from '../simulate/run-observer.ts';
import { PerfettoWriter } from '../trace/perfetto-writer.ts';

/** The tracks of one actor, by their ids, and the open slices of its lock track. */
interface ActorTracks {
  readonly steps: number;
  /** undefined until the actor first requests a lock */
  locks: number | undefined;
  waits: boolean;
  holds: boolean;
}

/**
 * Writes a simulation run in Perfetto's format as it happens: per actor a track with a slice for each step, and a child
 * track with its waits for locks and its holds of them; a flow for each posted message; a counter of dirty pages. Times
 * are simulated nanoseconds.
 */
export class PerfettoRun implements RunObserver {
  private readonly writer: PerfettoWriter;
  private readonly tracks: readonly ActorTracks[];
  private readonly dirtyPages: number;
  /** by type, sender and receiver: flows of the messages in flight */
  private readonly flowsInFlight = new Map<string, number[]>();
  private flows = 0;
  private events = 0;
  /** by actor: flows that end at its next slice */
  private readonly endingFlows: number[][];
  private endNs = 0;

  /**
   * @param fromNs start of the trace: earlier events are omitted
   * @param maxEvents maximal number of steps, waits, holds and messages in the trace
   * @param write receives the bytes
   */
  constructor(
    private readonly program: Program,
    private readonly fromNs: number,
    private readonly maxEvents: number,
    write: (bytes: Uint8Array) => void,
  ) {
    this.writer = new PerfettoWriter(write);
    this.tracks = program.actors.map((name) => ({
      steps: this.writer.track(name),
      locks: undefined,
      waits: false,
      holds: false,
    }));
    this.dirtyPages = this.writer.counter('dirty pages left to send');
    this.endingFlows = program.actors.map(() => []);
  }

  /** True if the trace has reached `maxEvents` and ends before the run. */
  get isFull(): boolean {
    return this.events >= this.maxEvents;
  }

  step({ actor, event, fromNs, toNs }: StepTaken): void {
    if (!this.admits(fromNs)) return;
    const { writer, program } = this;
    const { microsteps, flatTransitions, events } = program;
    const { steps } = this.tracks[actor] as ActorTracks;
    const actions: string[] = [];
    for (let n = 0; n < microsteps.count; n++) {
      if (microsteps.actors[n] === actor)
        actions.push(...(flatTransitions[microsteps.transitions[n] as number]?.actionNames ?? []));
    }
    const type = events[event]?.type as string;
    const flows = (this.endingFlows[actor] as number[]).splice(0);
    writer.begin(steps, actions.length > 0 ? actions.join(' ') : type, fromNs, { flows, annotations: { event: type } });
    writer.end(steps, toNs);
    this.endNs = Math.max(this.endNs, toNs);
  }

  lockRequested(lock: string, actor: number, atNs: number): void {
    if (!this.admits(atNs)) return;
    const tracks = this.tracks[actor] as ActorTracks;
    this.writer.begin(this.lockTrack(actor), `waits for ${lock}`, atNs);
    tracks.waits = true;
  }

  lockGranted(lock: string, actor: number, atNs: number): void {
    const tracks = this.tracks[actor] as ActorTracks;
    if (tracks.waits) this.writer.end(this.lockTrack(actor), atNs);
    tracks.waits = false;
    if (!this.admits(atNs)) return;
    this.writer.begin(this.lockTrack(actor), `holds ${lock}`, atNs);
    tracks.holds = true;
  }

  lockReleased(_lock: string, actor: number, atNs: number): void {
    const tracks = this.tracks[actor] as ActorTracks;
    if (tracks.holds) this.writer.end(this.lockTrack(actor), atNs);
    tracks.holds = false;
    this.endNs = Math.max(this.endNs, atNs);
  }

  messageSent(type: string, from: number, to: number, atNs: number): void {
    if (!this.admits(atNs)) return;
    const flow = ++this.flows;
    this.writer.instant((this.tracks[from] as ActorTracks).steps, `posts ${type}`, atNs, { flows: [flow] });
    this.flowsOf(type, from, to).push(flow);
  }

  messageTaken(type: string, from: number, to: number): void {
    const flow = this.flowsOf(type, from, to).shift();
    if (flow !== undefined) this.endingFlows[to]?.push(flow);
  }

  roundEnded({ atNs, getNs, dirtyPages }: Round): void {
    this.writer.count(this.dirtyPages, atNs + getNs, dirtyPages);
  }

  /** Ends the open slices and flushes the trace. */
  finish(): void {
    this.tracks.forEach((tracks, actor) => {
      if (tracks.waits || tracks.holds) this.writer.end(this.lockTrack(actor), this.endNs);
    });
    this.writer.finish();
  }

  /** Returns true and counts an event that belongs into the trace. */
  private admits(atNs: number): boolean {
    if (atNs < this.fromNs || this.isFull) return false;
    this.events++;
    return true;
  }

  private lockTrack(actor: number): number {
    const tracks = this.tracks[actor] as ActorTracks;
    tracks.locks ??= this.writer.track('locks', tracks.steps);
    return tracks.locks;
  }

  private flowsOf(type: string, from: number, to: number): number[] {
    const key = `${type} ${from} ${to}`;
    const flows = this.flowsInFlight.get(key) ?? [];
    this.flowsInFlight.set(key, flows);
    return flows;
  }
}
