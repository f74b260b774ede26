import { GrowableArray } from '../../cache/growable-array.ts';
import { assertInvariant, assertionsEnabled } from '../assert-invariant.ts';
import { type ArrayVisitor, type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';

const statesPerSegment = 1 << 25;
/** Returns the segment of a state. */
const segmentIndex = (state: number): number => Math.floor(state * (1 / statesPerSegment));
/** Returns the index of a state in its segment. State ids exceed 32 bits, and `%` is slow on doubles. */
const indexInSegment = (state: number): number => state - segmentIndex(state) * statesPerSegment;

const maxParentsPerUnit = 512;

/** The memory of a predecessor log, which workers share. */
export interface PredecessorLogMemory {
  readonly segments: readonly GrowableSharedBuffer[];
}

/**
 * The predecessor of each state and the choice that leads from it to the state, in 2 bytes a state. States are expanded
 * in order of their ids, in units of consecutive parents. A 16-bit predecessor code holds the rank of the parent in its
 * unit, and the choice id. The unit follows from the state's id, since units discover states in order.
 */
export class PredecessorLog {
  private readonly choiceBits: number;
  private readonly segments: Uint16Array[];
  /** by unit: the id of its first parent, and of the first state that it discovers */
  private readonly firstParents = new GrowableArray(new Float64Array(0));
  private readonly firstStates = new GrowableArray(new Float64Array(0));

  /** @param states largest number of states */
  static reserve(states: number): PredecessorLogMemory {
    const count = Math.max(1, Math.ceil(states / statesPerSegment));
    return { segments: Array.from({ length: count }, () => reserveBuffer(2 * statesPerSegment)) };
  }

  /**
   * Returns the number of parents of a unit: as many as a predecessor code can tell apart.
   * @param choices number of choices, at most 2^16
   */
  static parentsPerUnit(choices: number): number {
    return Math.min(maxParentsPerUnit, 2 ** (16 - choiceBits(choices)));
  }

  constructor(
    private readonly memory: PredecessorLogMemory,
    choices: number,
  ) {
    this.choiceBits = choiceBits(choices);
    this.segments = memory.segments.map(() => new Uint16Array());
  }

  /** Returns the predecessor code of a parent, by its rank in its unit, and a choice. */
  encode(parent: number, choice: number): number {
    return (parent << this.choiceBits) | choice;
  }

  /** Makes room for the states below id `states`. */
  extend(states: number): void {
    for (let segment = 0; segment * statesPerSegment < states; segment++) {
      growTo(this.memory.segments[segment], 2 * statesPerSegment);
    }
  }

  /** Records the predecessor code of a state. */
  set(state: number, code: number): void {
    if (assertionsEnabled) assertInvariant(code >>> 16 === 0, 'a predecessor code has 16 bits');
    this.segmentOf(state)[indexInSegment(state)] = code;
  }

  /** Begins a unit. */
  beginUnit(firstParent: number, firstState: number): void {
    if (assertionsEnabled) {
      const lastParent = this.firstParents.values.at(-1) ?? 0;
      const isOrdered = firstParent >= lastParent && firstState >= (this.firstStates.values.at(-1) ?? 0);
      assertInvariant(isOrdered, 'units of the predecessor log are in the order of parents and states');
      assertInvariant(firstParent <= firstState, 'a state is discovered after its predecessor');
    }
    this.firstParents.push(firstParent);
    this.firstStates.push(firstState);
  }

  /** Returns the rank of the parent in its unit. */
  parentIn(code: number): number {
    return code >>> this.choiceBits;
  }

  /** Returns the parent and the choice of a code of the unit that begins at `firstParent`. */
  decode(firstParent: number, code: number): { parent: number; choice: number } {
    return { parent: firstParent + this.parentIn(code), choice: code & ((1 << this.choiceBits) - 1) };
  }

  /** Returns the ids of the choices that lead from the initial state, id 0, to a state. */
  pathTo(state: number): number[] {
    const choices: number[] = [];
    for (let n = state; n !== 0; ) {
      const code = this.segmentOf(n)[indexInSegment(n)];
      const { parent, choice } = this.decode(this.firstParents.values[this.unitOf(n)], code);
      assertInvariant(parent < n, 'a path of predecessors ends at the initial state');
      choices.push(choice);
      n = parent;
    }
    return choices.reverse();
  }

  /** number of units */
  get units(): number {
    return this.firstParents.length;
  }

  /** Visits the codes of `states` states and the tables of `units` units for a checkpoint. */
  visitMemory(states: number, units: number, visit: ArrayVisitor): void {
    this.extend(states);
    for (const list of [this.firstParents, this.firstStates]) {
      const numbers = new Float64Array(units);
      numbers.set(list.values.subarray(0, units));
      visit(numbers);
      for (let n = list.length; n < units; n++) list.push(numbers[n]);
    }
    for (let first = 0; first < states; first += statesPerSegment) {
      visit(this.segmentOf(first).subarray(0, Math.min(statesPerSegment, states - first)));
    }
  }

  /** Returns the size of the log of `states` states, in bytes. */
  bytes(states: number): number {
    return 2 * states + this.firstParents.bytes + this.firstStates.bytes;
  }

  private segmentOf(state: number): Uint16Array {
    const n = segmentIndex(state);
    const segment = this.segments[n];
    if (segment.length > 0) return segment;
    const mapped = new Uint16Array(this.memory.segments[n], 0, statesPerSegment);
    this.segments[n] = mapped;
    return mapped;
  }

  /** Returns the unit that discovered a state: the last one whose first state is not greater. */
  private unitOf(state: number): number {
    const firstStates = this.firstStates.values;
    let low = 0;
    let high = firstStates.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firstStates[middle] <= state) low = middle;
      else high = middle;
    }
    return low;
  }
}

const choiceBits = (choices: number): number => 32 - Math.clz32(Math.max(1, choices) - 1);
