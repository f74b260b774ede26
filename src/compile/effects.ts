import type { SystemEvent } from '../model/events.ts';
import type { Slot } from '../model/memory.ts';
import type { StepSeen } from '../model/property.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import { type Accesses, apply, bitsOfAll, bitsWrittenBy, type Writes } from './bits.ts';
import type { DecisionTrees } from './decision-trees.ts';
import type { Moves } from './moves.ts';
import type { Renamed, StepMade } from './renamed.ts';
import type { StepOutcome } from './step.ts';
import type { Twin } from './twin.ts';

/**
 * What a choice does in all states that agree in the fields that it reads there, and in those that it writes: so it is known as well what it
 * changes them from.
 */
export interface Effect extends Accesses, StepMade {
  readonly outcome: StepOutcome;
  /** those fields, first those that it reads, in the order in which it does */
  readonly fields: readonly Slot[];
  /** one of those states */
  readonly before: Int32Array;
  readonly writes: Writes;
  /** the bits that become others by it, by word */
  readonly changed: Int32Array;
  /** the transitions that all actors took */
  readonly fired: readonly number[];
  readonly taken: number;
  readonly moves: Moves;
  readonly fault: string;
  /** how often it was found */
  hits: number;
}

/** What every choice was seen to do: each has a decision tree, whose leaves are effects. */
export class Effects {
  /** all effects, by number */
  readonly all: Effect[] = [];
  readonly numbers: ChoiceNumbers;
  private readonly roots: Int32Array;
  /** by transition: how often those were found that are forgotten */
  private readonly counted: Float64Array;
  private readonly looks = new Map<string, number>();
  /** what learns of new effects, where actors may change places */
  renamed: Renamed | undefined;

  constructor(
    private readonly twin: Twin,
    private readonly trees: DecisionTrees,
  ) {
    this.numbers = new ChoiceNumbers(twin.program.events);
    this.roots = Int32Array.from({ length: this.numbers.count }, () => trees.plant());
    this.counted = new Float64Array(twin.program.transitions.length);
  }

  /** The number of the effect that a choice has in a state, -1 where that is not known. */
  find(choice: number, state: Int32Array): number {
    return this.trees.find(this.roots[choice] as number, state);
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
    const outcome = twin.watch(state, () => program.step(event, payload));
    const seen = program.seen();
    const writes = twin.writes();
    const words = state.length;
    const touched = [...new Set([...twin.read, ...twin.written()])];
    const fields = this.renamed?.closed(touched) ?? touched;
    trees.learn(this.roots[choice] as number, fields, state, all.length);
    const { field } = program.events[event] as SystemEvent;
    const after = Int32Array.from(state);
    apply(writes, after);
    const effect: Effect = {
      outcome,
      fields,
      before: Int32Array.from(state),
      bitsRead: bitsOfAll(twin.read, words),
      bitsWritten: bitsWrittenBy(writes, words),
      writes,
      changed: after.map((word, n) => word ^ (state[n] as number)),
      fired: firedIn(program.counts),
      taken: program.taken(),
      moves: program.moves.copy(),
      seen,
      field,
      look: this.lookOf(seen, field),
      fault: program.fault(),
      hits: 0,
    };
    this.renamed?.prove(choice, effect);
    return all.push(effect) - 1;
  }

  /** Adds how often each transition was taken. */
  addTo(counts: Float64Array): Float64Array {
    for (let n = 0; n < counts.length; n++) counts[n] = (counts[n] as number) + (this.counted[n] as number);
    for (const { fired, hits } of this.all) {
      for (const n of fired) counts[n] = (counts[n] as number) + hits;
    }
    return counts;
  }

  /** Begins again, when all trees have been forgotten. */
  forget(): void {
    this.counted.set(this.addTo(new Float64Array(this.counted.length)));
    this.all.length = 0;
    for (let choice = 0; choice < this.roots.length; choice++) this.roots[choice] = this.trees.plant();
  }

  /** A number that is equal for steps that covers cannot tell apart. */
  lookOf({ actor, actions, payload }: StepSeen, field?: string): number {
    const key = `${actor} ${field} ${payload} ${actions}`;
    const look = this.looks.get(key) ?? this.looks.size;
    this.looks.set(key, look);
    return look;
  }
}

/** The transitions that were taken, each as often as it was. */
function firedIn(counts: Float64Array): number[] {
  const fired: number[] = [];
  for (let n = 0; n < counts.length; n++) for (let times = counts[n] as number; times > 0; times--) fired.push(n);
  return fired;
}
