import { type Accesses, bitsOf, bitsOfAll, bitsWrittenBy } from '../compile/bits.ts';
import { DecisionTrees, enoughWords } from '../compile/decision-trees.ts';
import type { Program } from '../compile/program.ts';
import { Step, type StepOutcome } from '../compile/step.ts';
import { Twin } from '../compile/twin.ts';
import { Offers } from './offers.ts';

/** Which bits of the state a step read and wrote, by word: what decides whether the order of two steps matters. */
export interface Footprint extends Accesses {
  readonly outcome: StepOutcome;
  /** the fields that were read, in order, as bits of a word; and what they held */
  readonly read: readonly { readonly at: number; readonly mask: number; readonly value: number }[];
}

/**
 * What single steps read and write, found by taking them on a twin of the program whose memory is watched. Like `memoise`, it remembers what
 * came of the same values of the fields that were read.
 */
export class Footprints {
  private readonly twin: Twin;
  private readonly offers: Offers;
  private readonly trees = new DecisionTrees();
  /** by choice: the root of its tree; by leaf: the footprint */
  private readonly roots: Int32Array;
  private readonly known: Footprint[] = [];
  private readonly ofInvariants: number;

  constructor(private readonly program: Program) {
    this.twin = new Twin(program);
    this.offers = new Offers(this.twin.program);
    this.roots = Int32Array.from(this.offers.numbers, () => this.trees.plant());
    this.ofInvariants = this.trees.plant();
  }

  /**
   * What a choice reads and writes when it is taken in a state; if the state does not offer it, what has to change before it does. A field
   * that is touched at all counts as a whole.
   */
  of(state: Int32Array, number: number): Footprint {
    return this.remembered(this.roots[number] as number, state, () => this.take(number));
  }

  /** What the invariants read in a state. */
  readByInvariants(state: Int32Array): Int32Array {
    const { program } = this.twin;
    return this.remembered(this.ofInvariants, state, () => {
      program.violated();
      return Step.refused;
    }).bitsRead;
  }

  /** The bits that say in which state of its machine an actor is. */
  locationOf(actor: number): Int32Array {
    const { program, twin } = this;
    const { instance } = twin.program;
    return this.watch(program.state, () => {
      instance.actors[actor]?.location.get();
      return Step.refused;
    }).bitsRead;
  }

  private take(number: number): StepOutcome {
    const { offers, twin } = this;
    const event = offers.eventOf[number] as number;
    const mailbox = twin.program.mailboxes.find(({ deliveries }) => deliveries.includes(event));
    const from = twin.program.events[event]?.from;
    if (mailbox && from !== undefined && !mailbox.pending.has(from)) return Step.refused;
    return offers.take(number);
  }

  private remembered(root: number, state: Int32Array, run: () => StepOutcome): Footprint {
    const { trees, twin, known } = this;
    const leaf = trees.find(root, state);
    if (leaf >= 0) return known[leaf] as Footprint;
    const footprint = this.watch(state, run);
    if (trees.words < enoughWords) trees.grow(root, twin.read, state, known.push(footprint) - 1);
    return footprint;
  }

  private watch(state: Int32Array, run: () => StepOutcome): Footprint {
    const { twin, program } = this;
    const outcome = twin.watch(state, run);
    const words = program.state.length;
    const read = twin.read.map((slot) => {
      const mask = bitsOf(slot);
      return { at: slot.at, mask, value: (state[slot.at] as number) & mask };
    });
    return {
      outcome,
      bitsRead: bitsOfAll(twin.read, words),
      bitsWritten: bitsWrittenBy(twin.writes(), words),
      read,
    };
  }
}
