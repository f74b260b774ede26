import type { Program } from '../compile/program.ts';
import type { ActorTiming } from './actor-timing.ts';
import type { CostModel } from './cost-model.ts';
import type { ClockObserver } from './observer.ts';

const never = Number.POSITIVE_INFINITY;

/** A posted message on its way, or waiting to be taken. */
interface InFlightMessage {
  readonly event: number;
  readonly arrivesNs: number;
}

/** Posted messages between their sending and their delivery. */
export class InFlightMessages {
  /** by receiver */
  private readonly byReceiver: InFlightMessage[][];
  /** by type, sender and receiver: the number of the event of delivery */
  private readonly events = new Map<string, Int32Array>();

  constructor(
    private readonly program: Program,
    private readonly costs: CostModel,
    private readonly observer: ClockObserver | undefined,
  ) {
    const actors = program.actors.length;
    this.byReceiver = program.actors.map(() => []);
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
  post(actors: readonly ActorTiming[]): void {
    const { moves } = this.program;
    for (let n = 0; n < moves.postedCount; n++) {
      const type = moves.postedTypes[n];
      const from = moves.postedFrom[n];
      const to = moves.postedTo[n];
      const sentNs = actors[from].busyUntil;
      const arrivesNs = sentNs + this.costs.latencyNs(type, from);
      const event = (this.events.get(type) as Int32Array)[from * actors.length + to];
      this.byReceiver[to].push({ event, arrivesNs });
      this.observer?.messageSent?.(type, from, to, sentNs, arrivesNs);
    }
  }

  /**
   * Finds the first message that an actor takes where it is: when it arrives, or never. The actor gets the event of delivery.
   * @param only by event of delivery: which messages to look at, if not all
   */
  arrives(one: ActorTiming, only: Uint8Array | undefined): number {
    const box = this.byReceiver[one.actor];
    let first = never;
    for (let n = 0; n < box.length; n++) {
      const { event, arrivesNs } = box[n];
      if (arrivesNs >= first || only?.[event] === 0 || !this.program.accepts(event)) continue;
      one.message = event;
      first = arrivesNs;
    }
    return first;
  }

  /** The message was delivered. */
  taken(actor: number, event: number, atNs: number): void {
    const box = this.byReceiver[actor];
    box.splice(
      box.findIndex((letter) => letter.event === event),
      1,
    );
    const { type, from } = this.program.events[event];
    this.observer?.messageTaken?.(type, from as number, actor, atNs);
  }
}
