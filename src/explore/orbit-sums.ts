import { Bitmap } from '../model/bitmap.ts';
import type { Cell } from '../model/cells.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Slot } from '../model/memory.ts';
import { Queue } from '../model/queue.ts';
import { add, fieldIn } from './field-sums.ts';
import type { Places } from './places.ts';
import type { Fields } from './renamed-fields.ts';
import type { Sums } from './sums.ts';

/** Takes a value of a feature of a block, or of the whole where it is -1. */
type Take = (block: number, feature: string, value: number) => void;
/** What one cell tells of a state. */
type Part = (state: Int32Array, take: Take) => void;

/**
 * Sums that renaming does not change, of a system whose actors of a role may change places. Each place has a block: the registers of its
 * actor, its cells of lists, its bits in sets, and wherever the number of its actor stands. What is no place's own is in the whole. So two states
 * have the same whole and the same blocks, in whatever order, if and only if renaming makes one of the other: nothing has to be renamed to find
 * that out. That takes it that nothing stands between two places, as a message from one to another does.
 */
export class OrbitSums implements Sums {
  readonly blocks: number;
  private readonly parts: readonly Part[];
  private readonly features = new Map<string, number>();

  constructor(
    private readonly places: Places,
    private readonly fields: Fields,
  ) {
    this.blocks = places.players.length;
    this.parts = places.instance.cells.map(({ plain }, n) => this.partOf(plain, fields.ofCell(n)));
  }

  /** @throws PrecopyError `NOT_SOUND` where something stands between two places */
  of(state: Int32Array, into: Int32Array, at: number): void {
    const { places, blocks, parts, features } = this;
    into.fill(0, at, at + 2 * (blocks + 1));
    const take: Take = (block, name, value) => {
      const feature = features.get(name) ?? features.size;
      features.set(name, feature);
      add(feature, value, into, at + 2 * (block + 1));
    };
    places.kinds.forEach((kind, block) => {
      take(block, 'kind', kind);
    });
    for (const part of parts) part(state, take);
  }

  private partOf(cell: Cell, slots: readonly Slot[]): Part {
    const { places } = this;
    const { place: owner, name } = places.of(cell.name);
    const value = (nth: number, state: Int32Array): number => fieldIn(slots[nth] as Slot, state);
    /** What belongs to a place belongs to its block, and so may not be in another one. */
    const takeOf = (take: Take, place: number, what: string): void => {
      if (owner >= 0 && owner !== place) throw between(places.instance.design.id, cell.name);
      take(place, what, 1);
    };
    const placeOf = this.placeOfNumbers(cell);
    const takeNumber = (state: Int32Array, take: Take, nth: number): void => {
      const number = value(nth, state);
      const place = placeOf(number, state);
      if (place < 0) take(owner, `${name} ${nth}`, number);
      else takeOf(take, place, `${name} ${nth} names`);
    };
    if (cell instanceof Queue) {
      return (state, take) => {
        const count = value(0, state);
        take(owner, `${name} length`, count);
        for (let nth = 1; nth <= count; nth++) takeNumber(state, take, nth);
      };
    }
    const bits = cell instanceof Bitmap ? places.bitsOf(cell.name) : undefined;
    if (!bits) return (state, take) => takeNumber(state, take, 0);
    const standFor = Array.from({ length: (slots[0] as Slot).width }, (_, bit) =>
      bits === 'place' ? bit : places.ofActor(bit),
    );
    return (state, take) => {
      const all = value(0, state);
      for (const [bit, place] of standFor.entries()) {
        if (((all >>> bit) & 1) === 0) continue;
        if (place < 0) take(owner, `${name} ${bit}`, 1);
        else takeOf(take, place, `${name} has`);
      }
    };
  }

  /** Which place the numbers in a cell name, or -1. */
  private placeOfNumbers(cell: Cell): (number: number, state: Int32Array) => number {
    const { places, fields } = this;
    const numbers = places.numbers.find((one) => one.cell.name === cell.name);
    if (!numbers) return () => -1;
    const [location] = fields.ofCellNamed(numbers.location.name) as [Slot];
    return (number, state) => (numbers.isUsedAt[fieldIn(location, state)] ? places.ofActor(number) : -1);
  }
}

function between(design: string, cell: string): PrecopyError {
  return new PrecopyError(
    'NOT_SOUND',
    `symmetry is not sound for ${design}: ${cell} stands between two actors that may change places`,
    'search without it',
  );
}
