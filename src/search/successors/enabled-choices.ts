import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice } from '../../model/choices.ts';
import { choicesForSampling } from './choice-limits.ts';

/** The choices of a program by id, and the enabled ones of its current state. */
export class EnabledChoices {
  /** ids of the enabled choices, up to `count`; a guard may still refuse one */
  readonly ids: Int32Array;
  count = 0;
  /** by choice id: its event, and the actor that takes it */
  readonly eventOf: Int32Array;
  readonly actorOf: Int32Array;
  private readonly payloadOf: Int32Array;
  private readonly isDelivery: readonly boolean[];
  private readonly firstOf: Int32Array;
  private readonly enabled: Int32Array;

  /** @throws PrecopyError `BAD_PARAMETER` if there are too many choices */
  constructor(
    private readonly program: Program,
    choices = choicesForSampling(program.events),
  ) {
    const { events } = program;
    const all = Array.from({ length: choices.count }, (_, id) => choices.choiceOf(id));
    this.ids = new Int32Array(choices.count);
    this.eventOf = Int32Array.from(all, ({ event }) => event);
    this.payloadOf = Int32Array.from(all, ({ payload }) => payload);
    this.actorOf = Int32Array.from(all, ({ event }) => events[event]?.actor as number);
    this.isDelivery = events.map(({ from }) => from !== undefined);
    this.firstOf = Int32Array.from([...events.map(({ id }) => choices.firstOf(id)), choices.count]);
    this.enabled = new Int32Array(events.length);
  }

  /** Finds the enabled choices of the current state. */
  refresh(): void {
    const events = this.program.enabled(this.enabled);
    this.count = 0;
    for (let n = 0; n < events; n++) {
      const event = this.enabled[n];
      for (let id = this.firstOf[event]; id < this.firstOf[event + 1]; id++) {
        this.ids[this.count++] = id;
      }
    }
  }

  /** Takes an enabled choice. */
  take(id: number): StepOutcome {
    return this.program.step(this.eventOf[id], this.payloadOf[id]);
  }

  /** Takes a choice that need not be enabled: the delivery of a message that was not sent is refused. */
  tryTake(id: number): StepOutcome {
    const event = this.eventOf[id];
    if (this.isDelivery[event]) {
      const events = this.program.enabled(this.enabled);
      if (!this.enabled.subarray(0, events).includes(event)) return StepOutcome.refused;
    }
    return this.take(id);
  }

  /** Returns whether a choice can be taken in the current state. Restores the state. */
  hasAny(): boolean {
    const before = Int32Array.from(this.program.state);
    this.refresh();
    for (let n = 0; n < this.count; n++) {
      if (this.take(this.ids[n]) === StepOutcome.refused) continue;
      this.program.state.set(before);
      return true;
    }
    return false;
  }

  choiceOf(id: number): Choice {
    return { event: this.eventOf[id], payload: this.payloadOf[id] };
  }

  idOf({ event, payload }: Choice): number {
    return this.firstOf[event] + payload;
  }
}
