import type { Program } from '../compile/program.ts';
import type { StepOutcome } from '../compile/step.ts';
import type { Successors } from '../compile/successors.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import { Fingerprint } from './fingerprint.ts';
import type { Steps } from './steps.ts';

/** Steps of a program that is asked for one after the other. */
export class PlainSteps implements Steps {
  readonly choices: Int32Array;
  readonly sums = 0;
  private readonly events: Int32Array;
  private readonly payloads: Int32Array;
  private readonly fingerprint: Fingerprint;
  private here: Int32Array = new Int32Array();

  constructor(
    private readonly program: Program,
    private readonly successors: Successors,
  ) {
    this.choices = successors.choices;
    const numbers = new ChoiceNumbers(program.events);
    const all = Array.from({ length: numbers.count }, (_, number) => numbers.choiceOf(number));
    this.events = Int32Array.from(all, ({ event }) => event);
    this.payloads = Int32Array.from(all, ({ payload }) => payload);
    this.fingerprint = new Fingerprint(program.state.length);
  }

  get high(): number {
    return this.fingerprint.high;
  }
  get low(): number {
    return this.fingerprint.low;
  }

  start(into: Int32Array): void {
    into.set(this.program.state);
    this.fingerprint.of(this.program.state);
  }

  begin(): void {}

  look(here: Int32Array): number {
    this.here = here;
    this.goTo(here);
    this.fingerprint.of(this.program.state);
    return this.successors.look();
  }

  at(n: number): StepOutcome {
    this.goTo(this.here);
    const outcome = this.successors.take(n);
    this.fingerprint.near(this.program.state);
    return outcome;
  }

  take(): void {}

  key(n: number): number {
    return this.choices[n] as number;
  }

  make(key: number, from: Int32Array, into: Int32Array): void {
    const { state } = this.program;
    this.goTo(from);
    this.program.step(this.events[key] as number, this.payloads[key] as number);
    for (let n = 0; n < state.length; n++) into[n] = state[n] as number;
  }

  violated(): number {
    return this.program.violated();
  }

  commute(n: number, m: number, state: Int32Array): boolean {
    return this.successors.commute(n, m, state);
  }

  mayShow(n: number, covers: readonly number[]): boolean {
    return this.successors.mayShow(n, covers);
  }

  named(choice: number): number {
    return this.successors.named(choice);
  }

  private goTo(here: Int32Array): void {
    const { state } = this.program;
    for (let n = 0; n < state.length; n++) state[n] = here[n] as number;
  }
}
