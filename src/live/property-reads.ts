import type { Cell } from '../model/cell.ts';
import type { Instance } from '../model/instance.ts';
import { actorsOf } from '../model/leads-to-actors.ts';
import type { Property } from '../model/property.ts';

/**
 * Returns the paths of the cells that a property reads in the current state, in the order of the first access. Which
 * states the actors are in is no cell.
 */
export const cellsReadBy = (property: Property, instance: Instance): string[] =>
  cellsReadByEach([property], instance)[0] ?? [];

/** Returns the same for several properties. */
export function cellsReadByEach(properties: readonly Property[], instance: Instance): string[][] {
  let read = new Set<string>();
  const locations = new Set<Cell>(instance.actors.map(({ location }) => location));
  const cells = instance.cells.map(({ plain }) => plain).filter((cell) => !locations.has(cell));
  for (const cell of cells) watchLoads(cell, () => read.add(cell.name));
  try {
    return properties.map((property) => {
      read = new Set();
      evaluate(property, instance);
      return [...read];
    });
  } finally {
    for (const cell of cells) unwatch(cell);
  }
}

function evaluate(property: Property, instance: Instance): void {
  const { view } = instance;
  if (property.kind === 'invariant') property.holds(view);
  else if (property.kind === 'deadlock') property.isValidEndState(view);
  else if (property.kind === 'leads-to') {
    for (const actor of actorsOf(property, instance)) {
      property.from(view as never, actor);
      property.to(view as never, actor);
    }
  }
}

type Operation = (...args: unknown[]) => unknown;

/** Shadows the operations of a cell by ones that report. Properties access cells through facets, which call these. */
function watchLoads(cell: Cell, report: () => void): void {
  const operations = cell as unknown as Record<string, Operation>;
  for (const operation of loadsOf(cell)) {
    const original = operations[operation] as Operation;
    const reporting: Operation = (...args) => {
      report();
      return original.apply(cell, args);
    };
    Object.defineProperty(cell, operation, { value: reporting, configurable: true });
  }
  const all = 'all' in cell && Object.getOwnPropertyDescriptor(Object.getPrototypeOf(cell), 'all')?.get;
  if (!all) return;
  const reporting = (): unknown => {
    report();
    return all.call(cell);
  };
  Object.defineProperty(cell, 'all', { get: reporting, configurable: true });
}

function unwatch(cell: Cell): void {
  const shadowed = cell as unknown as Record<string, unknown>;
  for (const operation of [...loadsOf(cell), 'all']) delete shadowed[operation];
}

const loadsOf = ({ kinds }: Cell): string[] => [
  ...Object.entries(kinds).flatMap(([operation, kind]) => (kind === 'load' ? [operation] : [])),
  'show',
];
