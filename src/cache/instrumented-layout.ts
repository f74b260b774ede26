import { type BitField, type BitmapField, type Column, Layout, maskOf } from '../model/state-layout.ts';
import { UnpackedBitmap } from './instrumented-bitmap.ts';

/**
 * A layout that gives each field, and each bit of a bitmap of at most 32 bits, a word of its own, and records which
 * words are read and written. Of a larger bitmap, each word is a field. Actions, guards and properties that run on it
 * show their read and write sets, field by field.
 */
export class InstrumentedLayout extends Layout {
  /** by word: the field of the packed layout */
  readonly fields: BitField[] = [];
  /** by word: the value of the field */
  values = new Int32Array();
  /** words that were read before they were written since `load`, in order */
  readonly read: number[] = [];
  /** words that were written since `load`, in order */
  readonly written: number[] = [];
  private marks = new Uint8Array();
  /** whole words, which get their places when the packed layout is sealed */
  private readonly wholeWords: { readonly own: { at: number }; readonly packed: Column; readonly words: number }[] = [];

  override field(width: number): BitField {
    const packed = super.field(width);
    return { at: this.fields.push(packed) - 1, shift: 0, width };
  }

  override bitmap(bits: number): BitmapField {
    const { at, shift } = super.field(bits);
    const first = this.fields.length;
    for (let bit = 0; bit < bits; bit++) this.fields.push({ at, shift: shift + bit, width: 1 });
    return { at: first, shift: 0, width: bits, Bitmap: UnpackedBitmap };
  }

  override block(words: number): { readonly at: number } {
    const packed = super.block(words);
    const own = { at: -1 };
    const column: Column = {
      get at() {
        return packed.at;
      },
      stride: 1,
    };
    this.wholeWords.push({ own, packed: column, words });
    return own;
  }

  override column(words: number, options: { readonly cold: boolean }): Column {
    const own = { at: -1, stride: 1 };
    this.wholeWords.push({ own, packed: super.column(words, options), words });
    return own;
  }

  /** Returns the instrumented state: an object that looks like an array of words, with an accessor for each. */
  override seal(): Int32Array {
    super.seal();
    for (const { own, packed, words } of this.wholeWords) {
      own.at = this.fields.length;
      for (let n = 0; n < words; n++) this.fields.push({ at: packed.at + n * packed.stride, shift: 0, width: 32 });
    }
    this.values = new Int32Array(this.fields.length);
    this.marks = new Uint8Array(this.fields.length);
    return this.view(0, this.fields.length);
  }

  /** Returns the words from index `first` to `end`, like `Int32Array.subarray`. */
  private view(first: number, end: number): Int32Array {
    const words = Object.create(arrayMethods, {
      length: { value: end - first },
      subarray: { value: (from: number, to: number) => this.view(first + from, first + to) },
    }) as Int32Array;
    for (let n = first; n < end; n++) {
      const accessor = { get: () => this.get(n), set: (value: number) => this.set(n, value) };
      Object.defineProperty(words, n - first, accessor);
    }
    return words;
  }

  /** Unpacks all fields of a packed state, and starts a recording. */
  load(packed: Int32Array): void {
    const { fields, values, marks, read, written } = this;
    for (let n = 0; n < fields.length; n++) {
      const field = fields[n];
      values[n] = (packed[field.at] >>> field.shift) & maskOf(field);
      marks[n] = untouched;
    }
    read.length = 0;
    written.length = 0;
  }

  private get(n: number): number {
    if (this.marks[n] === untouched) {
      this.marks[n] = wasRead;
      this.read.push(n);
    }
    return this.values[n];
  }

  private set(n: number, value: number): void {
    if ((this.marks[n] & wasWritten) === 0) this.written.push(n);
    this.marks[n] = this.marks[n] | wasWritten;
    this.values[n] = value;
  }
}

/** What bitmaps call of an array of words. */
const { reduce, every, slice, fill } = Array.prototype;
const arrayMethods = {
  reduce,
  every,
  slice,
  fill,
  set(this: Int32Array, from: ArrayLike<number>) {
    for (let n = 0; n < from.length; n++) this[n] = from[n];
  },
};

const untouched = 0;
const wasRead = 1;
const wasWritten = 2;
