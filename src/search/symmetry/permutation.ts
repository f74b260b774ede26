import { bitsOf } from '../../cache/access-sets.ts';
import type { Program } from '../../compile/program.ts';
import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cells.ts';
import { ChoiceIds } from '../../model/schedule.ts';
import type { BitField } from '../../model/state-layout.ts';
import { readField } from '../storage/zobrist-hash.ts';
import type { ProcessIdFields, StateFields } from './state-fields.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** One way to let actors of a role change places: a bijection of states, and of choices. */
export class Permutation {
  /** by choice: the choice of the actor that has its place */
  readonly choices: Int32Array;
  /** by actor: the actor whose place it takes */
  readonly actors: readonly number[];
  /** by cell, in the order of `instance.cells`: the cell that it goes to */
  private readonly cells: readonly number[];
  /** by field: the one that it goes to */
  readonly targets: readonly BitField[];
  /** where bits go, four numbers each: the word that they are in, the one that they go to, by how many places to the left, and which bits */
  private readonly moves: Int32Array;
  private readonly numbers: readonly ProcessIdFields[];

  /** @param images by place: the place that it takes */
  constructor(
    private readonly program: Pick<Program, 'instance' | 'events'>,
    private readonly places: SymmetricProcesses,
    fields: StateFields,
    readonly images: readonly number[],
  ) {
    const { instance } = program;
    this.actors = instance.actors.map(({ number }) => {
      const place = places.ofActor(number);
      return place < 0 ? number : places.processes[images[place]];
    });
    const names = instance.cells.map(({ plain }) => plain.name);
    this.cells = names.map((cell) => {
      const { place, name } = places.ownerOf(cell);
      return names.indexOf(places.cellOf(name, images[place] ?? -1));
    });
    this.targets = instance.cells.flatMap(({ plain }, n) => this.targetsOf(plain, n, fields));
    this.moves = this.movesOf(fields);
    this.numbers = fields.numbers;
    this.choices = this.choicesOf();
  }

  /** Writes what a state becomes. */
  apply(state: Int32Array, into: Int32Array): void {
    this.applyToMask(state, into);
    for (const { count, numbers, location, isUsedAt } of this.numbers) {
      if (!isUsedAt[readField(location, into)]) continue;
      const used = count ? readField(count, into) : 1;
      for (let n = 0; n < used; n++) this.renumber(numbers[n], into);
    }
  }

  /** Writes where the bits of whole fields go: for what they say the numbers of actors are not looked at. */
  applyToMask(bits: Int32Array, into: Int32Array): void {
    const { moves } = this;
    into.fill(0);
    for (let n = 0; n < moves.length; n += 4) {
      const moved = bits[moves[n]] & moves[n + 3];
      const to = moves[n + 1];
      const by = moves[n + 2];
      into[to] = into[to] | (by < 0 ? moved >>> -by : moved << by);
    }
  }

  private renumber(slot: BitField, state: Int32Array): void {
    const number = this.actors[readField(slot, state)];
    state[slot.at] = (state[slot.at] & ~bitsOf(slot)) | ((number << slot.shift) & bitsOf(slot));
  }

  private movesOf(fields: StateFields): Int32Array {
    /** by words and distance: which bits */
    const masks = new Map<string, number>();
    const add = (from: number, to: number, by: number, bits: number): void => {
      const key = `${from} ${to} ${by}`;
      masks.set(key, (masks.get(key) ?? 0) | bits);
    };
    for (const [n, slot] of fields.slots.entries()) {
      const target = this.targets[n];
      add(slot.at, target.at, target.shift - slot.shift, bitsOf(slot));
    }
    return Int32Array.from([...masks].flatMap(([key, bits]) => [...key.split(' ').map(Number), bits]));
  }

  /** Where the fields of a cell go: those of one that it takes the place of, or the bits that stand for other actors. */
  private targetsOf(cell: Cell, n: number, fields: StateFields): readonly BitField[] {
    const slots = fields.ofCell(this.cells[n]);
    const map = this.bitsOf(cell);
    return slots.map((_, nth) => slots[map?.[nth] ?? nth]);
  }

  /** Where the bits of a bitmap go, if they stand for actors. Those behind the last stay where they are. */
  private bitsOf(cell: Cell): readonly number[] | undefined {
    const bits = cell instanceof Bitmap ? this.places.bitsOf(cell.name) : undefined;
    return bits && (bits === 'place' ? this.images : this.actors);
  }

  private choicesOf(): Int32Array {
    const { events } = this.program;
    const numbers = new ChoiceIds(events);
    return Int32Array.from({ length: numbers.count }, (_, number) => {
      const { event: id, payload } = numbers.choiceOf(number);
      const event = events[id];
      const image = events.find(
        ({ actor, type, from }) =>
          actor === this.actors[event.actor] &&
          type === event.type &&
          from === (event.from === undefined ? undefined : this.actors[event.from]),
      );
      return numbers.firstOf(image?.id as number) + this.payloadOf(event.field, payload);
    });
  }

  payloadOf(field: string | undefined, payload: number): number {
    return field !== undefined && this.places.spec.payloads.includes(field) ? this.images[payload] : payload;
  }
}

/** All ways in which places of equal kind can be exchanged, the identity first. */
export function enumeratePermutations(kinds: readonly number[]): number[][] {
  const extend = (images: readonly number[]): number[][] => {
    const nth = images.length;
    if (nth === kinds.length) return [[...images]];
    return kinds.flatMap((kind, image) =>
      kind === kinds[nth] && !images.includes(image) ? extend([...images, image]) : [],
    );
  };
  return extend([]);
}
