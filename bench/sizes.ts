/** A size of the model to measure at. */
export interface Size {
  readonly vcpus: number;
  readonly pages: number;
  /** stop after so many states, where the whole state space is too big for a benchmark */
  readonly maxStates?: number;
}

/** The sizes that are measured, smallest first. */
export const sizes: readonly Size[] = [
  { vcpus: 1, pages: 2 },
  { vcpus: 2, pages: 1 },
  { vcpus: 2, pages: 2 },
  { vcpus: 2, pages: 3, maxStates: 10_000_000 },
];

/** `2x3` for 2 vCPUs and 3 pages. */
export const nameOf = ({ vcpus, pages }: Size): string => `${vcpus}x${pages}`;
