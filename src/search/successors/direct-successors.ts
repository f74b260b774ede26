import type { Program, StepOutcome } from '../../compile/program.ts';
import { OwnedAccesses } from '../../model/owned-accesses.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { EnabledChoices } from './enabled-choices.ts';
import type { SuccessorGenerator } from './successor-generator.ts';

/** Generates successors by executing every choice; nothing is cached. */
export class DirectSuccessors implements SuccessorGenerator {
  readonly choices: Int32Array;
  readonly hashWords = 0;
  readonly isFull = false;
  private readonly enabledChoices: EnabledChoices;
  private readonly fingerprint: Fingerprint;
  private readonly parent: Int32Array;
  private readonly owned: OwnedAccesses;

  constructor(private readonly program: Program) {
    this.enabledChoices = new EnabledChoices(program);
    this.owned = new OwnedAccesses(program.ownedSets);
    this.choices = this.enabledChoices.ids;
    this.fingerprint = new Fingerprint(program.state.length);
    this.parent = new Int32Array(program.state.length);
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

  get bytes(): number {
    return this.program.cacheBytes;
  }

  begin(): void {}

  enumerate(from: Int32Array, at: number): number {
    this.load(from, at);
    this.parent.set(this.program.state);
    this.fingerprint.rebase(this.program.state);
    this.enabledChoices.refresh();
    this.owned.clear();
    return this.enabledChoices.count;
  }

  hasOwnedRace(): boolean {
    return this.owned.isRace();
  }

  evaluate(n: number): StepOutcome {
    const { program, enabledChoices } = this;
    this.load(this.parent, 0);
    const choice = this.choices[n];
    const outcome = enabledChoices.take(choice);
    this.owned.add(program.ownedAccesses(), enabledChoices.actorOf[choice]);
    this.fingerprint.update(program.state);
    return outcome;
  }

  /** Does nothing: `evaluate` has executed the step. */
  moveTo(): void {}

  transitionId(n: number): number {
    return this.choices[n];
  }

  materialize(choice: number, from: Int32Array, at: number, into: Int32Array, to: number): void {
    this.load(from, at);
    this.enabledChoices.take(choice);
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

  areIndependent(): boolean {
    return false;
  }

  mayHitCover(): boolean {
    return true;
  }
}
