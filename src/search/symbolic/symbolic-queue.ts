import type { BitField } from '../../model/bit-field.ts';
import { Queue } from '../../model/queue.ts';
import { readNumber, writeNumber } from './symbolic-counter.ts';
import type { SymbolicState } from './symbolic-state.ts';

/** A queue in a symbolic state. Its length and what is read of it are decided; what only moves up is not. */
export class SymbolicQueue extends Queue {
  private readonly symbols: SymbolicState;
  /** the bits of the queue */
  readonly bitIndices: readonly number[];

  constructor(
    state: Int32Array,
    name: string,
    bound: number,
    length: BitField,
    items: readonly BitField[],
    names?: readonly string[],
  ) {
    super(state, name, bound, length, items, names);
    this.symbols = state as unknown as SymbolicState;
    this.bitIndices = [length, ...items].flatMap(({ at, width }) =>
      Array.from({ length: width }, (_, bit) => at + bit),
    );
  }

  protected override read(field: BitField): number {
    return readNumber(this.symbols, field);
  }

  protected override write(field: BitField, value: number): void {
    writeNumber(this.symbols, field, value);
  }

  protected override copy(from: BitField, to: BitField): void {
    for (let bit = 0; bit < from.width; bit++) this.symbols.copy(from.at + bit, to.at + bit);
  }
}
