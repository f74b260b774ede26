/** Options of the microbenchmarks. */
export interface MeasurementOptions {
  /** of the larger guest, in bytes; the smaller one has an eighth */
  readonly memoryBytes: number;
  /** samples of the longer measurements */
  readonly repeats: number;
  /** how long the guest writes before the log is read: as in a migration, caches have lost what the kernel needs */
  readonly roundMs: readonly number[];
  readonly device: string;
}

export const defaultRoundMs = [20, 100];
