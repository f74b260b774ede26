/**
 * What fingerprints are made of: two numbers, the lanes, for the state as a whole, and two for each block of it that may change places with
 * others. What a step adds to them depends on the fields alone that it touches.
 */
export interface AdditiveHash {
  readonly blocks: number;
  /** Writes the sums of a state into an array: those of the whole, then those of each block. */
  accumulate(state: Int32Array, into: Int32Array, at: number): void;
}
