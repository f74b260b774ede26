import type { Slot } from '../model/memory.ts';
import { maskOf } from '../model/watched-layout.ts';
import { mix } from './mix.ts';

/**
 * 64 bits of fingerprint of a state, in two lanes: each is the sum of a number for each field and its value (A. Zobrist, 1970). So what
 * a step adds to it depends on the fields that it changes alone. Given the others, each lane is a bijection of each field: states that differ in
 * one field never collide.
 */
export class FieldSums {
  high = 0;
  low = 0;

  constructor(private readonly fields: readonly Slot[]) {}

  of(state: Int32Array): void {
    const { fields } = this;
    let high = 0;
    let low = 0;
    for (let n = 0; n < fields.length; n++) {
      const slot = fields[n] as Slot;
      const value = ((state[slot.at] as number) >>> slot.shift) & maskOf(slot);
      high = (high + mix(mix(value, 2 * n), highSalt)) | 0;
      low = (low + mix(mix(value, 2 * n + 1), lowSalt)) | 0;
    }
    this.high = high;
    this.low = low;
  }
}

const highSalt = 0x2545f491;
const lowSalt = 0x7feb352d;
