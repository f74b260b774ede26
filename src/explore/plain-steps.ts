import type { Program } from '../compile/program.ts';
import type { StepOutcome } from '../compile/step.ts';
import { Fingerprint } from './fingerprint.ts';
import { Offers } from './offers.ts';
import type { Steps } from './steps.ts';

/** Steps of a program that is asked for one after the other. Nothing is known of them before they are taken. */
export class PlainSteps implements Steps {
  readonly choices: Int32Array;
  readonly sums = 0;
  private readonly offers: Offers;
  private readonly fingerprint: Fingerprint;
  private readonly here: Int32Array;

  constructor(private readonly program: Program) {
    this.offers = new Offers(program);
    this.choices = this.offers.numbers;
    this.fingerprint = new Fingerprint(program.state.length);
    this.here = new Int32Array(program.state.length);
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

  look(from: Int32Array, at: number): number {
    this.goTo(from, at);
    this.here.set(this.program.state);
    this.fingerprint.of(this.program.state);
    this.offers.look();
    return this.offers.count;
  }

  at(n: number): StepOutcome {
    this.goTo(this.here, 0);
    const outcome = this.offers.take(this.choices[n] as number);
    this.fingerprint.near(this.program.state);
    return outcome;
  }

  /** It has been taken. */
  take(): void {}

  key(n: number): number {
    return this.choices[n] as number;
  }

  make(key: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    this.goTo(from, at);
    this.offers.take(key);
    into.set(this.program.state, to);
  }

  goTo(from: Int32Array, at: number): void {
    const { state } = this.program;
    for (let n = 0; n < state.length; n++) state[n] = from[at + n] as number;
  }

  isQuiet(): boolean {
    return false;
  }

  violated(): number {
    return this.program.violated();
  }

  commute(): boolean {
    return false;
  }

  mayShow(): boolean {
    return true;
  }
}
