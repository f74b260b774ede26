import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cells.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { BitField } from '../../model/state-layout.ts';
import type { AdditiveHash } from '../storage/additive-hash.ts';
import { addFeature, readField } from '../storage/zobrist-hash.ts';
import type { StateFields } from './state-fields.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** Adds something to the sums of a state, which begin at a place. */
type HashTerm = (state: Int32Array, into: Int32Array, at: number) => void;

/**
 * Sums that renaming does not change, of a system whose actors of a role may change places. Each place has a block: the registers of its
 * actor, its cells of lists, its bits in sets, and wherever the number of its actor stands. What is no place's own is in the whole. So two states
 * have the same whole and the same blocks, in whatever order, if and only if renaming makes one of the other: nothing has to be renamed to find
 * that out. That takes it that nothing stands between two places, as a message from one to another does.
 */
export class OrbitHash implements AdditiveHash {
  readonly blocks: number;
  /** fields that are values: where they are, which feature they are of, and which block they belong to, or -1 */
  private readonly values: { readonly slot: BitField; readonly feature: number; readonly owner: number }[] = [];
  /** what has numbers of actors, or bits that stand for them */
  private readonly parts: readonly HashTerm[];
  /** the numbers of features: they are the same in all threads, and when a search goes on */
  private readonly features = new Map<string, number>();
  private readonly kind: number;

  constructor(
    private readonly places: SymmetricProcesses,
    private readonly fields: StateFields,
  ) {
    this.blocks = places.processes.length;
    this.kind = this.feature('kind');
    this.parts = places.instance.cells.flatMap(({ plain }, n) => this.partsOf(plain, fields.ofCell(n)));
  }

  /** @throws PrecopyError `NOT_SOUND` where something stands between two places */
  accumulate(state: Int32Array, into: Int32Array, at: number): void {
    const { places, blocks, values, parts } = this;
    into.fill(0, at, at + 2 * (blocks + 1));
    for (let block = 0; block < blocks; block++) addFeature(this.kind, places.kinds[block], into, sumsOf(block, at));
    for (let n = 0; n < values.length; n++) {
      const { slot, feature, owner } = values[n];
      addFeature(feature, readField(slot, state), into, sumsOf(owner, at));
    }
    for (let part = 0; part < parts.length; part++) parts[part](state, into, at);
  }

  private feature(name: string): number {
    const number = this.features.get(name) ?? this.features.size;
    this.features.set(name, number);
    return number;
  }

  private partsOf(cell: Cell, slots: readonly BitField[]): HashTerm[] {
    const { places } = this;
    const { place: owner, name } = places.ownerOf(cell.name);
    const bits = cell instanceof Bitmap ? places.bitsOf(cell.name) : undefined;
    if (bits) return slots.map((slot, bit) => this.partOfBit(cell, bits, slot, bit));
    const values = slots.map((_, nth) => this.feature(`${name} ${nth}`));
    const numbers = this.fields.numbers.find((one) => one.cell === cell.name);
    const isNumber = (slot: BitField): boolean => numbers?.numbers.includes(slot) ?? false;
    for (const [nth, slot] of slots.entries()) {
      if (slot.width > 0 && !isNumber(slot)) this.values.push({ slot, feature: values[nth], owner });
    }
    if (!numbers) return [];
    const { count, location, isUsedAt } = numbers;
    const names = slots.map((_, nth) => this.feature(`${name} ${nth} names`));
    return [
      (state, into, at) => {
        const isUsed = isUsedAt[readField(location, state)];
        const used = count ? readField(count, state) : 1;
        const first = count ? 1 : 0;
        for (let nth = first; nth < first + used; nth++) {
          const number = readField(slots[nth], state);
          const place = isUsed ? places.ofActor(number) : -1;
          if (place < 0) addFeature(values[nth], number, into, sumsOf(owner, at));
          else this.addOwn(cell, owner, place, names[nth], into, at);
        }
      },
    ];
  }

  private partOfBit(cell: Cell, bits: 'place' | 'actor', slot: BitField, bit: number): HashTerm {
    const { places } = this;
    const { place: owner, name } = places.ownerOf(cell.name);
    const place = bits === 'actor' ? places.ofActor(bit) : bit < this.blocks ? bit : -1;
    const feature = this.feature(place < 0 ? `${name} has ${bit}` : `${name} names`);
    return (state, into, at) => {
      if (readField(slot, state) === 0) return;
      if (place < 0) addFeature(feature, 1, into, sumsOf(owner, at));
      else this.addOwn(cell, owner, place, feature, into, at);
    };
  }

  /** Adds what belongs to a place to its block: so it may not be in another one. */
  private addOwn(cell: Cell, owner: number, place: number, feature: number, into: Int32Array, at: number): void {
    if (owner >= 0 && owner !== place) throw crossReferenceError(this.places.instance.design.id, cell.name);
    addFeature(feature, 1, into, sumsOf(place, at));
  }
}

/** Where the sums of a block are, or of the whole where that is -1. */
const sumsOf = (block: number, at: number): number => at + 2 * (block + 1);

function crossReferenceError(design: string, cell: string): PrecopyError {
  return new PrecopyError(
    'NOT_SOUND',
    `symmetry is not sound for ${design}: ${cell} stands between two actors that may change places`,
    'search without it',
  );
}
