import type { Program } from '../compile/program.ts';
import { type ActorTiming, never } from './actor-timing.ts';
import type { CostModel } from './cost-model.ts';
import type { SimulatorObserver } from './observer.ts';

/** A posted message that its receiver has not taken yet. */
interface InFlightMessage {
  /** id of the delivery event */
  readonly event: number;
  readonly arrivesNs: number;
}

/** Posted messages between send and delivery, with their times of arrival. */
export class InFlightMessages {
  private readonly byReceiver: InFlightMessage[][];
  /** by type, then by sender and receiver: id of the delivery event */
  private readonly deliveryEvents = new Map<string, Int32Array>();

  constructor(
    private readonly program: Program,
    private readonly costs: CostModel,
    private readonly observer: SimulatorObserver | undefined,
  ) {
    const actors = program.actors.length;
    this.byReceiver = program.actors.map(() => []);
    for (const { id, type, from, actor } of program.events) {
      if (from === undefined) continue;
      const table = this.deliveryEvents.get(type) ?? new Int32Array(actors * actors).fill(-1);
      this.deliveryEvents.set(type, table);
      table[from * actors + actor] = id;
    }
  }

  /**
   * Sends the messages that the last step posted. A message is sent at the end of its sender's step.
   * @param actors by id
   */
  post(actors: readonly ActorTiming[]): void {
    const { microsteps } = this.program;
    for (let n = 0; n < microsteps.postedCount; n++) {
      const type = microsteps.postedTypes[n];
      const from = microsteps.postedFrom[n];
      const to = microsteps.postedTo[n];
      const sentNs = actors[from].busyUntilNs;
      const arrivesNs = sentNs + this.costs.latencyNs(type, from);
      const event = (this.deliveryEvents.get(type) as Int32Array)[from * actors.length + to];
      this.byReceiver[to].push({ event, arrivesNs });
      this.observer?.messageSent?.(type, from, to, sentNs, arrivesNs);
    }
  }

  /**
   * Returns the arrival of the first message that an actor accepts in its current state, or `never`. Sets the delivery
   * event of the actor.
   * @param acceptedEvents by event: 0 for delivery events to ignore; undefined to consider all
   */
  firstArrival(one: ActorTiming, acceptedEvents: Uint8Array | undefined): number {
    const messages = this.byReceiver[one.actor];
    let first = never;
    for (let n = 0; n < messages.length; n++) {
      const { event, arrivesNs } = messages[n];
      if (arrivesNs >= first || acceptedEvents?.[event] === 0 || !this.program.accepts(event)) continue;
      one.deliveryEvent = event;
      first = arrivesNs;
    }
    return first;
  }

  /** Removes a message that was delivered. */
  deliver(actor: number, event: number, atNs: number): void {
    const messages = this.byReceiver[actor];
    messages.splice(
      messages.findIndex((message) => message.event === event),
      1,
    );
    const { type, from } = this.program.events[event];
    this.observer?.messageTaken?.(type, from as number, actor, atNs);
  }
}
