import type { Program } from '../compile/program.ts';
import type { Twin } from '../compile/twin.ts';
import type { Slot } from '../model/memory.ts';
import { Queue } from '../model/queue.ts';
import type { SymmetrySpec } from '../model/symmetry.ts';
import { numberCellsOf, type Renaming } from './renaming.ts';

/** The fields of a state by number, and the cells that they belong to. */
export class Fields {
  private readonly slots: readonly Slot[];
  private readonly cellOf: readonly number[];
  private readonly firstOf: readonly number[];
  private readonly byPlace = new Map<string, number>();
  /** by field: those that mean something only together with it */
  private readonly units = new Map<number, Set<number>>();

  constructor(program: Program, twin: Twin, spec: SymmetrySpec) {
    const { cells, actors } = program.instance;
    this.slots = twin.layout.fields;
    const firstOf: number[] = [];
    let count = 0;
    for (const { plain } of cells) {
      firstOf.push(count);
      count += plain instanceof Queue ? 1 + plain.capacity : 1;
    }
    this.firstOf = firstOf;
    this.cellOf = firstOf.flatMap((first, cell) =>
      Array.from({ length: (firstOf[cell + 1] ?? count) - first }, () => cell),
    );
    this.slots.forEach((slot, n) => {
      if (slot.width > 0) this.byPlace.set(placeOf(slot), n);
    });
    for (const { cell } of numberCellsOf(program, spec)) {
      const owner = actors.find(({ name }) => name === cell.name.split('.')[0]);
      const parts = [
        cells.findIndex(({ plain }) => plain === cell),
        cells.findIndex(({ plain }) => plain === owner?.location),
      ];
      const unit = new Set(parts.flatMap((part) => this.cellOf.flatMap((one, field) => (one === part ? [field] : []))));
      for (const field of unit) this.units.set(field, new Set([...unit, ...(this.units.get(field) ?? [])]));
    }
  }

  of(read: readonly Slot[]): number[] {
    return read.flatMap((slot) => (slot.width > 0 ? (this.byPlace.get(placeOf(slot)) ?? []) : []));
  }

  /** Fields that a change of words touches. */
  within(writes: Int32Array): number[] {
    return this.slots.flatMap(({ at, shift, width }, field) => {
      const mask = (width === 32 ? -1 : (1 << width) - 1) << shift;
      for (let n = 0; n < writes.length; n += 3) {
        if (width > 0 && writes[n] === at && (~(writes[n + 1] as number) & mask) !== 0) return [field];
      }
      return [];
    });
  }

  /** With all that means something only together with one of them, behind them. */
  closed(fields: readonly number[]): Set<number> {
    return new Set([...fields, ...fields.flatMap((field) => [...(this.units.get(field) ?? [])])]);
  }

  /** Those that do not mean something by themselves. */
  inUnits(fields: ReadonlySet<number>): number[] {
    return [...fields].filter((field) => this.units.has(field));
  }

  renamed(fields: ReadonlySet<number>, { cells }: Renaming): Set<number> {
    return new Set(
      [...fields].map((field) => {
        const cell = this.cellOf[field] as number;
        return (this.firstOf[cells[cell] as number] as number) + field - (this.firstOf[cell] as number);
      }),
    );
  }

  /** The places of fields, in the same order. */
  slotsOf(fields: ReadonlySet<number>): Slot[] {
    return [...fields].map((field) => this.slots[field] as Slot);
  }
}

const placeOf = ({ at, shift }: Slot): string => `${at}:${shift}`;
