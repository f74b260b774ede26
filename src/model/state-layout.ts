import { PrecopyError } from './errors.ts';

/**
 * The layout of one flat state. Small fields share 32-bit words, so that the state which the actions work on is already the
 * packed form that a search stores: two pages and two vCPUs take a few words.
 */
export interface BitField {
  /** index of the 32-bit word */
  readonly at: number;
  readonly shift: number;
  readonly width: number;
}

/** Words of a state that lie `stride` apart, from the word `at` on. */
export interface Column {
  readonly at: number;
  readonly stride: number;
}

const wordsPerLine = 16;
/** a state with tables is so large that glibc maps it, behind a header of 16 bytes */
const wordsOfHeader = 4;

export class Layout {
  readonly #room: number[] = [];
  readonly #blocks: { slot: { at: number }; words: number }[] = [];
  readonly #tables: { words: number; coldTable: boolean; columns: { at: number; stride: number }[] }[] = [];

  /** Places a field of `width` bits (0 to 32) in the first word that has room for it. */
  field(width: number): BitField {
    if (width < 0 || width > 32)
      throw new PrecopyError(
        'BAD_DESIGN',
        `a cell of ${width} bits`,
        'a number has at most 31 bits, a word of a bitmap 32',
      );
    if (width === 0) return { at: 0, shift: 0, width };
    let at = this.#room.findIndex((freeBits) => freeBits >= width);
    if (at < 0) at = this.#room.push(32) - 1;
    const freeBits = this.#room[at];
    this.#room[at] = freeBits - width;
    return { at, shift: 32 - freeBits, width };
  }

  /** Places so many bits of a bitmap, which is one field unless each bit is to have a word of its own. */
  bits(width: number): BitField & { readonly areApart: boolean } {
    return { ...this.field(width), areApart: false };
  }

  /** Reserves whole words, placed after all fields. The returned `at` is valid after `seal`. */
  block(words: number): { readonly at: number } {
    const slot = { at: -1 };
    this.#blocks.push({ slot, words });
    return slot;
  }

  /**
   * Reserves a column of so many words in a table of all columns of that length. What several bitmaps say of one page stands side by side in a
   * row, so that a step which looks at a page in all of them waits for memory once. The returned place is valid after `seal`.
   * @param coldTable whether it is in another table, for bitmaps that are looked at seldom: the less there is in a row, the more rows are in a cache
   */
  column(words: number, coldTable: boolean): Column {
    let table = this.#tables.find((one) => one.words === words && one.coldTable === coldTable);
    if (table === undefined) {
      table = { words, coldTable, columns: [] };
      this.#tables.push(table);
    }
    const { columns } = table;
    const column = { at: -1, stride: 0 };
    columns.push(column);
    return column;
  }

  /** @param maxBytes how large the state may become */
  constructor(private readonly maxBytes = Number.POSITIVE_INFINITY) {}

  /**
   * Fixes the layout and allocates the state. No field or block can be added after that.
   * @throws PrecopyError `TOO_LARGE`
   */
  seal(): Int32Array {
    let end = this.#room.length;
    for (const { slot, words } of this.#blocks) {
      slot.at = end;
      end += words;
    }
    for (const { words, columns } of this.#tables) {
      // Rows begin where a line of the cache does, so that one of 32 or 64 bytes lies in one line.
      if (words > 1) end += -(end + wordsOfHeader) & (wordsPerLine - 1);
      for (const [n, column] of columns.entries()) {
        column.at = end + n;
        column.stride = columns.length;
      }
      end += words * columns.length;
    }
    if (4 * end > this.maxBytes) {
      const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
      throw new PrecopyError(
        'TOO_LARGE',
        `the memory of the model takes ${gib(4 * end)} at these sizes, and ${gib(this.maxBytes)} can be had`,
        `${Math.floor((100 * this.maxBytes) / (4 * end))} % of these pages, or of these vCPUs, would fit; so may fewer runs at once`,
      );
    }
    return new Int32Array(end);
  }
}

/** Bits that hold the values 0 to `max`: none, where there is one value only. */
export const widthOf = (max: number): number => 32 - Math.clz32(max);
