import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice } from '../../model/choices.ts';
import { choicesForSampling } from './choice-limits.ts';

/** The choices of a program by number, and those that its current state offers. */
export class EnabledChoices {
  /** the offered ones, up to `count`; a guard may still refuse one */
  readonly ids: Int32Array;
  count = 0;
  /** by number: the event, and the actor that takes it */
  readonly eventOf: Int32Array;
  readonly actorOf: Int32Array;
  private readonly payloadOf: Int32Array;
  private readonly isDelivery: readonly boolean[];
  private readonly firstOf: Int32Array;
  private readonly enabled: Int32Array;

  /** @throws PrecopyError `BAD_PARAMETER` where there are too many */
  constructor(
    private readonly program: Program,
    choices = choicesForSampling(program.events),
  ) {
    const { events } = program;
    const all = Array.from({ length: choices.count }, (_, number) => choices.choiceOf(number));
    this.ids = new Int32Array(choices.count);
    this.eventOf = Int32Array.from(all, ({ event }) => event);
    this.payloadOf = Int32Array.from(all, ({ payload }) => payload);
    this.actorOf = Int32Array.from(all, ({ event }) => events[event]?.actor as number);
    this.isDelivery = events.map(({ from }) => from !== undefined);
    this.firstOf = Int32Array.from([...events.map(({ id }) => choices.firstOf(id)), choices.count]);
    this.enabled = new Int32Array(events.length);
  }

  /** Looks what the current state offers. */
  refresh(): void {
    const events = this.program.enabled(this.enabled);
    this.count = 0;
    for (let n = 0; n < events; n++) {
      const event = this.enabled[n];
      for (let number = this.firstOf[event]; number < this.firstOf[event + 1]; number++) {
        this.ids[this.count++] = number;
      }
    }
  }

  /** Takes one that is offered. */
  take(number: number): StepOutcome {
    return this.program.step(this.eventOf[number], this.payloadOf[number]);
  }

  /** Takes any choice, if it is possible now: a message that is not there is refused. */
  tryTake(number: number): StepOutcome {
    const event = this.eventOf[number];
    if (this.isDelivery[event]) {
      const events = this.program.enabled(this.enabled);
      if (!this.enabled.subarray(0, events).includes(event)) return StepOutcome.refused;
    }
    return this.take(number);
  }

  /** Whether something can be taken in the current state, which stays as it is. */
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

  choiceOf(number: number): Choice {
    return { event: this.eventOf[number], payload: this.payloadOf[number] };
  }

  numberOf({ event, payload }: Choice): number {
    return this.firstOf[event] + payload;
  }
}
