/**
 * A field of the state vector. Small fields share a 32-bit word, so the state that actions change is already packed for
 * a search.
 */
export interface BitField {
  /** index of the 32-bit word */
  readonly at: number;
  readonly shift: number;
  readonly width: number;
}

/** Returns the width in bits of a field for the values 0 to `max`; 0 if there is one value only. */
export const widthOf = (max: number): number => 32 - Math.clz32(max);

/** Returns the mask of a field, shifted down to bit 0. */
export const maskOf = ({ width }: BitField): number => (width === 32 ? -1 : (1 << width) - 1);
