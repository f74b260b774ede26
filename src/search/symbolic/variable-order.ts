import type { Program } from '../../compile/program.ts';
import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cell.ts';
import { Bit } from '../../model/counter.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type Instance, instantiate } from '../../model/instance.ts';
import type { PlacedCell } from '../../model/state-builder.ts';
import { SymbolicBitmap } from './symbolic-bitmap.ts';
import { SymbolicCounter } from './symbolic-counter.ts';
import { SymbolicQueue } from './symbolic-queue.ts';

/**
 * Returns all bits of a symbolic state, in the order of their variables:
 *
 * 1. what controls the actors that are alone in their role: locations, registers, mailboxes, and other cells;
 * 2. a block for each of the other actors (each vCPU), with its bits in all sets of actors;
 * 3. a block for each page, with the bits of the page in all bitmaps.
 *
 * Bits of one page depend on each other, and those of different pages hardly do, so that a diagram passes from block to
 * block with little to remember. In 1 and 2 the cells come in the reverse order of their declaration, which took less
 * than half as many nodes as the order itself (`rmap-xchg` at 2x3: 1.7 million nodes were made, and not 4.0 million).
 *
 * What a page is, is seen, not declared: the parameter that adds bits to the most bitmaps, and no actor, when it is
 * increased by 1. Bit `n` of such a bitmap belongs to page `n`.
 */
export function orderBits(program: Pick<Program, 'design' | 'params' | 'actors' | 'instance'>): number[] {
  const { actors, cells } = program.instance;
  const pageCells = pageCellsOf(program, cells);
  const isAlone = (id: number): boolean => actors.filter(({ role }) => role === actors[id].role).length === 1;
  /** Returns the actor to whose block a bit belongs; -1 if that is none. */
  const actorOf = ({ name }: Cell, names: readonly string[] | undefined, n: number): number => {
    const owner = actors.findIndex((actor) => name === actor.name || name.startsWith(`${actor.name}.`));
    if (owner >= 0 && !isAlone(owner)) return owner;
    return names !== undefined && n < actors.length && !isAlone(n) ? n : -1;
  };
  const control: { readonly actor: number; readonly bit: number }[] = [];
  const pages: number[][] = [];
  for (const { plain } of cells) {
    const names = plain instanceof Bitmap ? plain.names : undefined;
    for (const [n, bit] of bitsOf(plain).entries()) {
      if (pageCells.has(plain.name)) pages[n] = [...(pages[n] ?? []), bit];
      else control.push({ actor: actorOf(plain, names, n), bit });
    }
  }
  control.reverse().sort((one, other) => one.actor - other.actor);
  return [...control.map(({ bit }) => bit), ...pages.flat()];
}

/** Returns the names of the bitmaps with a bit for each page. */
function pageCellsOf(
  { design, params, actors }: Pick<Program, 'design' | 'params' | 'actors'>,
  cells: readonly PlacedCell[],
): Set<string> {
  let best = new Set<string>();
  for (const [param, value] of Object.entries(params)) {
    const larger = instanceAt(design, { ...params, [param]: value + 1 });
    if (larger === undefined || larger.actors.length !== actors.length) continue;
    const bits = new Map(larger.cells.map(({ plain }) => [plain.name, plain instanceof Bitmap ? plain.bits : 0]));
    const grown = cells.flatMap(({ plain: { name }, plain }) =>
      plain instanceof SymbolicBitmap && bits.get(name) === plain.bits + 1 ? [name] : [],
    );
    if (grown.length > best.size) best = new Set(grown);
  }
  return best;
}

/** Returns the instance at other params; undefined if the design does not have them. */
function instanceAt(design: Program['design'], params: Program['params']): Instance | undefined {
  try {
    return instantiate(design, params);
  } catch (error) {
    if (error instanceof PrecopyError) return undefined;
    throw error;
  }
}

/** Returns the bits of a cell. */
export function bitsOf(cell: Cell): readonly number[] {
  if (cell instanceof SymbolicCounter || cell instanceof SymbolicQueue) return cell.bitIndices;
  if (cell instanceof SymbolicBitmap) return Array.from({ length: cell.bits }, (_, bit) => cell.firstBit + bit);
  return cell instanceof Bit ? bitsOf(cell.counter) : [];
}
