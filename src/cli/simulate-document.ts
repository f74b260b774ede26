import type { DesignFigures } from '../clock/results.ts';

/** What `simulate --json` prints. */
export interface SimulateDocument {
  readonly format: 'precopy-simulate';
  readonly version: 1;
  readonly seed: number;
  readonly profile: string;
  readonly workload: string;
  readonly designs: readonly DesignFigures[];
  /** thresholds that did not hold */
  readonly broken: readonly { readonly design: string; readonly expected: string }[];
}

export function simulateDocumentOf(
  designs: readonly DesignFigures[],
  { seed, profile, workload }: { readonly seed: number; readonly profile: string; readonly workload: string },
  broken: SimulateDocument['broken'],
): SimulateDocument {
  return { format: 'precopy-simulate', version: 1, seed, profile, workload, designs, broken };
}
