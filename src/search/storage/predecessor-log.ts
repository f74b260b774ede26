import { type ArrayVisitor, type GrowableSharedBuffer, growTo, reserveBuffer } from './growable-buffer.ts';

const statesPerPiece = 1 << 25;
/** Which piece the origin of a state is in. */
const pieceWith = (state: number): number => Math.floor(state * (1 / statesPerPiece));
/** Its place there. As fast as it may be: numbers of states have more than 32 bits, and `%` of such is slow. */
const placeOf = (state: number): number => state - pieceWith(state) * statesPerPiece;

/** What threads share of the origins. */
export interface OriginsMemory {
  readonly segments: readonly GrowableSharedBuffer[];
}

/**
 * How each state was found: 2 bytes a state, by its number in the order of discovery. States are expanded in units of a few parents each; the
 * 16 bits say which parent of its unit, and which choice. Which unit it was follows from the number, as units are in order.
 */
export class PredecessorLog {
  private readonly choiceBits: number;
  private readonly segments: Uint16Array[];
  /** by unit: the number of its first parent, and of the first state that was found from it */
  private readonly firstParents: number[] = [];
  private readonly firstStates: number[] = [];

  /** @param states how many there may become, at most */
  static reserve(states: number): OriginsMemory {
    const count = Math.max(1, Math.ceil(states / statesPerPiece));
    return { segments: Array.from({ length: count }, () => reserveBuffer(2 * statesPerPiece)) };
  }

  constructor(
    readonly memory: OriginsMemory,
    choices: number,
  ) {
    this.choiceBits = 32 - Math.clz32(choices - 1);
    this.segments = memory.segments.map(() => new Uint16Array());
  }

  /** The 16 bits that say how a state was found. */
  encode(parent: number, choice: number): number {
    return (parent << this.choiceBits) | choice;
  }

  /** Makes room for so many states. */
  extend(states: number): void {
    for (let piece = 0; piece * statesPerPiece < states; piece++) {
      growTo(this.memory.segments[piece], 2 * statesPerPiece);
    }
  }

  set(state: number, encode: number): void {
    this.pieceOf(state)[placeOf(state)] = encode;
  }

  /** Begins a unit. */
  beginUnit(firstParent: number, firstState: number): void {
    this.firstParents.push(firstParent);
    this.firstStates.push(firstState);
  }

  /** Which parent of its unit a code stands for. */
  parentIn(encode: number): number {
    return encode >>> this.choiceBits;
  }

  /** The parent and the choice that a code of a unit stands for. */
  decode(firstParent: number, encode: number): { parent: number; choice: number } {
    return { parent: firstParent + this.parentIn(encode), choice: encode & ((1 << this.choiceBits) - 1) };
  }

  /** The numbers of the choices that lead from the initial state, number 0, to state number `state`. */
  pathTo(state: number): number[] {
    const choices: number[] = [];
    for (let n = state; n !== 0; ) {
      const encode = this.pieceOf(n)[placeOf(n)];
      const { parent, choice } = this.decode(this.firstParents[this.unitOf(n)], encode);
      choices.push(choice);
      n = parent;
    }
    return choices.reverse();
  }

  /** How many units were begun. */
  get units(): number {
    return this.firstParents.length;
  }

  /** Visits the origins of so many states, found from so many units. */
  each(states: number, units: number, visit: ArrayVisitor): void {
    this.extend(states);
    for (const list of [this.firstParents, this.firstStates]) {
      const numbers = Float64Array.from({ length: units }, (_, n) => list[n] ?? 0);
      visit(numbers);
      for (let n = list.length; n < units; n++) list.push(numbers[n]);
    }
    for (let first = 0; first < states; first += statesPerPiece) {
      visit(this.pieceOf(first).subarray(0, Math.min(statesPerPiece, states - first)));
    }
  }

  /** Memory for so many states. */
  bytes(states: number): number {
    return 2 * states + 16 * this.firstParents.length;
  }

  private pieceOf(state: number): Uint16Array {
    const n = pieceWith(state);
    const piece = this.segments[n];
    if (piece.length > 0) return piece;
    const grown = new Uint16Array(this.memory.segments[n], 0, statesPerPiece);
    this.segments[n] = grown;
    return grown;
  }

  /** The last unit that begins with this state or before it. */
  private unitOf(state: number): number {
    let low = 0;
    let high = this.firstStates.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.firstStates[middle] <= state) low = middle;
      else high = middle;
    }
    return low;
  }
}
