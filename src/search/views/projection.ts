import { bitsOf, bitsOfAll } from '../../cache/access-sets.ts';
import { Counter } from '../../model/counter.ts';
import { type BitField, maskOf } from '../../model/state-layout.ts';
import { BitMoves } from './bit-moves.ts';
import { type EmptyPart, type IdPart, partsOf, whole } from './cell-parts.ts';
import { refuse } from './refusal.ts';
import type { SizedProgram } from './sized-program.ts';
import { codes, type IdPlace, type ViewLayout } from './view-layout.ts';

/** A cell with ids, in the states of one size and in views. */
interface IdCell extends IdPart {
  readonly place: IdPlace;
  /** by value: the code in a view */
  readonly codeOf: Int32Array;
  /** by value: the slot of the process that it names, or -1 */
  readonly slotOf: Int32Array;
  /** by code: the value; of a process nothing */
  readonly valueOfCode: Int32Array;
  /** the value of a number that means nothing */
  readonly initial: number;
}

/**
 * Projects states of one size to views, and builds states from views. A state is the whole and a block for each slot,
 * and the order of the processes in queues, which no view knows.
 */
export class Projection {
  /** numbers and queues with ids that belong to no growing process */
  readonly idCells: readonly IdCell[];
  /** bits of the state from which the whole is projected, without ids */
  readonly wholeBits: Int32Array;
  /** by slot: bits of the state from which its block is projected, without ids */
  readonly blockBits: readonly Int32Array[];
  /** bits of all cells with ids, and of what tells whether they have a meaning */
  readonly idBits: Int32Array;
  private readonly toWhole: BitMoves;
  private readonly fromWhole: BitMoves;
  private readonly toBlock: readonly BitMoves[];
  private readonly fromBlock: readonly BitMoves[];
  private readonly ownedIds: readonly IdCell[];
  private readonly empty: readonly EmptyPart[];

  constructor(
    readonly sized: SizedProgram,
    readonly layout: ViewLayout,
  ) {
    const { parts, ids, empty } = partsOf(sized);
    const pairs = (slot: number): [BitField, BitField][] =>
      parts.filter((part) => part.slot === slot).map(({ name, field }) => [field, layout.placeOf(name)]);
    const swapped = (slot: number): [BitField, BitField][] => pairs(slot).map(([one, other]) => [other, one]);
    const slots = Array.from({ length: sized.slots }, (_, slot) => slot);
    this.toWhole = new BitMoves(pairs(whole));
    this.fromWhole = new BitMoves(swapped(whole));
    this.toBlock = slots.map((slot) => new BitMoves(pairs(slot)));
    this.fromBlock = slots.map((slot) => new BitMoves(swapped(slot)));
    this.empty = empty;
    const cells = ids.map((part) => this.idCellOf(part));
    this.idCells = cells.filter(({ slot }) => slot === whole);
    this.ownedIds = cells.filter(({ slot }) => slot !== whole);
    const bitsOfSlot = (slot: number): Int32Array =>
      bitsOfAll(
        pairs(slot).map(([field]) => field),
        sized.words,
      );
    this.wholeBits = bitsOfSlot(whole);
    this.blockBits = slots.map(bitsOfSlot);
    this.idBits = new Int32Array(sized.words);
    for (const { ids: fields, count, use } of cells) {
      for (const field of [...(count ? [count] : []), ...(use ? [use.location] : []), ...fields]) {
        this.idBits[field.at] = this.idBits[field.at] | bitsOf(field);
      }
    }
  }

  /** Writes the whole of a state. */
  projectWhole(state: Int32Array, into: Int32Array): void {
    into.fill(0);
    this.toWhole.apply(state, into);
    for (const cell of this.idCells) {
      if (cell.count === undefined) {
        write(cell.place.whole, this.codeIn(cell, state), into);
        continue;
      }
      let others = 0;
      const length = read(cell.count, state);
      for (let n = 0; n < length; n++) {
        const value = read(cell.ids[n], state);
        if (cell.slotOf[value] >= 0) this.requireDeclared(cell);
        else write(cell.place.entries[others++], cell.codeOf[value], into);
      }
      write(cell.place.whole, others, into);
    }
  }

  /** Writes the block of a slot. */
  projectBlock(state: Int32Array, slot: number, into: Int32Array): void {
    into.fill(0);
    this.toBlock[slot].apply(state, into);
    for (const cell of this.idCells) {
      if (cell.count === undefined) {
        if (this.isUsed(cell, state) && cell.slotOf[read(cell.ids[0], state)] === slot)
          write(cell.place.block, 1, into);
      } else write(cell.place.block, this.placeInQueue(cell, state, slot), into);
    }
    for (const cell of this.ownedIds) {
      if (cell.slot !== slot) continue;
      const other = cell.slotOf[read(cell.ids[0], state)];
      if (other >= 0 && other !== slot)
        throw this.refuseCell(cell, 'holds the id of one of them and belongs to another');
      write(cell.place.whole, this.codeIn(cell, state), into);
    }
  }

  /** Checks what views have no place for. @throws PrecopyError `NOT_SOUND` if it is there */
  checkEmpty(state: Int32Array): void {
    for (const { cell, field, reason } of this.empty) {
      if (read(field, state) !== 0) throw refuse(this.sized.program.design.id, `a bit of ${cell} ${reason}`);
    }
  }

  /**
   * Writes the state of a whole and a block for each slot.
   * @param ranks by queue and slot: the order of processes with the same entries before them
   * @returns false if there is none: two processes are meant by one id, or none is
   */
  build(
    wholeWords: Int32Array,
    blocks: readonly Int32Array[],
    ranks: readonly (readonly number[])[],
    into: Int32Array,
  ): boolean {
    into.fill(0);
    this.fromWhole.apply(wholeWords, into);
    for (let slot = 0; slot < blocks.length; slot++) this.fromBlock[slot].apply(blocks[slot], into);
    let queue = 0;
    for (const cell of this.idCells) {
      if (cell.count !== undefined) {
        if (!this.buildQueue(cell, cell.count, wholeWords, blocks, ranks[queue++], into)) return false;
        continue;
      }
      const code = read(cell.place.whole, wholeWords);
      let named = -1;
      for (let slot = 0; slot < blocks.length; slot++) {
        if (read(cell.place.block, blocks[slot]) === 0) continue;
        if (named >= 0) return false;
        named = slot;
      }
      if ((code === codes.process) !== named >= 0) return false;
      write(cell.ids[0], named >= 0 ? cell.slotOf.indexOf(named) : cell.valueOfCode[code], into);
    }
    for (const cell of this.ownedIds) {
      const code = read(cell.place.whole, blocks[cell.slot]);
      write(cell.ids[0], code === codes.process ? cell.slotOf.indexOf(cell.slot) : cell.valueOfCode[code], into);
    }
    return true;
  }

  /** Returns the place of a slot in each queue: undefined if it is not in it. */
  queuePlaces(blocks: readonly Int32Array[]): number[][] {
    const queues = this.idCells.filter(({ count }) => count !== undefined);
    return queues.map(({ place }) => blocks.map((block) => read(place.block, block)));
  }

  /** Returns by queue and slot where the slot is in it, in a state; -1 if it is not. */
  orderIn(state: Int32Array): number[][] {
    const queues = this.idCells.filter(({ count }) => count !== undefined);
    return queues.map((cell) => {
      const values = cell.ids
        .slice(0, read(cell.count as BitField, state))
        .map((field) => cell.slotOf[read(field, state)]);
      return Array.from({ length: this.sized.slots }, (_, slot) => values.indexOf(slot));
    });
  }

  /** Returns how many ids mean a growing process that is none of some blocks. */
  unnamed(wholeWords: Int32Array, blocks: readonly Int32Array[]): number {
    const named = ({ place }: IdCell): boolean => blocks.some((block) => read(place.block, block) !== 0);
    return this.idCells.filter(
      (cell) => cell.count === undefined && read(cell.place.whole, wholeWords) === codes.process && !named(cell),
    ).length;
  }

  /** Returns whether a block is meant by some id. */
  isNamed(block: Int32Array): boolean {
    return this.idCells.some(({ count, place }) => count === undefined && read(place.block, block) !== 0);
  }

  /** Moves the bits of a mask to where a view has them in the whole; ids are left out. */
  maskOfWhole(bits: Int32Array, into: Int32Array): void {
    this.toWhole.apply(bits, into);
  }

  /** Moves the bits of a mask to where a view has them in the block of a slot; ids are left out. */
  maskOfBlock(bits: Int32Array, slot: number, into: Int32Array): void {
    this.toBlock[slot].apply(bits, into);
  }

  private buildQueue(
    { ids, place, slotOf, valueOfCode }: IdCell,
    count: BitField,
    wholeWords: Int32Array,
    blocks: readonly Int32Array[],
    ranks: readonly number[],
    into: Int32Array,
  ): boolean {
    const others = read(place.whole, wholeWords);
    const inQueue = blocks.flatMap((block, slot) => (read(place.block, block) > 0 ? [slot] : []));
    inQueue.sort((a, b) => ranks[a] - ranks[b]);
    let length = 0;
    if (others + inQueue.length > ids.length) return false;
    for (let before = 0; before <= others; before++) {
      for (const slot of inQueue) {
        if (read(place.block, blocks[slot]) === before + 1) write(ids[length++], slotOf.indexOf(slot), into);
      }
      if (before < others) write(ids[length++], valueOfCode[read(place.entries[before], wholeWords)], into);
    }
    write(count, length, into);
    return true;
  }

  private placeInQueue(cell: IdCell, state: Int32Array, slot: number): number {
    const length = read(cell.count as BitField, state);
    let others = 0;
    let place = 0;
    for (let n = 0; n < length; n++) {
      const named = cell.slotOf[read(cell.ids[n], state)];
      if (named < 0) others++;
      else if (named === slot) {
        if (place > 0) throw this.refuseCell(cell, 'holds one of them twice');
        place = 1 + others;
      }
    }
    return place;
  }

  private codeIn(cell: IdCell, state: Int32Array): number {
    const value = read(cell.ids[0], state);
    const isProcess = cell.slotOf[value] >= 0;
    if (this.isUsed(cell, state)) {
      if (isProcess) this.requireDeclared(cell);
      return cell.codeOf[value];
    }
    if (!isProcess) return cell.codeOf[value];
    if (value !== cell.initial) throw this.refuseCell(cell, 'keeps the id of one of them where it means nothing');
    return codes.nobody;
  }

  private isUsed({ use }: IdCell, state: Int32Array): boolean {
    return use === undefined || use.isUsedAt[read(use.location, state)];
  }

  private requireDeclared(cell: IdCell): void {
    if (cell.use === undefined) throw this.refuseCell(cell, 'holds the id of one of them and is not declared');
  }

  private refuseCell({ cell: { name } }: IdCell, does: string): Error {
    return refuse(this.sized.program.design.id, `${name} ${does}`);
  }

  private idCellOf(part: IdPart): IdCell {
    const { sized, layout } = this;
    const { cell } = part;
    const values = 1 << (part.ids[0]?.width ?? 0);
    const nobody = cell instanceof Counter && cell.names !== undefined ? cell.max : -1;
    const code = (value: number): number => {
      if (value === nobody) return codes.nobody;
      if (sized.slotOfActor(value) >= 0) return codes.process;
      const other = layout.others.indexOf(sized.program.actors[value] ?? '');
      return other < 0 ? codes.nobody : codes.firstOther + other;
    };
    const codeOf = Int32Array.from({ length: values }, (_, value) => code(value));
    const initial = cell instanceof Counter ? cell.initial : 0;
    const valueOfCode = Int32Array.from({ length: codes.firstOther + layout.others.length }, (_, wanted) =>
      wanted === codes.nobody ? (nobody >= 0 ? nobody : initial) : codeOf.indexOf(wanted),
    );
    const slotOf = Int32Array.from({ length: values }, (_, value) =>
      value === nobody ? -1 : sized.slotOfActor(value),
    );
    return { ...part, place: layout.placeOfIds(part.name), codeOf, slotOf, valueOfCode, initial };
  }
}

const read = (field: BitField, words: Int32Array): number => (words[field.at] >>> field.shift) & maskOf(field);

function write(field: BitField, value: number, words: Int32Array): void {
  words[field.at] = words[field.at] | (value << field.shift);
}
