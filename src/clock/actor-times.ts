import type { Program } from '../compile/program.ts';

const never = Number.POSITIVE_INFINITY;

/** Where each actor stands in time, in nanoseconds, by its number. */
export class ActorTimes {
  /** it is busy until then with what it has taken */
  readonly busyUntil: Float64Array;
  /** when it begins its next step by itself, or never; when it began, once it has */
  readonly starts: Float64Array;
  /** when it begins to take the first of its messages, or never */
  readonly takesMail: Float64Array;
  /** the event of delivery of that message, or -1 */
  readonly message: Int32Array;
  /** when its next turn is, to begin a step or to take the one that it has begun */
  readonly turn: Float64Array;
  /** the event of the step that it has begun, or -1 */
  readonly begun: Int32Array;
  /** those that ever have a turn; the others, such as locks, only answer within the steps of others */
  readonly active: Int32Array;
  readonly isActive: Uint8Array;

  constructor({ actors, events }: Pick<Program, 'actors' | 'events'>) {
    this.busyUntil = new Float64Array(actors.length);
    this.starts = new Float64Array(actors.length).fill(never);
    this.takesMail = new Float64Array(actors.length).fill(never);
    this.message = new Int32Array(actors.length).fill(-1);
    this.turn = new Float64Array(actors.length).fill(never);
    this.begun = new Int32Array(actors.length).fill(-1);
    this.active = Int32Array.from(new Set(events.map(({ actor }) => actor))).sort();
    this.isActive = new Uint8Array(actors.length);
    for (const actor of this.active) this.isActive[actor] = 1;
  }
}
