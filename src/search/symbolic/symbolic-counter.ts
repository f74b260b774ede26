import type { BitField } from '../../model/bit-field.ts';
import { Counter } from '../../model/counter.ts';
import type { SymbolicState } from './symbolic-state.ts';

/** A number in a symbolic state. To read it decides all its bits. */
export class SymbolicCounter extends Counter {
  private readonly symbols: SymbolicState;
  private readonly field: BitField;

  constructor(
    state: Int32Array,
    field: BitField,
    name: string,
    max: number,
    initial: number,
    names?: readonly string[],
  ) {
    super(state, field, name, max, initial, names);
    this.symbols = state as unknown as SymbolicState;
    this.field = field;
  }

  /** the bits of the number, the lowest first */
  get bitIndices(): number[] {
    return Array.from({ length: this.field.width }, (_, bit) => this.field.at + bit);
  }

  override get(): number {
    return readNumber(this.symbols, this.field);
  }

  /** Decides no more than whether the value is marked. */
  override isAmong(marked: Uint8Array): boolean {
    const { symbols, field } = this;
    let isMarked = 0;
    for (let value = 0; value < marked.length; value++) {
      if (marked[value] === 1) isMarked = symbols.or(isMarked, isNumber(symbols, field, value));
    }
    return symbols.decide(isMarked, marked[valueIn(symbols, field)] === 1);
  }

  override set(value: number): void {
    this.check(value);
    writeNumber(this.symbols, this.field, value);
  }
}

/** Returns the value of a field, which decides it. */
export function readNumber(symbols: SymbolicState, { at, width }: BitField): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) value |= symbols.decideBit(at + bit) << bit;
  return value >>> 0;
}

export function writeNumber(symbols: SymbolicState, { at, width }: BitField, value: number): void {
  for (let bit = 0; bit < width; bit++) symbols.assignConstant(at + bit, (value >>> bit) & 1);
}

/** Returns the value of a field in the state of the run, and decides nothing. */
function valueIn(symbols: SymbolicState, { at, width }: BitField): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) value |= symbols.values[at + bit] << bit;
  return value;
}

/** Returns the function that is true where a field has this value. */
function isNumber(symbols: SymbolicState, { at, width }: BitField, value: number): number {
  let equal = 1;
  for (let bit = width - 1; bit >= 0; bit--) {
    const condition = symbols.functions[at + bit];
    equal = ((value >>> bit) & 1) === 1 ? symbols.and(equal, condition) : symbols.andNot(equal, condition);
  }
  return equal;
}
