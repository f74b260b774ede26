import type { Program } from '../../compile/program.ts';
import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cell.ts';
import { Bit, Counter } from '../../model/counter.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type Instance, instantiate } from '../../model/instance.ts';
import type { PlacedCell } from '../../model/state-builder.ts';
import { arrange, mutualInformation } from './linear-arrangement.ts';
import { SymbolicBitmap } from './symbolic-bitmap.ts';
import { SymbolicCounter } from './symbolic-counter.ts';
import { SymbolicQueue } from './symbolic-queue.ts';

type Ordered = Pick<Program, 'design' | 'params' | 'actors' | 'instance'>;

/** A place in the order: numbers that are compared one after the other. */
type Place = readonly number[];

/**
 * Returns all bits of a symbolic state, in the order of their variables:
 *
 * 1. what controls the actors that are alone in their role, and other cells; with such an actor go the bits of its sets
 *    of other actors (which vCPUs have answered), and the messages that it has sent;
 * 2. a block for each of the other actors (each vCPU), with its bits in sets of actors that belong to nobody;
 * 3. their registers with numbers of pages;
 * 4. a block for each page, with the bits of the page in all bitmaps.
 *
 * Bits of one page depend on each other, and those of different pages hardly do, so that a diagram passes from block to
 * block with little to remember. In 1 to 3 the cells come in the reverse order of their declaration. In the block of a
 * page, bitmaps are neighbours whose bits tell much of each other in the states of a random run.
 *
 * What a page is, is seen, not declared: the parameter that adds bits to the most bitmaps, and no actor, when it is
 * increased by 1. Bit `n` of such a bitmap belongs to page `n`.
 * @param states by state of a random run, by bit: its value
 */
export function orderBits(program: Ordered, states: readonly Uint8Array[]): number[] {
  const { cells } = program.instance;
  const { bitmaps, numbers } = cellsOfPages(program, cells);
  const placeOf = controlPlaces(program, numbers);
  const control: { readonly place: Place; readonly bit: number }[] = [];
  const bitsByPage: (readonly number[])[] = [];
  for (const { plain } of cells) {
    const bits = bitsOf(plain);
    if (bitmaps.has(plain.name)) bitsByPage.push(bits);
    else control.push(...bits.map((bit, n) => ({ place: [...placeOf(plain, n), -bit], bit })));
  }
  control.sort((one, other) => compare(one.place, other.place));
  return [...control.map(({ bit }) => bit), ...pageBlocks(bitsByPage, states)];
}

function compare(one: Place, other: Place): number {
  const n = one.findIndex((part, at) => part !== other[at]);
  return n < 0 ? 0 : one[n] - other[n];
}

/** Returns a function that returns the block of a bit that belongs to no page, and its place there. */
function controlPlaces({ instance }: Ordered, pageNumbers: ReadonlySet<string>): (cell: Cell, bit: number) => Place {
  const { actors, cells } = instance;
  const isAlone = (id: number): boolean => actors.filter(({ role }) => role === actors[id].role).length === 1;
  const ownerOf = ({ name }: Cell): number =>
    actors.findIndex((actor) => name === actor.name || name.startsWith(`${actor.name}.`));
  const blockOf = (actor: number): number =>
    isAlone(actor) ? -cells.findIndex(({ plain }) => ownerOf(plain) === actor) : actor + 1;
  return (cell, n) => {
    const owner = ownerOf(cell);
    const isSet = cell instanceof Bitmap && cell.names !== undefined && n < actors.length;
    if (owner < 0) {
      if (isSet && !isAlone(n)) return [blockOf(n), 1, 0];
      return [-cells.findIndex(({ plain }) => plain === cell), 1, 0];
    }
    if (isSet && isAlone(owner)) return [blockOf(owner), 0, n];
    if (isSet && isAlone(n)) return [blockOf(n), 0, owner];
    return pageNumbers.has(cell.name) && !isAlone(owner) ? [actors.length + 1 + owner, 1, 0] : [blockOf(owner), 1, 0];
  };
}

/**
 * Returns the bits of all pages, page by page.
 * @param bitsByPage by bitmap, by page
 */
function pageBlocks(bitsByPage: readonly (readonly number[])[], states: readonly Uint8Array[]): number[] {
  const weights = bitsByPage.map((one) =>
    bitsByPage.map((other) => one.reduce((sum, bit, page) => sum + mutualInformation(bit, other[page], states), 0)),
  );
  const order = arrange(weights);
  const pages = bitsByPage[0] ?? [];
  return pages.flatMap((_, page) => order.map((bitmap) => bitsByPage[bitmap][page]));
}

/** The cells that grow with the number of pages. */
interface CellsOfPages {
  /** names of the bitmaps with a bit for each page */
  readonly bitmaps: ReadonlySet<string>;
  /** names of the numbers that may be that of any page */
  readonly numbers: ReadonlySet<string>;
}

function cellsOfPages({ design, params, actors }: Ordered, cells: readonly PlacedCell[]): CellsOfPages {
  let best: CellsOfPages = { bitmaps: new Set(), numbers: new Set() };
  for (const [param, value] of Object.entries(params)) {
    const larger = instanceAt(design, { ...params, [param]: value + 1 });
    if (larger === undefined || larger.actors.length !== actors.length) continue;
    const sizes = new Map(larger.cells.map(({ plain }) => [plain.name, sizeOf(plain)]));
    const grown = cells.flatMap(({ plain }) => (sizes.get(plain.name) === sizeOf(plain) + 1 ? [plain] : []));
    const namesOf = (kind: typeof Bitmap | typeof Counter): Set<string> =>
      new Set(grown.flatMap((cell) => (cell instanceof kind ? [cell.name] : [])));
    const bitmaps = namesOf(Bitmap);
    if (bitmaps.size > best.bitmaps.size) best = { bitmaps, numbers: namesOf(Counter) };
  }
  return best;
}

/** Returns the number of bits of a bitmap, or the largest value of a counter. */
const sizeOf = (cell: Cell): number =>
  cell instanceof Bitmap ? cell.bits : cell instanceof Counter ? cell.max : Number.NaN;

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
