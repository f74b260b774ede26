import type { ClockObserver, StepTaken } from '../clock/observer.ts';
import type { Program } from '../compile/program.ts';
import type { Round } from '../simulate/results.ts';
import { PerfettoWriter } from '../trace/perfetto-writer.ts';

/** The rows of one actor. */
interface Rows {
  readonly deeds: number;
  /** made when the actor first asks for a lock */
  lock: number | undefined;
  waits: boolean;
  holds: boolean;
}

/**
 * Writes a timed run in Perfetto's format as it happens: a row an actor with a slice for each of its steps, a row under it with its waits
 * for locks and its holds of them, an arrow for each posted message, and counters of dirty pages. Times are simulated nanoseconds.
 */
export class PerfettoRun implements ClockObserver {
  private readonly writer: PerfettoWriter;
  private readonly rows: readonly Rows[];
  private readonly dirtyPages: number;
  private readonly underway = new Map<string, number[]>();
  private flows = 0;
  private events = 0;
  /** arrows that the next slice of an actor ends or begins, by actor */
  private readonly ends: number[][];
  private endNs = 0;

  /**
   * @param fromNs what happened before is left out
   * @param mostEvents how many steps, waits and holds are written at most
   * @param write takes the bytes as they come
   */
  constructor(
    private readonly program: Program,
    private readonly fromNs: number,
    private readonly mostEvents: number,
    write: (bytes: Uint8Array) => void,
  ) {
    this.writer = new PerfettoWriter(write);
    this.rows = program.actors.map((name) => ({
      deeds: this.writer.track(name),
      lock: undefined,
      waits: false,
      holds: false,
    }));
    this.dirtyPages = this.writer.counter('dirty pages left to send');
    this.ends = program.actors.map(() => []);
  }

  /** Whether it has written as many events as it was to, so that the trace ends before the run. */
  get isFull(): boolean {
    return this.events >= this.mostEvents;
  }

  step({ actor, event, fromNs, toNs }: StepTaken): void {
    if (!this.takes(fromNs)) return;
    const { writer, program } = this;
    const { moves, arrows, events } = program;
    const { deeds } = this.rows[actor] as Rows;
    const did: string[] = [];
    for (let n = 0; n < moves.count; n++) {
      if (moves.actors[n] === actor) did.push(...(arrows[moves.arrows[n] as number]?.actionNames ?? []));
    }
    const type = events[event]?.type as string;
    const flows = (this.ends[actor] as number[]).splice(0);
    writer.begin(deeds, did.length > 0 ? did.join(' ') : type, fromNs, { flows, annotations: { event: type } });
    writer.end(deeds, toNs);
    this.endNs = Math.max(this.endNs, toNs);
  }

  lockRequested(lock: string, actor: number, atNs: number): void {
    if (!this.takes(atNs)) return;
    const rows = this.rows[actor] as Rows;
    this.writer.begin(this.lockRow(actor), `waits for ${lock}`, atNs);
    rows.waits = true;
  }

  lockGranted(lock: string, actor: number, atNs: number): void {
    const rows = this.rows[actor] as Rows;
    if (rows.waits) this.writer.end(this.lockRow(actor), atNs);
    rows.waits = false;
    if (!this.takes(atNs)) return;
    this.writer.begin(this.lockRow(actor), `holds ${lock}`, atNs);
    rows.holds = true;
  }

  lockReleased(_lock: string, actor: number, atNs: number): void {
    const rows = this.rows[actor] as Rows;
    if (rows.holds) this.writer.end(this.lockRow(actor), atNs);
    rows.holds = false;
    this.endNs = Math.max(this.endNs, atNs);
  }

  messageSent(type: string, from: number, to: number, atNs: number): void {
    if (!this.takes(atNs)) return;
    const flow = ++this.flows;
    this.writer.instant((this.rows[from] as Rows).deeds, `posts ${type}`, atNs, { flows: [flow] });
    this.boxOf(type, from, to).push(flow);
  }

  messageTaken(type: string, from: number, to: number): void {
    const flow = this.boxOf(type, from, to).shift();
    if (flow !== undefined) this.ends[to]?.push(flow);
  }

  roundEnded({ atNs, getNs, dirtyPages }: Round): void {
    this.writer.count(this.dirtyPages, atNs + getNs, dirtyPages);
  }

  /** Closes what is open, and writes the rest. */
  finish(): void {
    this.rows.forEach((rows, actor) => {
      if (rows.waits || rows.holds) this.writer.end(this.lockRow(actor), this.endNs);
    });
    this.writer.finish();
  }

  private takes(atNs: number): boolean {
    if (atNs < this.fromNs || this.isFull) return false;
    this.events++;
    return true;
  }

  private lockRow(actor: number): number {
    const rows = this.rows[actor] as Rows;
    rows.lock ??= this.writer.track('locks', rows.deeds);
    return rows.lock;
  }

  private boxOf(type: string, from: number, to: number): number[] {
    const key = `${type} ${from} ${to}`;
    const box = this.underway.get(key) ?? [];
    this.underway.set(key, box);
    return box;
  }
}
