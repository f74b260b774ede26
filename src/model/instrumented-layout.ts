import { type BitField, Layout } from './state-layout.ts';

/**
 * A layout that gives each field, and each bit of a bitmap, a word of its own and notes which of them are read and written: so whoever runs
 * actions, guards or properties on it learns what they depended on, to the field.
 */
export class InstrumentedLayout extends Layout {
  /** by word: where the packed layout has that field */
  readonly fields: BitField[] = [];
  /** by word: the value of the field */
  values = new Int32Array();
  /** the words that were read before they were written, in order, and those that were written, since `watch` */
  readonly read: number[] = [];
  readonly written: number[] = [];
  private marks = new Uint8Array();

  override field(width: number): BitField {
    const slot = super.field(width);
    return { at: this.fields.push(slot) - 1, shift: 0, width };
  }

  override bits(width: number): BitField & { readonly areApart: boolean } {
    const { at, shift } = super.field(width);
    const first = this.fields.length;
    for (let bit = 0; bit < width; bit++) this.fields.push({ at, shift: shift + bit, width: 1 });
    return { at: first, shift: 0, width, areApart: true };
  }

  /** The state of the cells: an object that looks like an array of words and watches its elements. */
  override seal(): Int32Array {
    this.values = new Int32Array(this.fields.length);
    this.marks = new Uint8Array(this.fields.length);
    const words = { length: this.fields.length };
    this.fields.forEach((_, n) => {
      Object.defineProperty(words, n, { get: () => this.get(n), set: (value: number) => this.set(n, value) });
    });
    return words as unknown as Int32Array;
  }

  /** Takes the values of all fields out of a packed state, and begins to watch. */
  watch(packed: Int32Array): void {
    const { fields, values, marks, read, written } = this;
    for (let n = 0; n < fields.length; n++) {
      const slot = fields[n];
      values[n] = (packed[slot.at] >>> slot.shift) & maskOf(slot);
      marks[n] = 0;
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

/** The bits of a field, moved down to bit 0. */
export const maskOf = ({ width }: BitField): number => (width === 32 ? -1 : (1 << width) - 1);
