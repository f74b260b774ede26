/** A pair of views beside which the choice of what is not in view matters, or which had no company yet. */
export interface ForkingPair {
  readonly one: number;
  readonly other: number;
  /** the choices that depend on it; undefined if there was no configuration yet */
  forking: number[] | undefined;
  /** what other choices access of owned memory, and whether one of them can be taken */
  owned: [set: number, choice: number][];
  canMove: boolean;
  /** by choice and effect, as one number: those that were taken */
  readonly taken: Set<number>;
}

/** How far the views of a group are explored at one size. */
export interface Explored {
  /** number of views of which all pairs are taken */
  views: number;
  /** number of types that forking pairs are taken with */
  types: number;
  readonly forking: ForkingPair[];
}

/** Returns a pair of blocks that had no configuration yet. */
export const newPair = (one: number, other: number): ForkingPair => ({
  one,
  other,
  forking: undefined,
  owned: [],
  canMove: false,
  taken: new Set(),
});

export const bytesPerPair = 400;
/** Effects are numbered from 0; there are fewer. */
export const maxEffects = 2 ** 24;
