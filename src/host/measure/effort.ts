/** How much is measured. */
export interface Effort {
  /** of the larger of the two guests; the smaller one has an eighth */
  readonly memoryBytes: number;
  readonly repeats: number;
  /** The guest writes for so long before the log is taken: the caches have forgotten what the kernel needs, as in the rounds of a migration. */
  readonly roundMs: readonly number[];
  readonly device: string;
}

/** What profiles are measured with. */
export const usualRoundMs = [20, 100];
