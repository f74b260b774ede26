/**
 * What one step consisted of: the transitions of all actors that it moved, in the order in which they happened, and the posted messages
 * that it sent. An engine that gives a step a duration reads it; the others pay two stores a transition for it.
 */
export class Microsteps {
  /** how many transitions were taken */
  count = 0;
  /** by move: the actor, the arrow that it took, and who sent what it was for (the actor itself, for an event of its own) */
  readonly actors: number[] = [];
  readonly arrows: number[] = [];
  readonly senders: number[] = [];
  /** how many messages were posted that did not wait already */
  postedCount = 0;
  readonly postedTypes: string[] = [];
  readonly postedFrom: number[] = [];
  readonly postedTo: number[] = [];

  clear(): void {
    this.count = 0;
    this.postedCount = 0;
  }

  record(actor: number, arrow: number, sender: number): void {
    const n = this.count++;
    this.actors[n] = actor;
    this.arrows[n] = arrow;
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
      copy.record(this.actors[n], this.arrows[n], this.senders[n]);
    }
    for (let n = 0; n < this.postedCount; n++) {
      copy.recordPosted(this.postedTypes[n], this.postedFrom[n], this.postedTo[n]);
    }
    return copy;
  }
}
