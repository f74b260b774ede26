import { type BitField, widthOf } from './bit-field.ts';
import { Counter } from './counter.ts';
import { PrecopyError } from './errors.ts';
import { Queue } from './queue.ts';
import { SingleWordBitmap } from './single-word-bitmap.ts';

export { type BitField, maskOf } from './bit-field.ts';

/** Words of the state vector at `at`, `at + stride`, `at + 2 * stride` ... */
export interface Column {
  readonly at: number;
  readonly stride: number;
}

/** A bitmap of at most 32 bits: its field, and the class that accesses it. */
export interface BitmapField extends BitField {
  readonly Bitmap: typeof SingleWordBitmap;
}

/** A number: its field, and the class that accesses it. */
export interface CounterField extends BitField {
  readonly Counter: typeof Counter;
}

/** A queue of numbers: its fields, and the class that accesses them. */
export interface QueueFields {
  readonly length: BitField;
  readonly items: readonly BitField[];
  readonly Queue: typeof Queue;
}

interface Table {
  readonly words: number;
  readonly cold: boolean;
  readonly columns: { at: number; stride: number }[];
}

const wordsPerCacheLine = 16;
/** A state with tables is so large that glibc maps it, behind a header of 16 bytes. */
const allocationHeaderWords = 4;

/** Assigns the fields of a state vector. `seal` fixes the layout. */
export class Layout {
  /** by word: bits that no field uses */
  readonly #freeBits: number[] = [];
  readonly #blocks: { block: { at: number }; words: number }[] = [];
  readonly #tables: Table[] = [];

  /** @param maxBytes upper bound of the size of the state vector */
  constructor(private readonly maxBytes = Number.POSITIVE_INFINITY) {}

  /** Places a field of `width` bits (0 to 32) in the first word with enough free bits. */
  field(width: number): BitField {
    if (width < 0 || width > 32) {
      throw new PrecopyError(
        'BAD_DESIGN',
        `a cell has ${width} bits`,
        'a number has at most 31 bits, a word of a bitmap 32',
      );
    }
    if (width === 0) return { at: 0, shift: 0, width };
    let at = this.#freeBits.findIndex((free) => free >= width);
    if (at < 0) at = this.#freeBits.push(32) - 1;
    const free = this.#freeBits[at];
    this.#freeBits[at] = free - width;
    return { at, shift: 32 - free, width };
  }

  /** Places a bitmap of at most 32 bits in one field. */
  bitmap(bits: number): BitmapField {
    return { ...this.field(bits), Bitmap: SingleWordBitmap };
  }

  /** Places a number from 0 to `max` in one field. */
  counter(max: number): CounterField {
    return { ...this.field(widthOf(max)), Counter };
  }

  /** Places a queue of at most `capacity` numbers up to `max`. */
  queue(capacity: number, max: number): QueueFields {
    return {
      length: this.field(widthOf(capacity)),
      items: Array.from({ length: capacity }, () => this.field(widthOf(max))),
      Queue,
    };
  }

  /** Reserves whole words behind all fields. The returned `at` is valid after `seal`. */
  block(words: number): { readonly at: number } {
    const block = { at: -1 };
    this.#blocks.push({ block, words });
    return block;
  }

  /**
   * Reserves a column of `words` words. All columns of a length form one table, whose rows hold what several bitmaps
   * store of one page: a step that accesses a page in all of them misses the cache once. The returned column is valid
   * after `seal`.
   * @param options.cold places the column in a table of rarely accessed columns, so that more rows of the other table
   *   fit into a cache
   */
  column(words: number, { cold }: { readonly cold: boolean }): Column {
    let table = this.#tables.find((one) => one.words === words && one.cold === cold);
    if (table === undefined) {
      table = { words, cold, columns: [] };
      this.#tables.push(table);
    }
    const column = { at: -1, stride: 0 };
    table.columns.push(column);
    return column;
  }

  /**
   * Fixes the layout and allocates the state vector. Nothing can be placed afterwards.
   * @throws PrecopyError `TOO_LARGE`
   */
  seal(): Int32Array {
    let end = this.#freeBits.length;
    for (const { block, words } of this.#blocks) {
      block.at = end;
      end += words;
    }
    for (const { words, columns } of this.#tables) {
      // Align rows to cache lines, so that a row of 32 or 64 bytes lies in one line.
      if (words > 1) end += -(end + allocationHeaderWords) & (wordsPerCacheLine - 1);
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
        `the state takes ${gib(4 * end)} at these params, and ${gib(this.maxBytes)} of memory are free`,
        `reduce pages or vcpus to ${Math.floor((100 * this.maxBytes) / (4 * end))} % of these, or run fewer simulations at once`,
      );
    }
    return new Int32Array(end);
  }
}
