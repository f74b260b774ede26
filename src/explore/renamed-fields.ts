import { Bitmap } from '../model/bitmap.ts';
import type { Cell } from '../model/cells.ts';
import type { Slot } from '../model/memory.ts';
import { Queue } from '../model/queue.ts';
import type { Places } from './places.ts';
import type { Renaming } from './renaming.ts';

/** The fields of a cell that holds numbers of actors. */
export interface NumberFields {
  /** the name of the cell */
  readonly cell: string;
  /** how many of them are used; of a single number nothing says so */
  readonly count: Slot | undefined;
  readonly numbers: readonly Slot[];
  /** says which state the owner is in, and so whether they mean something */
  readonly location: Slot;
  readonly isUsedAt: readonly boolean[];
}

/** The fields of a state, and the cells that they belong to. */
export class Fields {
  private readonly names: readonly string[];
  private readonly firstOf: readonly number[];
  private readonly numberOf: ReadonlyMap<Slot, number>;
  readonly numbers: readonly NumberFields[];
  /** by field: those that mean something only together with it */
  private readonly units = new Map<Slot, Slot[]>();

  /** @param slots all fields, in the order of cells */
  constructor(
    { instance: { cells }, numbers }: Places,
    readonly slots: readonly Slot[],
  ) {
    this.names = cells.map(({ plain }) => plain.name);
    const firstOf: number[] = [];
    let count = 0;
    for (const { plain } of cells) {
      firstOf.push(count);
      count += fieldsOf(plain);
    }
    this.firstOf = [...firstOf, count];
    this.numberOf = new Map(slots.map((slot, n) => [slot, n]));
    this.numbers = numbers.map(({ cell, location, isUsedAt }) => {
      const [first, ...others] = this.ofCellNamed(cell.name) as [Slot, ...Slot[]];
      const where = this.ofCellNamed(location.name)[0] as Slot;
      return cell instanceof Queue
        ? { cell: cell.name, count: first, numbers: others, location: where, isUsedAt }
        : { cell: cell.name, count: undefined, numbers: [first], location: where, isUsedAt };
    });
    for (const { count, numbers, location } of this.numbers) {
      const unit = [...(count ? [count] : []), ...numbers, location];
      for (const slot of unit) this.units.set(slot, [...(this.units.get(slot) ?? []), ...unit]);
    }
  }

  /** The fields of a cell, by its number in `instance.cells`. */
  ofCell(cell: number): readonly Slot[] {
    return this.slots.slice(this.firstOf[cell], this.firstOf[cell + 1]);
  }

  ofCellNamed(name: string): readonly Slot[] {
    return this.ofCell(this.names.indexOf(name));
  }

  /** Each field, and right behind it those without which it means nothing. */
  closed(fields: readonly Slot[]): Slot[] {
    const all = new Set<Slot>();
    for (const slot of fields) {
      all.add(slot);
      for (const other of this.units.get(slot) ?? []) all.add(other);
    }
    return [...all];
  }

  /** Where fields go, in the same order. */
  renamed(fields: readonly Slot[], { targets }: Renaming): Slot[] {
    return fields.map((slot) => targets[this.numberOf.get(slot) as number] as Slot);
  }
}

/** How many fields a cell has: a queue one for its length and one for each place, a bitmap one for each bit. */
function fieldsOf(cell: Cell): number {
  if (cell instanceof Queue) return 1 + cell.capacity;
  return cell instanceof Bitmap ? cell.bits : 1;
}
