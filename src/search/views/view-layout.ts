import { bitsOfAll } from '../../cache/access-sets.ts';
import { widthOf } from '../../model/bit-field.ts';
import { type BitField, Layout } from '../../model/state-layout.ts';
import { type CellParts, partsOf, whole } from './cell-parts.ts';
import type { ProcessFamily } from './process-family.ts';
import { refuse } from './refusal.ts';
import type { SizedProgram } from './sized-program.ts';

/** Where a view has the ids of a cell that belongs to no growing process. */
export interface IdPlace {
  /** of a number: the code of the id, see `codes`. Of a queue: the number of entries that are no growing processes. */
  readonly whole: BitField;
  /** of a queue: their codes, in order */
  readonly entries: readonly BitField[];
  /**
   * in the block of a process. Of a number: 1 if it is the process. Of a queue: 0 if the process is not in it, else 1
   * and the number of entries before it that are no growing processes
   */
  readonly block: BitField;
}

/**
 * The codes of ids in a view: one for nobody, one for all growing processes, and one for each other actor. A block says
 * whether it is the one that is meant.
 */
export const codes = { nobody: 0, process: 1, firstOther: 2 } as const;

/**
 * The layout of views. A view is what belongs to no growing process, the *whole*, and what belongs to one of them, its
 * *block*. Both are packed into words of their own, and are the same at all sizes.
 */
export class ViewLayout {
  readonly wholeWords: number;
  readonly blockWords: number;
  /** names of the actors that are no growing processes, by code from `codes.firstOther` on */
  readonly others: readonly string[];
  /** by name of a part */
  private readonly places = new Map<string, BitField>();
  /** by name of a cell */
  private readonly idPlaces = new Map<string, IdPlace>();

  /**
   * @param sizes programs of at least three sizes, with one process or more
   * @throws PrecopyError `NOT_SOUND` if a cell differs in more than the number of processes that it holds
   */
  constructor(family: ProcessFamily, sizes: readonly SizedProgram[]) {
    const [first] = sizes;
    const all = sizes.map(partsOf);
    checkShapes(family.design.id, all, sizes);
    this.others = first.program.actors.filter((_, id) => first.slotOfActor(id) < 0);
    const layouts = { whole: new Layout(), block: new Layout() };
    for (const { name, slot, field } of all[0].parts) {
      if (slot > 0) continue;
      this.places.set(name, (slot === whole ? layouts.whole : layouts.block).field(field.width));
    }
    const codeWidth = widthOf(codes.firstOther + this.others.length);
    for (const { name, slot, count, cell } of all[0].ids) {
      if (slot > 0) continue;
      const isOwned = slot === 0;
      const field = (width: number): BitField => (isOwned ? layouts.block : layouts.whole).field(width);
      if (count === undefined) {
        this.idPlaces.set(name, { whole: field(codeWidth), entries: [], block: layouts.block.field(isOwned ? 0 : 1) });
        continue;
      }
      if (isOwned) throw refuse(family.design.id, `${cell.name} is a queue of ids that belongs to one of them`);
      const entries = this.others.length;
      this.idPlaces.set(name, {
        whole: field(widthOf(entries)),
        entries: Array.from({ length: entries }, () => field(codeWidth)),
        block: layouts.block.field(widthOf(entries + 1)),
      });
    }
    this.wholeWords = layouts.whole.seal().length;
    this.blockWords = layouts.block.seal().length;
  }

  /** bits of blocks that say whether an id means the process, and where it is in a queue */
  get idBitsOfBlock(): Int32Array {
    return bitsOfAll(
      [...this.idPlaces.values()].map(({ block }) => block),
      this.blockWords,
    );
  }

  placeOf(part: string): BitField {
    return this.places.get(part) as BitField;
  }

  placeOfIds(cell: string): IdPlace {
    return this.idPlaces.get(cell) as IdPlace;
  }
}

function checkShapes(design: string, all: readonly CellParts[], sizes: readonly SizedProgram[]): void {
  const shapes = new Map<string, Set<string>>();
  for (const parts of all) {
    for (const [name, texts] of parts.shapes) {
      const known = shapes.get(name) ?? new Set();
      for (const text of texts) known.add(text);
      shapes.set(name, known);
    }
  }
  for (const [name, texts] of shapes) {
    if (texts.size > 1) throw refuse(design, `the size of ${name} depends on their number, and is not declared to`);
  }
  const namesIn = (parts: CellParts, slot: number): string =>
    [...parts.parts, ...parts.ids].flatMap((part) => (part.slot === slot ? [part.name] : [])).join('\n');
  const [one] = all;
  for (const [n, parts] of all.entries()) {
    for (let slot = whole; slot < sizes[n].slots; slot++) {
      const [mine, expected] = [namesIn(parts, slot), namesIn(one, Math.min(slot, 0))];
      if (mine === expected) continue;
      const odd = mine.split('\n').find((name) => !expected.split('\n').includes(name));
      const lacking = expected.split('\n').find((name) => !mine.split('\n').includes(name));
      throw refuse(design, `'${odd ?? lacking}' is not there for each of them, at each number`);
    }
  }
  const others = sizes.map((sized) => sized.program.actors.filter((_, id) => sized.slotOfActor(id) < 0).join());
  if (new Set(others).size > 1) throw refuse(design, 'the number of other actors depends on theirs');
}
