import { type AccessSets, bitsOf, bitsOfAll, bitsWrittenBy } from '../../cache/access-sets.ts';
import { DecisionTrees, maxTreeWords } from '../../cache/decision-trees.ts';
import { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import type { Program } from '../../compile/program.ts';
import { StepOutcome } from '../../compile/step-outcome.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';

/** Which bits of the state a step read and wrote, by word: what decides whether the order of two steps matters. */
export interface Footprint extends AccessSets {
  readonly outcome: StepOutcome;
  /** the fields that were read, in order, as bits of a word; and what they held */
  readonly read: readonly { readonly at: number; readonly mask: number; readonly value: number }[];
}

/**
 * What single steps read and write, found by taking them on a twin of the program whose memory is watched. Like `memoise`, it remembers what
 * came of the same values of the fields that were read.
 */
export class FootprintCache {
  private readonly twin: InstrumentedProgram;
  private readonly offers: EnabledChoices;
  private readonly trees = new DecisionTrees();
  /** by choice: the root of its tree; by leaf: the footprint */
  private readonly roots: Int32Array;
  private readonly known: Footprint[] = [];
  private readonly ofInvariants: number;

  constructor(private readonly program: Program) {
    this.twin = new InstrumentedProgram(program);
    this.offers = new EnabledChoices(this.twin.program);
    this.roots = Int32Array.from(this.offers.ids, () => this.trees.newTree());
    this.ofInvariants = this.trees.newTree();
  }

  /**
   * What a choice reads and writes when it is taken in a state; if the state does not offer it, what has to change before it does. A field
   * that is touched at all counts as a whole.
   */
  footprintOf(state: Int32Array, number: number): Footprint {
    return this.cached(this.roots[number], state, () => this.take(number));
  }

  /** What the invariants read in a state. */
  readByInvariants(state: Int32Array): Int32Array {
    const { program } = this.twin;
    return this.cached(this.ofInvariants, state, () => {
      program.violated();
      return StepOutcome.refused;
    }).bitsRead;
  }

  /** The bits that say in which state of its machine an actor is. */
  locationOf(actor: number): Int32Array {
    const { program, twin } = this;
    const { instance } = twin.program;
    return this.watch(program.state, () => {
      instance.actors[actor]?.location.get();
      return StepOutcome.refused;
    }).bitsRead;
  }

  private take(number: number): StepOutcome {
    const { offers, twin } = this;
    const event = offers.eventOf[number];
    const mailbox = twin.program.mailboxes.find(({ deliveries }) => deliveries.includes(event));
    const from = twin.program.events[event]?.from;
    if (mailbox && from !== undefined && !mailbox.pending.has(from)) return StepOutcome.refused;
    return offers.take(number);
  }

  private cached(root: number, state: Int32Array, run: () => StepOutcome): Footprint {
    const { trees, twin, known } = this;
    const leaf = trees.find(root, state);
    if (leaf >= 0) return known[leaf];
    const footprint = this.watch(state, run);
    if (trees.words < maxTreeWords) trees.tryInsert(root, twin.read, state, known.push(footprint) - 1);
    return footprint;
  }

  private watch(state: Int32Array, run: () => StepOutcome): Footprint {
    const { twin, program } = this;
    const outcome = twin.record(state, run);
    const words = program.state.length;
    const read = twin.read.map((slot) => {
      const mask = bitsOf(slot);
      return { at: slot.at, mask, value: state[slot.at] & mask };
    });
    return {
      outcome,
      bitsRead: bitsOfAll(twin.read, words),
      bitsWritten: bitsWrittenBy(twin.writes(), words),
      read,
    };
  }
}
