import { Bitmap } from '../model/bitmap.ts';
import type { Cell } from '../model/cell.ts';
import { Counter } from '../model/counter.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Instance } from '../model/instance.ts';
import { modelHash } from '../model/model-hash.ts';
import type { Property } from '../model/property.ts';
import { Queue } from '../model/queue.ts';
import { leavesOf, pathOf, tagsOf } from '../model/statechart.ts';
import { paramSpecsOf } from '../model/system-params.ts';
import type { CellInfo, CellValue, DesignInfo, ModelInfo } from './messages.ts';

/** Returns what a list of designs says of one. */
export function designInfo({ id, title, mutantOf, mutation, source }: AnyDesign): DesignInfo {
  return {
    id,
    title,
    ...(mutantOf !== undefined && { mutantOf }),
    ...(mutation && { bug: mutation.bug, breaks: mutation.breaks }),
    ...(source && { source }),
  };
}

/** Returns the cells of an instance that an explorer shows: memory and registers. */
export const shownCells = ({ cells }: Instance) => cells.filter(({ region }) => region !== 'control');

/** Returns the value of a cell in the current state. */
export function cellValue(cell: Cell): CellValue {
  const text = cell.show();
  if (cell instanceof Bitmap) return { text, members: membersOf(cell) };
  if (cell instanceof Queue) return { text, entries: Array.from({ length: cell.count() }, (_, n) => cell.at(n)) };
  if (cell instanceof Counter) return { text, number: cell.get() };
  return { text, number: Number(text) };
}

function membersOf(bitmap: Bitmap): number[] {
  const members: number[] = [];
  for (let bit = bitmap.first(); bit >= 0; bit = bit + 1 < bitmap.bits ? bitmap.first(bit + 1) : -1) members.push(bit);
  return members;
}

/**
 * Returns what does not change while a model is open.
 * @param instance in its initial state
 */
export function modelInfo(instance: Instance): ModelInfo {
  const { design, params, actors } = instance;
  const specs = paramSpecsOf(design);
  const cells = shownCells(instance);
  return {
    design: designInfo(design),
    params: Object.entries(specs).map(([name, { description, min, max }]) => ({
      name,
      description,
      value: params[name] as number,
      min,
      max,
    })),
    memoryModel: design.memoryModel ?? 'sc',
    hash: modelHash(instance),
    actors: actors.map(({ name, role, machine, leaves }) => ({
      name,
      role,
      machine: machine.id,
      states: leaves,
      tags: Object.fromEntries(leavesOf(machine.statechart).map((leaf) => [pathOf(leaf), [...tagsOf(leaf)]])),
    })),
    cells: cells.map(({ region, plain }) => cellInfo(region as CellInfo['region'], plain, instance)),
    properties: (design.properties as readonly Property[]).map(({ id, kind, description }) => ({
      id,
      kind,
      description,
    })),
    initialCells: cells.map(({ plain }) => cellValue(plain)),
    initialStates: actors.map(({ leaves, location }) => leaves[location.get()] as string),
  };
}

function cellInfo(region: CellInfo['region'], cell: Cell, { actors, params }: Instance): CellInfo {
  const owner = cell.name.slice(0, cell.name.indexOf('.'));
  const actor = region === 'register' ? actors.findIndex(({ name }) => name === owner) : -1;
  const kind = cell instanceof Bitmap ? 'bitmap' : cell instanceof Queue ? 'queue' : 'counter';
  const isByPage = cell instanceof Bitmap && cell.names === undefined && cell.bits === params['pages'];
  return {
    path: cell.name,
    region,
    kind,
    size: cell instanceof Bitmap ? cell.bits : cell instanceof Counter ? cell.max + 1 : 2,
    ...(actor >= 0 ? { actor } : { memory: owner }),
    ...(isByPage && { isByPage }),
  };
}
