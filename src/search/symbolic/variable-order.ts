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
 * Returns all bits of a symbolic state, in the order of their variables: first what controls the actors, then a block
 * for each page, with the bits of the page in all bitmaps. Bits of one page depend on each other, and those of
 * different pages hardly do, so that a diagram passes from block to block with little to remember.
 *
 * What a page is, is seen, not declared: the parameter that adds bits to the most bitmaps, and no actor, when it is
 * increased by 1. Bit `n` of such a bitmap belongs to block `n`.
 */
export function orderBits(
  program: Pick<Program, 'design' | 'params' | 'actors'>,
  cells: readonly PlacedCell[],
): number[] {
  const blockOf = blocksOf(program, cells);
  const control: number[] = [];
  const blocks: number[][] = [];
  for (const { plain } of cells) {
    const isInBlock = blockOf.has(plain.name);
    for (const [n, bit] of bitsOf(plain).entries()) {
      if (isInBlock) {
        blocks[n] ??= [];
        blocks[n].push(bit);
      } else {
        control.push(bit);
      }
    }
  }
  return [...control, ...blocks.flat()];
}

/** Returns the names of the bitmaps with a bit for each page. */
function blocksOf(
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
