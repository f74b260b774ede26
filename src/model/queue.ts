import type { AccessKind, Cell } from './cells.ts';
import { ModelFault } from './errors.ts';
import type { BitField } from './state-layout.ts';

/** First in, first out. Unused places hold 0, so that equal queues are equal states. */
export class Queue implements Cell {
  private readonly state: Int32Array;
  private readonly lengthSlot: BitField;
  private readonly itemSlots: readonly BitField[];
  constructor(
    state: Int32Array,
    readonly name: string,
    /** values are below this */
    readonly size: number,
    length: BitField,
    items: readonly BitField[],
    /** what to show in place of values */
    private readonly names?: readonly string[],
  ) {
    this.state = state;
    this.lengthSlot = length;
    this.itemSlots = items;
  }

  /** How many values there can be. */
  get capacity(): number {
    return this.itemSlots.length;
  }

  /** How many values there are. */
  count(): number {
    return this.read(this.lengthSlot);
  }

  isEmpty(): boolean {
    return this.count() === 0;
  }

  has(value: number): boolean {
    const length = this.count();
    for (let place = 0; place < length; place++) if (this.read(this.itemSlots[place]) === value) return true;
    return false;
  }

  push(value: number): void {
    const length = this.count();
    const slot = this.itemSlots[length];
    if (slot === undefined) throw new ModelFault(`${this.name} is full: it holds ${this.itemSlots.length}`);
    if (!(value >= 0 && value < this.size))
      throw new ModelFault(`${this.name} holds 0 to ${this.size - 1}, not ${value}`);
    this.write(slot, value);
    this.write(this.lengthSlot, length + 1);
  }

  /** The oldest value. */
  peek(): number {
    if (this.isEmpty()) throw new ModelFault(`${this.name} is empty`);
    return this.read(this.itemSlots[0]);
  }

  /** The value that has `place` older ones before it. */
  at(place: number): number {
    if (!(place >= 0 && place < this.count())) throw new ModelFault(`${this.name} has no value at ${place}`);
    return this.read(this.itemSlots[place]);
  }

  /** Takes the oldest value out. */
  shift(): number {
    const length = this.count();
    if (length === 0) throw new ModelFault(`${this.name} is empty`);
    const oldest = this.read(this.itemSlots[0]);
    for (let place = 1; place < length; place++) {
      this.write(this.itemSlots[place - 1], this.read(this.itemSlots[place]));
    }
    this.write(this.itemSlots[length - 1], 0);
    this.write(this.lengthSlot, length - 1);
    return oldest;
  }

  show(): string {
    return `[${this.itemSlots
      .slice(0, this.count())
      .map((slot) => this.names?.[this.read(slot)] ?? this.read(slot))
      .join(' ')}]`;
  }

  reset(): void {
    while (!this.isEmpty()) this.shift();
  }

  get kinds(): Readonly<Record<string, AccessKind>> {
    return queueKinds;
  }

  private read(slot: BitField): number {
    return (this.state[slot.at] >>> slot.shift) & (slot.width === 32 ? -1 : (1 << slot.width) - 1);
  }

  private write(slot: BitField, value: number): void {
    const mask = slot.width === 32 ? -1 : (1 << slot.width) - 1;
    this.state[slot.at] = (this.state[slot.at] & ~(mask << slot.shift)) | (value << slot.shift);
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
