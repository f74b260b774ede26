import type { Program } from '../compile/program.ts';
import type { Bitmap } from '../model/bitmap.ts';
import { Bit, type Cell, Counter } from '../model/cells.ts';
import { Queue } from '../model/queue.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import type { SymmetrySpec } from '../model/symmetry.ts';

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

  /** @param images by place in the role: the place that it takes */
  constructor(
    private readonly program: Program,
    private readonly spec: SymmetrySpec,
    readonly images: readonly number[],
  ) {
    const { instance } = program;
    const players = instance.actors.filter(({ role }) => role === spec.role).map(({ number }) => number);
    this.actors = instance.actors.map(({ number }) => {
      const nth = players.indexOf(number);
      return nth < 0 ? number : (players[images[nth] as number] as number);
    });
    const names = instance.cells.map(({ plain }) => plain.name);
    this.cells = names.map((name) => names.indexOf(this.imageOf(name)));
    this.changes = instance.cells.flatMap(({ plain }, n) => this.changeOf(plain, n));
    this.values = new Int32Array(this.changes.length);
    this.choices = this.choicesOf();
  }

  /** Renames in the current state of the program. */
  apply(): void {
    this.moveCells();
    for (const { cell, isUsed } of this.numbers) if (isUsed()) renumber(cell, this.actors);
  }

  /** What does not depend on the state: cells and bits that change places. */
  moveCells(): void {
    const { changes, values } = this;
    for (let n = 0; n < changes.length; n++) values[n] = (changes[n] as Change).value();
    for (let n = 0; n < changes.length; n++) (changes[n] as Change).put(values[n] as number);
  }

  /** Cells that hold numbers of actors, and whether they mean something in the current state. */
  private get numbers(): readonly NumberCell[] {
    this.numberCells ??= numberCellsOf(this.program, this.spec);
    return this.numberCells;
  }
  private numberCells: readonly NumberCell[] | undefined;

  /** The name of the cell that a cell goes to. */
  private imageOf(name: string): string {
    const { spec, program } = this;
    const [, list = '', nth = ''] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    if (spec.byNth.includes(list)) return `${list}[${this.images[Number(nth)] ?? nth}]`;
    const [actor = '', ...rest] = name.split('.');
    const number = program.actors.indexOf(actor);
    if (number < 0) return name;
    return [program.actors[this.actors[number] as number], ...rest].join('.');
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
    if (this.spec.byNth.includes(name)) return this.images;
    return this.spec.byActor.includes(name) || name.includes('.mailbox.') ? this.actors : undefined;
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
    return field !== undefined && this.spec.payloads.includes(field) ? (this.images[payload] as number) : payload;
  }
}

interface Change {
  value(): number;
  put(value: number): void;
}

interface NumberCell {
  readonly cell: Counter | Queue;
  readonly isUsed: () => boolean;
}

/** Cells with numbers of actors. Their meaning depends on the state of their owner. */
export function numberCellsOf({ instance }: Program, { numbers }: SymmetrySpec): NumberCell[] {
  return instance.cells.flatMap(({ plain }): NumberCell[] => {
    const unused = numbers[plain.name];
    const owner = instance.actors.find(({ name }) => name === plain.name.split('.')[0]);
    if (unused === undefined || owner === undefined) return [];
    const { location, leaves } = owner;
    return [{ cell: plain as Counter | Queue, isUsed: () => !unused.includes(leaves[location.get()] as string) }];
  });
}

/** Renames the numbers of actors in a cell. */
export function renumber(cell: Counter | Queue, actors: readonly number[]): void {
  if (cell instanceof Counter) cell.set(actors[cell.get()] as number);
  else for (let left = cell.count(); left > 0; left--) cell.push(actors[cell.shift()] as number);
}

function mapBits(bits: number, map: readonly number[]): number {
  let mapped = 0;
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
