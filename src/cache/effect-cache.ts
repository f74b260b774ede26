import type { Microsteps } from '../compile/microsteps.ts';
import type { StepOutcome } from '../compile/step-outcome.ts';
import { ChoiceIds } from '../model/choices.ts';
import type { StepSeen } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { type AccessSets, applyPatch, bitsOfAll, bitsWrittenBy, type WordPatch } from './access-sets.ts';
import type { DecisionTrees } from './decision-trees.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/**
 * What a choice does in all states that agree in the fields that it reads there, and in those that it writes: so it is known as well what it
 * changes them from.
 */
export interface Effect extends AccessSets, StepSignature {
  readonly outcome: StepOutcome;
  /** those fields, first those that it reads, in the order in which it does */
  readonly fields: readonly BitField[];
  /** one of those states */
  readonly before: Int32Array;
  readonly writes: WordPatch;
  /** the bits that become others by it, by word */
  readonly changed: Int32Array;
  /** the transitions that all actors took */
  readonly transitionsTaken: readonly number[];
  readonly taken: number;
  readonly moves: Microsteps;
  readonly fault: string;
  /** how often it was found */
  hits: number;
}

/** What every choice was seen to do: each has a decision tree, whose leaves are effects. */
export class EffectCache {
  /** all effects, by number */
  readonly all: Effect[] = [];
  readonly numbers: ChoiceIds;
  private readonly roots: Int32Array;
  /** by transition: how often those were found that are forgotten */
  private readonly counted: Float64Array;
  private readonly looks = new Map<string, number>();
  /** what learns of new effects, where actors may change places */
  renamed: SymmetryGroup | undefined;

  constructor(
    private readonly twin: InstrumentedProgram,
    private readonly trees: DecisionTrees,
  ) {
    this.numbers = new ChoiceIds(twin.program.events);
    this.roots = Int32Array.from({ length: this.numbers.count }, () => trees.newTree());
    this.counted = new Float64Array(twin.program.transitions.length);
  }

  /** The number of the effect that a choice has in a state, -1 where that is not known. */
  find(choice: number, state: Int32Array): number {
    return this.trees.find(this.roots[choice], state);
  }

  /**
   * Takes a choice on the twin, and remembers what it did.
   * @returns the number of the effect
   */
  learn(choice: number, state: Int32Array): number {
    const { twin, trees, all } = this;
    const { program } = twin;
    const { event, payload } = this.numbers.choiceOf(choice);
    program.counts.fill(0);
    const outcome = twin.record(state, () => program.step(event, payload));
    const seen = program.lastStep();
    const writes = twin.writes();
    const words = state.length;
    const touched = [...new Set([...twin.read, ...twin.written()])];
    const fields = this.renamed?.withDependents(touched) ?? touched;
    trees.insert(this.roots[choice], fields, state, all.length);
    const { field } = program.events[event];
    const after = Int32Array.from(state);
    applyPatch(writes, after);
    const effect: Effect = {
      outcome,
      fields,
      before: Int32Array.from(state),
      bitsRead: bitsOfAll(twin.read, words),
      bitsWritten: bitsWrittenBy(writes, words),
      writes,
      changed: after.map((word, n) => word ^ state[n]),
      transitionsTaken: firedIn(program.counts),
      taken: program.lastTransition(),
      moves: program.moves.copy(),
      seen,
      field,
      signature: this.signatureOf(seen, field),
      fault: program.fault(),
      hits: 0,
    };
    this.renamed?.checkEquivariance(choice, effect);
    return all.push(effect) - 1;
  }

  /** Adds how often each transition was taken. */
  addTo(counts: Float64Array): Float64Array {
    for (let n = 0; n < counts.length; n++) counts[n] = counts[n] + this.counted[n];
    for (const { transitionsTaken, hits } of this.all) {
      for (const n of transitionsTaken) counts[n] = counts[n] + hits;
    }
    return counts;
  }

  /** Begins again, when all trees have been forgotten. */
  clear(): void {
    this.counted.set(this.addTo(new Float64Array(this.counted.length)));
    this.all.length = 0;
    for (let choice = 0; choice < this.roots.length; choice++) this.roots[choice] = this.trees.newTree();
  }

  /** A number that is equal for steps that covers cannot tell apart. */
  signatureOf({ actor, actions, payload }: StepSeen, field?: string): number {
    const key = `${actor} ${field} ${payload} ${actions}`;
    const signature = this.looks.get(key) ?? this.looks.size;
    this.looks.set(key, signature);
    return signature;
  }
}

/** The transitions that were taken, each as often as it was. */
function firedIn(counts: Float64Array): number[] {
  const transitionsTaken: number[] = [];
  for (let n = 0; n < counts.length; n++) for (let times = counts[n]; times > 0; times--) transitionsTaken.push(n);
  return transitionsTaken;
}
