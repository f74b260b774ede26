import { type BitField, type BitmapField, Layout, maskOf } from '../model/state-layout.ts';
import { UnpackedBitmap } from './instrumented-bitmap.ts';

/**
 * A layout that gives each field, and each bit of a bitmap, a word of its own, and records which words are read and
 * written. Actions, guards and properties that run on it show their read and write sets, field by field.
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

  /** Returns the instrumented state: an object that looks like an array of words, with an accessor for each. */
  override seal(): Int32Array {
    this.values = new Int32Array(this.fields.length);
    this.marks = new Uint8Array(this.fields.length);
    const words = { length: this.fields.length };
    this.fields.forEach((_, n) => {
      Object.defineProperty(words, n, { get: () => this.get(n), set: (value: number) => this.set(n, value) });
    });
    return words as unknown as Int32Array;
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

const untouched = 0;
const wasRead = 1;
const wasWritten = 2;
