import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cell.ts';
import { Queue } from '../../model/queue.ts';
import type { BitField } from '../../model/state-layout.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** The fields of a cell that holds actor ids. */
export interface ProcessIdFields {
  /** name of the cell */
  readonly cell: string;
  /** the length of a queue */
  readonly count: BitField | undefined;
  readonly ids: readonly BitField[];
  /** the state of the owner's machine */
  readonly location: BitField;
  /** by location: whether the ids are meaningful */
  readonly isUsedAt: readonly boolean[];
}

/** The fields of the state vector, by cell. */
export class StateFields {
  readonly idFields: readonly ProcessIdFields[];
  private readonly cellNames: readonly string[];
  /** by cell: index of its first field; one more at the end */
  private readonly firstField: readonly number[];
  private readonly indexOf: ReadonlyMap<BitField, number>;
  /** by field: the fields without which its value cannot be permuted */
  private readonly dependents = new Map<BitField, BitField[]>();

  /** @param all all fields, in the order of the cells */
  constructor(
    { instance: { cells }, idCells }: SymmetricProcesses,
    readonly all: readonly BitField[],
  ) {
    this.cellNames = cells.map(({ plain }) => plain.name);
    const firstField = [0];
    for (const [n, { plain }] of cells.entries()) firstField.push(firstField[n] + fieldCount(plain));
    this.firstField = firstField;
    this.indexOf = new Map(all.map((field, n) => [field, n]));
    this.idFields = idCells.map(({ cell, location, isUsedAt }) => {
      const fields = this.ofCellNamed(cell.name);
      const [count, ids] = cell instanceof Queue ? [fields[0], fields.slice(1)] : [undefined, fields.slice(0, 1)];
      return { cell: cell.name, count, ids, location: this.ofCellNamed(location.name)[0], isUsedAt };
    });
    for (const { count, ids, location } of this.idFields) {
      const group = [...(count ? [count] : []), ...ids, location];
      for (const field of group) this.dependents.set(field, [...(this.dependents.get(field) ?? []), ...group]);
    }
  }

  /** Returns the fields of the nth cell of the instance. */
  ofCell(n: number): readonly BitField[] {
    return this.all.slice(this.firstField[n], this.firstField[n + 1]);
  }

  /** Returns the fields, each followed by those without which its value cannot be permuted. */
  withDependents(fields: readonly BitField[]): BitField[] {
    const closed = new Set<BitField>();
    for (const field of fields) {
      closed.add(field);
      for (const dependent of this.dependents.get(field) ?? []) closed.add(dependent);
    }
    return [...closed];
  }

  /** Returns the images of fields. `targets` are the images of all fields. */
  permute(fields: readonly BitField[], targets: readonly BitField[]): BitField[] {
    return fields.map((field) => targets[this.indexOf.get(field) as number]);
  }

  private ofCellNamed(name: string): readonly BitField[] {
    return this.ofCell(this.cellNames.indexOf(name));
  }
}

/**
 * Returns the number of fields of a cell: a queue has one for its length and one for each entry, a bitmap one for each
 * bit.
 */
function fieldCount(cell: Cell): number {
  if (cell instanceof Queue) return 1 + cell.capacity;
  return cell instanceof Bitmap ? cell.bits : 1;
}
