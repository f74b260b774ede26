import { type BitField, maskOf } from './bit-field.ts';
import type { AccessKind, Cell } from './cell.ts';
import { ModelFault } from './errors.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/**
 * A FIFO queue. Unused items are 0, so that equal queues are equal states.
 * @example
 * const isIdle = (requests: Queue): boolean => requests.isEmpty();
 */
export class Queue implements Cell {
  private readonly state: Int32Array;
  private readonly lengthField: BitField;
  private readonly itemFields: readonly BitField[];
  constructor(
    state: Int32Array,
    readonly name: string,
    /** exclusive upper bound of the values */
    readonly bound: number,
    length: BitField,
    items: readonly BitField[],
    /** texts that `show` prints instead of values */
    readonly names?: readonly string[],
  ) {
    this.state = state;
    this.lengthField = length;
    this.itemFields = items;
  }

  /** maximum number of values */
  get capacity(): number {
    return this.itemFields.length;
  }

  /** One load. Returns the number of values. */
  count(): number {
    return this.read(this.lengthField);
  }

  /** One load. Returns whether there is no value. */
  isEmpty(): boolean {
    return this.count() === 0;
  }

  /** One load. Returns whether a value is in the queue. */
  has(value: number): boolean {
    this.check(value);
    const length = this.count();
    for (let n = 0; n < length; n++) if (this.read(this.itemFields[n]) === value) return true;
    return false;
  }

  /**
   * Appends a value, atomically.
   * @throws ModelFault if the queue is full, or the value out of range
   */
  push(value: number): void {
    const length = this.count();
    const field = this.itemFields[length];
    if (field === undefined) throw new ModelFault(`${this.name} is full: it holds ${this.itemFields.length}`);
    this.check(value);
    this.write(field, value);
    this.write(this.lengthField, length + 1);
  }

  /**
   * One load. Returns the oldest value.
   * @throws ModelFault if the queue is empty
   */
  peek(): number {
    if (this.isEmpty()) throw new ModelFault(`${this.name} is empty`);
    return this.read(this.itemFields[0]);
  }

  /**
   * One load. Returns the nth oldest value, from 0.
   * @throws ModelFault if there are fewer values
   */
  at(n: number): number {
    if (!isIndexUpTo(this.count() - 1, n)) throw new ModelFault(`${this.name} has no value at ${describeValue(n)}`);
    return this.read(this.itemFields[n]);
  }

  /**
   * Removes and returns the oldest value, atomically.
   * @throws ModelFault if the queue is empty
   */
  shift(): number {
    const length = this.count();
    if (length === 0) throw new ModelFault(`${this.name} is empty`);
    const oldest = this.read(this.itemFields[0]);
    for (let n = 1; n < length; n++) {
      this.copy(this.itemFields[n], this.itemFields[n - 1]);
    }
    this.write(this.itemFields[length - 1], 0);
    this.write(this.lengthField, length - 1);
    return oldest;
  }

  /** One load. Returns the values as a trace prints them, the oldest first. */
  show(): string {
    return `[${this.itemFields
      .slice(0, this.count())
      .map((field) => this.names?.[this.read(field)] ?? this.read(field))
      .join(' ')}]`;
  }

  /** Removes all values. */
  reset(): void {
    while (!this.isEmpty()) this.shift();
  }

  /** @hidden */
  get kinds(): Readonly<Record<string, AccessKind>> {
    return queueKinds;
  }

  private check(value: number): void {
    if (!isIndexUpTo(this.bound - 1, value))
      throw new ModelFault(`${this.name} holds 0 to ${this.bound - 1}, not ${describeValue(value)}`);
  }

  protected copy(from: BitField, to: BitField): void {
    this.write(to, this.read(from));
  }

  protected read(field: BitField): number {
    return ((this.state[field.at] >>> field.shift) & maskOf(field)) >>> 0;
  }

  protected write(field: BitField, value: number): void {
    this.state[field.at] = (this.state[field.at] & ~(maskOf(field) << field.shift)) | (value << field.shift);
  }
}

const queueKinds = {
  count: 'load',
  isEmpty: 'load',
  has: 'load',
  peek: 'load',
  at: 'load',
  push: 'rmw',
  shift: 'rmw',
} as const satisfies Record<string, AccessKind>;
