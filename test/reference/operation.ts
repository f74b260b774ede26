/** The value of a cell: a number, the bits of a bitmap or set, the entries of a queue. Values are never changed. */
export type Value = number | readonly number[];

/** The outcome of an operation: its result, and the new values of the cell and of its operand. */
export interface Outcome {
  readonly result: number;
  readonly value?: Value;
  readonly operand?: Value;
}

/** An operand: a number, or another cell. */
export type Given = number | { readonly value: Value };

/** Something that the rules of the model forbid. */
export class Fault extends Error {}

/** @throws Fault unless a value is from 0 to `size - 1` */
export function within(size: number, value: number): number {
  if (value < 0 || value >= size) throw new Fault('out of range');
  return value;
}
