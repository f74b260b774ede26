import type { Program } from '../compile/program.ts';
import type { Costs } from './costs.ts';
import type { ClockObserver } from './observer.ts';
import type { TimedActor } from './timed-actor.ts';

const never = Number.POSITIVE_INFINITY;

/** A posted message on its way, or waiting to be taken. */
interface Letter {
  readonly event: number;
  readonly arrivesNs: number;
}

/** Posted messages between their sending and their delivery. */
export class Mail {
  /** by receiver */
  private readonly boxes: Letter[][];
  /** by type, sender and receiver: the number of the event of delivery */
  private readonly events = new Map<string, Int32Array>();

  constructor(
    private readonly program: Program,
    private readonly costs: Costs,
    private readonly observer: ClockObserver | undefined,
  ) {
    const actors = program.actors.length;
    this.boxes = program.actors.map(() => []);
    for (const { id, type, from, actor } of program.events) {
      if (from === undefined) continue;
      const table = this.events.get(type) ?? new Int32Array(actors * actors).fill(-1);
      this.events.set(type, table);
      table[from * actors + actor] = id;
    }
  }

  /**
   * Puts the messages that the last step posted on their way.
   * @param actors by number: a message leaves when its sender is done
   */
  post(actors: readonly TimedActor[]): void {
    const { moves } = this.program;
    for (let n = 0; n < moves.postedCount; n++) {
      const type = moves.postedTypes[n] as string;
      const from = moves.postedFrom[n] as number;
      const to = moves.postedTo[n] as number;
      const sentNs = (actors[from] as TimedActor).busyUntil;
      const arrivesNs = sentNs + this.costs.latencyNs(type, from);
      const event = (this.events.get(type) as Int32Array)[from * actors.length + to] as number;
      (this.boxes[to] as Letter[]).push({ event, arrivesNs });
      this.observer?.messageSent?.(type, from, to, sentNs, arrivesNs);
    }
  }

  /**
   * Finds the first message that an actor takes where it is: when it arrives, or never. The actor gets the event of delivery.
   * @param only by event of delivery: which messages to look at, if not all
   */
  arrives(one: TimedActor, only: Uint8Array | undefined): number {
    const box = this.boxes[one.actor] as Letter[];
    let first = never;
    for (let n = 0; n < box.length; n++) {
      const { event, arrivesNs } = box[n] as Letter;
      if (arrivesNs >= first || only?.[event] === 0 || !this.program.accepts(event)) continue;
      one.message = event;
      first = arrivesNs;
    }
    return first;
  }

  /** The message was delivered. */
  taken(actor: number, event: number, atNs: number): void {
    const box = this.boxes[actor] as Letter[];
    box.splice(
      box.findIndex((letter) => letter.event === event),
      1,
    );
    const { type, from } = this.program.events[event] as Program['events'][number];
    this.observer?.messageTaken?.(type, from as number, actor, atNs);
  }
}
