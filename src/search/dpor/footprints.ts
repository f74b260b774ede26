import { type AccessSets, bitsOf, bitsOfAll, bitsWrittenBy } from '../../cache/access-sets.ts';
import { DecisionTrees, maxTreeWords } from '../../cache/decision-trees.ts';
import { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import { refuseDependence } from '../../compile/step-repetitions.ts';
import type { OwnedSets } from '../../model/owned-sets.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';

/** The footprint of a step: the bits of the state that it reads and writes. */
export interface Footprint extends AccessSets {
  readonly outcome: StepOutcome;
  /** id in `FootprintCache.ownedSets` of what it accesses of owned memory */
  readonly ownedAccesses: number;
  /** the fields read, in order, as a mask of a word, with their values under that mask */
  readonly reads: readonly { readonly at: number; readonly mask: number; readonly value: number }[];
}

const usualMostBytes = 2 ** 28;
/** Memory of a footprint, without what depends on the state and on the fields read, and of a field. */
const bytesPerFootprint = 500;
const bytesPerRead = 56;

/**
 * Footprints of single steps, observed on an instrumented program. They are cached by the values of the fields that
 * were read: a step that reads the same values has the same footprint.
 */
export class FootprintCache {
  private readonly instrumented: InstrumentedProgram;
  private readonly choices: EnabledChoices;
  private readonly trees = new DecisionTrees();
  /** by choice: the root of its decision tree */
  private readonly roots: Int32Array;
  private rootOfInvariants: number;
  /** by leaf of a decision tree */
  private readonly footprints: Footprint[] = [];
  private footprintBytes = 0;

  /** @param mostBytes the cache is cleared when it is larger: tests make it small */
  constructor(
    private readonly program: Program,
    private readonly mostBytes = usualMostBytes,
  ) {
    this.instrumented = new InstrumentedProgram(program);
    this.choices = new EnabledChoices(this.instrumented.program);
    this.roots = Int32Array.from(this.choices.ids, () => this.trees.newTree());
    this.rootOfInvariants = this.trees.newTree();
  }

  /**
   * Returns what a choice reads and writes in a state. For a disabled choice, these are the bits that it waits for.
   * A field that is accessed at all counts as a whole.
   */
  footprintOf(state: Int32Array, choice: number): Footprint {
    return this.cached(this.roots[choice], state, () => this.execute(choice));
  }

  get ownedSets(): OwnedSets {
    return this.instrumented.program.ownedSets;
  }

  /** memory of the cache, in bytes */
  get bytes(): number {
    return this.trees.bytes + this.footprintBytes;
  }

  private clear(): void {
    const { trees, roots } = this;
    trees.clear();
    for (let choice = 0; choice < roots.length; choice++) roots[choice] = trees.newTree();
    this.rootOfInvariants = trees.newTree();
    this.footprints.length = 0;
    this.footprintBytes = 0;
  }

  /** Returns the bits that the invariants read in a state. */
  readByInvariants(state: Int32Array): Int32Array {
    const { program } = this.instrumented;
    return this.cached(this.rootOfInvariants, state, () => {
      program.violated();
      return StepOutcome.refused;
    }).bitsRead;
  }

  /** Returns the bits that encode the state of an actor's machine. */
  locationOf(actor: number): Int32Array {
    const { program, instrumented } = this;
    const { instance } = instrumented.program;
    return this.observe(program.state, () => {
      instance.actors[actor]?.location.get();
      return StepOutcome.refused;
    }).bitsRead;
  }

  private execute(choice: number): StepOutcome {
    const { choices, instrumented } = this;
    const event = choices.eventOf[choice];
    const mailbox = instrumented.program.mailboxes.find(({ deliveries }) => deliveries.includes(event));
    const from = instrumented.program.events[event]?.from;
    instrumented.program.instance.accesses.begin(0);
    if (mailbox && from !== undefined && !mailbox.pending.has(from)) return StepOutcome.refused;
    return choices.take(choice);
  }

  private cached(root: number, state: Int32Array, run: () => StepOutcome): Footprint {
    const { trees, instrumented, footprints } = this;
    const leaf = trees.find(root, state);
    if (leaf >= 0) return footprints[leaf];
    const footprint = this.observe(state, run);
    if (trees.words >= maxTreeWords || this.bytes > this.mostBytes) {
      this.clear();
      return footprint;
    }
    const isInserted = trees.tryInsert(root, instrumented.read, state, footprints.length);
    if (isInserted && trees.find(root, state) >= 0) {
      footprints.push(footprint);
      this.footprintBytes += bytesPerFootprint + 8 * state.length + bytesPerRead * footprint.reads.length;
    }
    return footprint;
  }

  private observe(state: Int32Array, run: () => StepOutcome): Footprint {
    const { instrumented, program } = this;
    const outcome = instrumented.recordFunction(state, run, () => refuseDependence('an action or a guard'));
    const words = program.state.length;
    const reads = instrumented.read.map((field) => {
      const mask = bitsOf(field);
      return { at: field.at, mask, value: state[field.at] & mask };
    });
    return {
      outcome,
      ownedAccesses: instrumented.program.ownedAccesses(),
      bitsRead: bitsOfAll(instrumented.read, words),
      bitsWritten: bitsWrittenBy(instrumented.patch(), words),
      reads,
    };
  }
}

/** Returns the bits that some steps read. */
export function unionOfReads(footprints: readonly Footprint[], words: number): Int32Array {
  const union = new Int32Array(words);
  for (const { bitsRead } of footprints) {
    for (let word = 0; word < words; word++) union[word] = union[word] | bitsRead[word];
  }
  return union;
}
