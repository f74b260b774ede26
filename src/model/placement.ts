import type { AnyStateNode } from 'xstate';
import type { ActorCounts, SpontaneousEvent } from './actor-definition.ts';
import type { ActorSpec } from './actor-list.ts';
import type { Bitmap } from './bitmap.ts';
import type { Cell } from './cell.ts';
import type { Counter } from './counter.ts';
import { declaredBy, declaredNumber } from './declaration-purity.ts';
import { actorSet, type CellSpec, index } from './declare.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import type { Messages } from './messages.ts';
import type { PlacedCell, StateBuilder } from './state-builder.ts';
import { leavesOf } from './statechart.ts';
import { strict } from './strict-names.ts';
import type { Regions } from './system-types.ts';
import { validateRegisters } from './validate-memory.ts';
import { describeValue, isIndexUpTo } from './values.ts';

type Placed<C extends Cell = Cell> = () => PlacedCell<C>;

interface PlacedActor {
  readonly leaves: readonly AnyStateNode[];
  readonly location: Placed<Counter>;
  readonly registers: Readonly<Record<string, Placed>>;
  readonly mailbox: Readonly<Record<string, Placed<Bitmap>>>;
}

/** Places the location, the registers and the mailboxes of an actor. */
export function placeActor(
  { name, machine }: ActorSpec,
  params: Readonly<Record<string, number>>,
  counts: ActorCounts,
  messages: Messages,
  builder: StateBuilder,
): PlacedActor {
  const leaves = leavesOf(machine.statechart);
  const registers = declaredBy(`machine '${machine.id}': registers`, () =>
    machine.definition.registers(params, counts),
  );
  validateRegisters(machine.id, registers);
  const received = Object.keys(messages).filter(
    (type) => messages[type]?.delivery === 'posted' && machine.statechart.events.includes(type),
  );
  return {
    leaves,
    location: builder.place(name, 'control', index(leaves.length)),
    registers: mapValues(registers, (cell, register) => builder.place(`${name}.${register}`, 'register', cell)),
    mailbox: Object.fromEntries(
      received.map((type) => [type, builder.place(`${name}.mailbox.${type}`, 'control', actorSet())]),
    ),
  };
}

type PlacedRegions = Readonly<Record<string, Readonly<Record<string, Placed | readonly Placed[]>>>>;

/** Places the cells of all regions of memory. */
export function placeRegions(regions: Regions, builder: StateBuilder): PlacedRegions {
  return mapValues(regions, ({ region, cells }, regionName) =>
    mapValues(cells, (cell, cellName) => {
      const name = `${regionName}.${cellName}`;
      return isList(cell)
        ? cell.map((one, n) => builder.place(`${name}[${n}]`, region, one))
        : builder.place(name, region, cell);
    }),
  );
}

function isList(cell: CellSpec | readonly CellSpec[]): cell is readonly CellSpec[] {
  return Array.isArray(cell);
}

/** Returns memory as actions or properties access it: by region and name, and lists by index. */
export function cellsOf(regions: PlacedRegions, pick: (cell: PlacedCell) => Cell): Record<string, unknown> {
  return mapValues(regions, (cells, region) => {
    const byName = mapValues(cells, (at, name) =>
      typeof at === 'function'
        ? pick(at())
        : list(
            name,
            at.map((one) => pick(one())),
          ),
    );
    return Object.freeze(strict(byName, `memory region '${region}'`, 'cell'));
  });
}

function list(name: string, cells: readonly Cell[]): (n: number) => Cell {
  const at = (n: number): Cell => {
    const cell = cells[n];
    if (cell === undefined || typeof n !== 'number') return throwNoCell(name, cells.length, n);
    return cell;
  };
  return Object.freeze(strict(at, `the list ${name}, whose cells are ${name}(0), ${name}(1) and so on,`, 'name'));
}

/** Returns the number of payloads of an event, 1 by default. */
export function domainOf(event: SpontaneousEvent, params: unknown, machine: string, type: string): number {
  if (event.size === undefined) return 1;
  const size = declaredNumber(`machine '${machine}': the size of ${type}`, () => event.size?.(params));
  if (isIndexUpTo(maxPayloads, size)) return size;
  throw new PrecopyError(
    'BAD_DESIGN',
    `machine '${machine}': the event ${type} has ${describeValue(size)} payloads`,
    `let size return an integer from 0 to ${maxPayloads}`,
  );
}

/** As many as the pages of a guest of 4 TiB. */
const maxPayloads = 2 ** 30;

function throwNoCell(name: string, count: number, n: number): never {
  throw new ModelFault(`${name} has 0 to ${count - 1}, not ${describeValue(n)}`);
}

/** Returns the cells of shared memory, in the order of placement. */
export function sharedCellsOf(declared: Regions, placed: PlacedRegions): { spec: CellSpec; at: Placed }[] {
  return Object.entries(declared).flatMap(([name, { region, cells }]) =>
    region !== 'shared'
      ? []
      : Object.entries(cells).flatMap(([cell, spec]) => {
          const cellsAt = [placed[name]?.[cell] as Placed | readonly Placed[]].flat() as Placed[];
          return cellsAt.map((at, n) => ({ spec: isList(spec) ? spec[n] : spec, at }));
        }),
  );
}

/** Maps the values of a record. */
export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  map: (value: V, key: string) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
