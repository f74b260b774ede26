import { Bitmap } from '../model/bitmap.ts';
import type { Cell } from '../model/cells.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Slot } from '../model/memory.ts';
import { Queue } from '../model/queue.ts';
import { add, fieldIn } from './field-sums.ts';
import type { Places } from './places.ts';
import type { Fields } from './renamed-fields.ts';
import type { Sums } from './sums.ts';

/** Takes a value of a feature, by its number, of a block, or of the whole where that is -1. */
type Take = (block: number, feature: number, value: number) => void;
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
  /** the numbers of features: they are the same in all threads, and when a search goes on */
  private readonly features = new Map<string, number>();
  private readonly kind: number;

  constructor(
    private readonly places: Places,
    private readonly fields: Fields,
  ) {
    this.blocks = places.players.length;
    this.kind = this.feature('kind');
    this.parts = places.instance.cells.map(({ plain }, n) => this.partOf(plain, fields.ofCell(n)));
  }

  /** @throws PrecopyError `NOT_SOUND` where something stands between two places */
  of(state: Int32Array, into: Int32Array, at: number): void {
    const { places, blocks, parts } = this;
    into.fill(0, at, at + 2 * (blocks + 1));
    const take: Take = (block, feature, value) => add(feature, value, into, at + 2 * (block + 1));
    for (let block = 0; block < blocks; block++) take(block, this.kind, places.kinds[block] as number);
    for (let part = 0; part < parts.length; part++) (parts[part] as Part)(state, take);
  }

  private feature(name: string): number {
    const number = this.features.get(name) ?? this.features.size;
    this.features.set(name, number);
    return number;
  }

  private partOf(cell: Cell, slots: readonly Slot[]): Part {
    const { places } = this;
    const { place: owner, name } = places.of(cell.name);
    const values = slots.map((_, nth) => this.feature(`${name} ${nth}`));
    const names = slots.map((_, nth) => this.feature(`${name} ${nth} names`));
    /** What belongs to a place belongs to its block, and so may not be in another one. */
    const takeOf = (take: Take, place: number, feature: number): void => {
      if (owner >= 0 && owner !== place) throw between(places.instance.design.id, cell.name);
      take(place, feature, 1);
    };
    const bits = cell instanceof Bitmap ? places.bitsOf(cell.name) : undefined;
    if (bits) {
      const standFor = Array.from({ length: (slots[0] as Slot).width }, (_, bit) => {
        const isPlace = bits === 'place' && bit < this.blocks;
        const place = isPlace ? bit : bits === 'place' ? -1 : places.ofActor(bit);
        return { place, feature: place < 0 ? this.feature(`${name} has ${bit}`) : (names[0] as number) };
      });
      return (state, take) => {
        let all = fieldIn(slots[0] as Slot, state);
        for (; all !== 0; all &= all - 1) {
          const { place, feature } = standFor[31 - Math.clz32(all & -all)] as (typeof standFor)[0];
          if (place < 0) take(owner, feature, 1);
          else takeOf(take, place, feature);
        }
      };
    }
    const placeOf = this.placeOfNumbers(cell);
    const takeNumber = (state: Int32Array, take: Take, nth: number): void => {
      const number = fieldIn(slots[nth] as Slot, state);
      const place = placeOf(number, state);
      if (place < 0) take(owner, values[nth] as number, number);
      else takeOf(take, place, names[nth] as number);
    };
    if (!(cell instanceof Queue)) return (state, take) => takeNumber(state, take, 0);
    return (state, take) => {
      const count = fieldIn(slots[0] as Slot, state);
      take(owner, values[0] as number, count);
      for (let nth = 1; nth <= count; nth++) takeNumber(state, take, nth);
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
