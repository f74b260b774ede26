import { compile } from '../../compile/compile.ts';
import type { Interpreter } from '../../compile/interpreter.ts';
import { StepOutcome } from '../../compile/program.ts';
import { refuseStep } from '../../compile/step-repetitions.ts';
import { Bitmap } from '../../model/bitmap.ts';
import type { Choice } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { RandomRun } from './random-run.ts';
import { SymbolicLayout } from './symbolic-layout.ts';
import type { SymbolicState } from './symbolic-state.ts';
import { orderBits } from './variable-order.ts';

/** A path that a choice takes through guards and actions, and what it does in all states that take it. */
export interface Path {
  readonly outcome: StepOutcome;
  /** the states that take the path */
  readonly domain: number;
  /** by written variable: the function of the state before that it becomes */
  readonly updates: ReadonlyMap<number, number>;
  /** what it accesses of owned memory, as `StepAccesses` encodes it */
  readonly ownedAccesses: readonly number[];
  readonly fault: string;
}

/** Is thrown if a bit changes that had no variable. The search begins again with it. */
export class LateVariable extends Error {}

/**
 * A program on symbolic data. A run follows the path that one state takes, and its result is valid for all states on
 * that path: an action over a whole bitmap is one path, not one for each content.
 */
export class SymbolicProgram {
  readonly program: Interpreter;
  readonly symbols: SymbolicState;
  private readonly layout = new SymbolicLayout();
  /** all bits, in the order of their variables */
  private readonly order: readonly number[];
  /** by bit: whether it has a variable */
  private readonly varies: Uint8Array;
  /** by bit: its value in the initial state */
  private readonly initialValues: Uint8Array;
  /** by bit: its variable; -1 if it is constant */
  readonly variableOf: Int32Array;
  /** by variable: its bit */
  bits: number[] = [];
  /** by bit: the function of the bit in the state before */
  private functions = new Int32Array();

  constructor(
    { design, params, instance }: Pick<Interpreter, 'design' | 'params' | 'instance'>,
    readonly initial: Int32Array,
    run: RandomRun,
  ) {
    refuseLargeBitmaps(instance);
    this.program = compile(design, params, { layout: this.layout });
    this.symbols = this.layout.symbols;
    const bitIn = (state: Int32Array): Uint8Array =>
      Uint8Array.from(this.layout.packed, ({ at, shift }) => (state[at] >>> shift) & 1);
    this.order = orderBits(this.program, run.states.map(bitIn));
    this.varies = bitIn(run.varying);
    this.initialValues = bitIn(initial);
    this.variableOf = new Int32Array(this.varies.length);
  }

  /** Lets bits vary. They have a variable from the next assignment on. */
  vary(bits: readonly number[]): void {
    for (const bit of bits) this.varies[bit] = 1;
  }

  /**
   * Gives each varying bit a variable. All diagrams of before are invalid.
   * @throws PrecopyError `BAD_PARAMETER` if there are more than 1000
   */
  assignVariables(diagrams: DecisionDiagrams): void {
    this.bits = this.order.filter((bit) => this.varies[bit] === 1);
    if (this.bits.length > maxVariables) refuseLargeState(this.bits.length);
    this.variableOf.fill(-1);
    for (const [variable, bit] of this.bits.entries()) this.variableOf[bit] = variable;
    this.functions = Int32Array.from(this.variableOf, (variable, bit) =>
      variable < 0 ? this.initialValues[bit] : diagrams.variable(2 * variable),
    );
  }

  /** The diagrams that runs begin with. */
  get roots(): Int32Array {
    return this.functions;
  }

  /** Begins a run in a state of a set. There has to be one. */
  load(diagrams: DecisionDiagrams, set: number): void {
    this.symbols.load(diagrams, this.valuesIn(diagrams, set), this.functions);
  }

  /** Returns the values of all bits in a state of a set. */
  private valuesIn(diagrams: DecisionDiagrams, set: number): Uint8Array {
    const values = Uint8Array.from(this.initialValues);
    diagrams.pick(set, (level, value) => {
      values[this.bits[level >> 1]] = value;
    });
    return values;
  }

  /** Returns one state of a set that is not empty, as words of the packed layout. */
  packedIn(diagrams: DecisionDiagrams, set: number): Int32Array {
    const state = new Int32Array(this.initial.length);
    const { packed } = this.layout;
    for (const [bit, value] of this.valuesIn(diagrams, set).entries()) {
      const { at, shift } = packed[bit];
      state[at] = state[at] | (value << shift);
    }
    return state;
  }

  /** Returns the set of one state. */
  setOf(diagrams: DecisionDiagrams, state: Int32Array): number {
    const { packed } = this.layout;
    let set: number = all;
    for (let variable = this.bits.length - 1; variable >= 0; variable--) {
      const { at, shift } = packed[this.bits[variable]];
      const isSet = ((state[at] >>> shift) & 1) === 1;
      set = isSet ? diagrams.node(2 * variable, none, set) : diagrams.node(2 * variable, set, none);
    }
    return set;
  }

  /**
   * Takes a choice in a state of a set. It takes the choice twice: what is learned has to be that of the state alone.
   * @throws LateVariable if it changes a bit that had no variable
   * @throws PrecopyError `BAD_DESIGN` if the second run differs
   */
  run(diagrams: DecisionDiagrams, set: number, choice: Choice): Path {
    const first = this.runOnce(diagrams, set, choice);
    const second = this.runOnce(diagrams, set, choice);
    if (summaryOf(first) !== summaryOf(second)) refuseStep(this.program, choice.event);
    return second;
  }

  private runOnce(diagrams: DecisionDiagrams, set: number, choice: Choice): Path {
    const { program, symbols } = this;
    this.load(diagrams, set);
    const outcome = program.step(choice.event, choice.payload);
    const { accesses } = program.instance;
    return {
      outcome,
      domain: symbols.path,
      updates: outcome === StepOutcome.taken ? this.updates(diagrams) : new Map(),
      ownedAccesses: accesses.owned.slice(0, accesses.ownedCount).sort((a, b) => a - b),
      fault: outcome === StepOutcome.fault ? program.fault() : '',
    };
  }

  /** Returns what the last run changed. */
  private updates(diagrams: DecisionDiagrams): Map<number, number> {
    const { symbols, functions, variableOf, varies } = this;
    const updates = new Map<number, number>();
    let isLate = false;
    for (const bit of symbols.written) {
      const [before, after] = [functions[bit], symbols.functions[bit]];
      if (before === after || diagrams.implies(symbols.path, diagrams.equal(before, after))) continue;
      if (variableOf[bit] >= 0) {
        updates.set(variableOf[bit], after);
        continue;
      }
      varies[bit] = 1;
      isLate = true;
    }
    if (isLate) throw new LateVariable();
    return updates;
  }
}

/** A bitmap of more bits has no symbolic class. */
const maxBitmapBits = 32;

function refuseLargeBitmaps({ cells }: Interpreter['instance']): void {
  const large = cells.find(({ plain }) => plain instanceof Bitmap && plain.bits > maxBitmapBits)?.plain;
  if (!(large instanceof Bitmap)) return;
  throw new PrecopyError(
    'BAD_PARAMETER',
    `--strategy symbolic takes bitmaps of at most ${maxBitmapBits} bits, and ${large.name} has ${large.bits}`,
    'choose smaller params, or --strategy exhaustive',
  );
}

/** Operations recur once for each variable. */
const maxVariables = 1000;

function refuseLargeState(bits: number): never {
  throw new PrecopyError(
    'BAD_PARAMETER',
    `--strategy symbolic takes states of ${maxVariables} changing bits at most, and these have ${bits}`,
    'choose smaller params, or --strategy exhaustive',
  );
}

/** Returns a text that is equal for equal paths. */
export const summaryOf = ({ outcome, domain, updates, ownedAccesses, fault }: Path): string =>
  JSON.stringify([outcome, domain, [...updates], ownedAccesses, fault]);
