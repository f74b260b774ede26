/**
 * The microsteps of one step (the term of SCXML): the transitions of all actors that it moved, in order, and the posted
 * messages that it sent. The simulator computes the duration of a step from them; for the other engines, a microstep
 * costs a few stores.
 */
export class Microsteps {
  count = 0;
  /** by microstep: the actor */
  readonly actors: number[] = [];
  /** by microstep: index of the flat transition */
  readonly transitions: number[] = [];
  /** by microstep: sender of the event; the actor itself for its spontaneous events */
  readonly senders: number[] = [];
  /** number of posted messages that were not pending already */
  postedCount = 0;
  readonly postedTypes: string[] = [];
  readonly postedFrom: number[] = [];
  readonly postedTo: number[] = [];

  clear(): void {
    this.count = 0;
    this.postedCount = 0;
  }

  record(actor: number, transition: number, sender: number): void {
    const n = this.count++;
    this.actors[n] = actor;
    this.transitions[n] = transition;
    this.senders[n] = sender;
  }

  recordPosted(type: string, from: number, to: number): void {
    const n = this.postedCount++;
    this.postedTypes[n] = type;
    this.postedFrom[n] = from;
    this.postedTo[n] = to;
  }

  copy(): Microsteps {
    const copy = new Microsteps();
    for (let n = 0; n < this.count; n++) {
      copy.record(this.actors[n], this.transitions[n], this.senders[n]);
    }
    for (let n = 0; n < this.postedCount; n++) {
      copy.recordPosted(this.postedTypes[n], this.postedFrom[n], this.postedTo[n]);
    }
    return copy;
  }
}
