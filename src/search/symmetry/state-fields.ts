import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cells.ts';
import { Queue } from '../../model/queue.ts';
import type { BitField } from '../../model/state-layout.ts';
import type { Permutation } from './permutation.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** The fields of a cell that holds numbers of actors. */
export interface ProcessIdFields {
  /** the name of the cell */
  readonly cell: string;
  /** how many of them are used; of a single number nothing says so */
  readonly count: BitField | undefined;
  readonly numbers: readonly BitField[];
  /** says which state the owner is in, and so whether they mean something */
  readonly location: BitField;
  readonly isUsedAt: readonly boolean[];
}

/** The fields of a state, and the cells that they belong to. */
export class StateFields {
  private readonly names: readonly string[];
  private readonly firstOf: readonly number[];
  private readonly numberOf: ReadonlyMap<BitField, number>;
  readonly numbers: readonly ProcessIdFields[];
  /** by field: those that mean something only together with it */
  private readonly units = new Map<BitField, BitField[]>();

  /** @param slots all fields, in the order of cells */
  constructor(
    { instance: { cells }, numbers }: SymmetricProcesses,
    readonly slots: readonly BitField[],
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
      const [first, ...others] = this.ofCellNamed(cell.name) as [BitField, ...BitField[]];
      const where = this.ofCellNamed(location.name)[0];
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
  ofCell(cell: number): readonly BitField[] {
    return this.slots.slice(this.firstOf[cell], this.firstOf[cell + 1]);
  }

  ofCellNamed(name: string): readonly BitField[] {
    return this.ofCell(this.names.indexOf(name));
  }

  /** Each field, and right behind it those without which it means nothing. */
  withDependents(fields: readonly BitField[]): BitField[] {
    const all = new Set<BitField>();
    for (const slot of fields) {
      all.add(slot);
      for (const other of this.units.get(slot) ?? []) all.add(other);
    }
    return [...all];
  }

  /** Where fields go, in the same order. */
  permute(fields: readonly BitField[], { targets }: Permutation): BitField[] {
    return fields.map((slot) => targets[this.numberOf.get(slot) as number]);
  }
}

/** How many fields a cell has: a queue one for its length and one for each place, a bitmap one for each bit. */
function fieldsOf(cell: Cell): number {
  if (cell instanceof Queue) return 1 + cell.capacity;
  return cell instanceof Bitmap ? cell.bits : 1;
}
