import type { BitField, BitmapField, Column, CounterField, QueueFields } from '../../model/state-layout.ts';
import { Layout } from '../../model/state-layout.ts';
import { SymbolicBitmap } from './symbolic-bitmap.ts';
import { SymbolicCounter } from './symbolic-counter.ts';
import { SymbolicQueue } from './symbolic-queue.ts';
import { SymbolicState } from './symbolic-state.ts';

/** A layout of a symbolic state. It places cells as the packed layout does, and knows the place of each bit in that. */
export class SymbolicLayout extends Layout {
  readonly symbols = new SymbolicState();
  /** by bit: where it is in the packed state */
  readonly packed: { readonly at: number; readonly shift: number }[] = [];

  /** Places the bits of a field one after the other. `at` is the first one of them. */
  override field(width: number): BitField {
    const { at, shift } = super.field(width);
    const first = this.packed.length;
    for (let bit = 0; bit < width; bit++) this.packed.push({ at, shift: shift + bit });
    return { at: first, shift: 0, width };
  }

  override counter(max: number): CounterField {
    return { ...super.counter(max), Counter: SymbolicCounter };
  }

  override queue(capacity: number, max: number): QueueFields {
    return { ...super.queue(capacity, max), Queue: SymbolicQueue };
  }

  override bitmap(bits: number): BitmapField {
    return { ...super.bitmap(bits), Bitmap: SymbolicBitmap };
  }

  override block(): { readonly at: number } {
    return noLargeBitmap();
  }

  override column(): Column {
    return noLargeBitmap();
  }

  /** Returns the symbolic state. Only symbolic cells access it. */
  override seal(): Int32Array {
    this.symbols.allocate(this.packed.length);
    return this.symbols as unknown as Int32Array;
  }
}

function noLargeBitmap(): never {
  throw new Error('a symbolic program has no bitmaps of more than 32 bits');
}
