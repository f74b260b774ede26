import type { Program, StepOutcome } from '../../compile/program.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { EnabledChoices } from './enabled-choices.ts';
import type { SuccessorGenerator } from './successor-generator.ts';

/** Steps of a program that is asked for one after the other. Nothing is known of them before they are taken. */
export class DirectSuccessors implements SuccessorGenerator {
  readonly choices: Int32Array;
  readonly hashWords = 0;
  private readonly offers: EnabledChoices;
  private readonly fingerprint: Fingerprint;
  private readonly here: Int32Array;

  constructor(private readonly program: Program) {
    this.offers = new EnabledChoices(program);
    this.choices = this.offers.ids;
    this.fingerprint = new Fingerprint(program.state.length);
    this.here = new Int32Array(program.state.length);
  }

  get high(): number {
    return this.fingerprint.high;
  }
  get low(): number {
    return this.fingerprint.low;
  }

  writeInitial(into: Int32Array): void {
    into.set(this.program.state);
    this.fingerprint.rebase(this.program.state);
  }

  begin(): void {}

  enumerate(from: Int32Array, at: number): number {
    this.load(from, at);
    this.here.set(this.program.state);
    this.fingerprint.rebase(this.program.state);
    this.offers.refresh();
    return this.offers.count;
  }

  evaluate(n: number): StepOutcome {
    this.load(this.here, 0);
    const outcome = this.offers.take(this.choices[n]);
    this.fingerprint.update(this.program.state);
    return outcome;
  }

  /** It has been taken. */
  moveTo(): void {}

  transitionId(n: number): number {
    return this.choices[n];
  }

  materialize(key: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    this.load(from, at);
    this.offers.take(key);
    into.set(this.program.state, to);
  }

  load(from: Int32Array, at: number): void {
    const { state } = this.program;
    for (let n = 0; n < state.length; n++) state[n] = from[at + n];
  }

  isKnownSafe(): boolean {
    return false;
  }

  violated(): number {
    return this.program.violated();
  }

  commute(): boolean {
    return false;
  }

  mayHitCover(): boolean {
    return true;
  }
}
