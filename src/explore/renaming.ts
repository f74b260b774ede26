import type { Program } from '../compile/program.ts';
import type { Bitmap } from '../model/bitmap.ts';
import { Bit, type Cell, Counter } from '../model/cells.ts';
import { Queue } from '../model/queue.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import type { Places } from './places.ts';

/** One way to let actors of a role change places: a bijection of states, and of choices. */
export class Renaming {
  /** by choice: the choice of the actor that has its place */
  readonly choices: Int32Array;
  /** by actor: the actor whose place it takes */
  readonly actors: readonly number[];
  /** by cell, in the order of `instance.cells`: the cell that it goes to */
  readonly cells: readonly number[];
  private readonly changes: readonly Change[];
  private readonly values: Int32Array;

  /** @param images by place: the place that it takes */
  constructor(
    private readonly program: Pick<Program, 'instance' | 'events'>,
    private readonly places: Places,
    readonly images: readonly number[],
  ) {
    const { instance } = program;
    this.actors = instance.actors.map(({ number }) => {
      const place = places.ofActor(number);
      return place < 0 ? number : (places.players[images[place] as number] as number);
    });
    const names = instance.cells.map(({ plain }) => plain.name);
    this.cells = names.map((cell) => {
      const { place, name } = places.of(cell);
      return names.indexOf(places.named(name, images[place] ?? -1));
    });
    this.changes = instance.cells.flatMap(({ plain }, n) => this.changeOf(plain, n));
    this.values = new Int32Array(this.changes.length);
    this.choices = this.choicesOf();
  }

  /** Renames in the current state of the program. */
  apply(): void {
    const { changes, values } = this;
    for (let n = 0; n < changes.length; n++) values[n] = (changes[n] as Change).value();
    for (let n = 0; n < changes.length; n++) (changes[n] as Change).put(values[n] as number);
    for (const { cell, location, isUsedAt } of this.places.numbers) {
      if (isUsedAt[location.get()]) renumber(cell, this.actors);
    }
  }

  private changeOf(cell: Cell, n: number): Change[] {
    const target = this.program.instance.cells[this.cells[n] as number]?.plain as Cell;
    if (cell instanceof Queue) return [];
    if (cell instanceof Counter || cell instanceof Bit) {
      return target === cell
        ? []
        : [{ value: () => Number(cell.get()), put: (value) => target !== cell && setTo(target, value) }];
    }
    const map = this.bitsOf(cell as Bitmap);
    if (target === cell && map === undefined) return [];
    return [
      {
        value: () => (map ? mapBits((cell as Bitmap).all as number, map) : ((cell as Bitmap).all as number)),
        put: (value) => setTo(target, value),
      },
    ];
  }

  /** Where the bits of a bitmap go, if they stand for actors. */
  private bitsOf({ name }: Bitmap): readonly number[] | undefined {
    const bits = this.places.bitsOf(name);
    return bits && (bits === 'place' ? this.images : this.actors);
  }

  private choicesOf(): Int32Array {
    const { events } = this.program;
    const numbers = new ChoiceNumbers(events);
    return Int32Array.from({ length: numbers.count }, (_, number) => {
      const { event: id, payload } = numbers.choiceOf(number);
      const event = events[id] as (typeof events)[number];
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
    return field !== undefined && this.places.spec.payloads.includes(field)
      ? (this.images[payload] as number)
      : payload;
  }
}

interface Change {
  value(): number;
  put(value: number): void;
}

/** Renames the numbers of actors in a cell. */
function renumber(cell: Counter | Queue, actors: readonly number[]): void {
  if (cell instanceof Counter) cell.set(actors[cell.get()] as number);
  else for (let left = cell.count(); left > 0; left--) cell.push(actors[cell.shift()] as number);
}

/** Bits behind those of the map stay where they are. */
function mapBits(bits: number, map: readonly number[]): number {
  let mapped = map.length < 32 ? bits & (-1 << map.length) : 0;
  for (let n = 0; n < map.length; n++) if ((bits & (1 << n)) !== 0) mapped |= 1 << (map[n] as number);
  return mapped;
}

function setTo(cell: Cell, value: number): void {
  if (cell instanceof Counter) cell.set(value);
  else if (cell instanceof Bit) cell.set(value !== 0);
  else (cell as Bitmap).copyFrom({ all: value } as Bitmap);
}

/** All ways in which places of equal kind can be exchanged, the identity first. */
export function permutationsOf(kinds: readonly number[]): number[][] {
  const extend = (images: readonly number[]): number[][] => {
    const nth = images.length;
    if (nth === kinds.length) return [[...images]];
    return kinds.flatMap((kind, image) =>
      kind === kinds[nth] && !images.includes(image) ? extend([...images, image]) : [],
    );
  };
  return extend([]);
}
