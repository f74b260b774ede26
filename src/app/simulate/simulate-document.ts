import type { DesignFigures } from '../../simulate/results.ts';

/** The figures of a design at one point of a sweep. */
export interface SweptFigures extends DesignFigures {
  /** what was particular to it, as it was written; nothing where nothing is swept */
  readonly swept: Readonly<Record<string, string>>;
}

/** `manual-clear chunk=64` */
export const labelOf = ({ design, swept }: Pick<SweptFigures, 'design' | 'swept'>): string =>
  [design, ...Object.entries(swept).map(([name, value]) => `${name}=${value}`)].join(' ');

/** What `simulate --json` prints. */
export interface SimulateDocument {
  readonly format: 'precopy-simulate';
  readonly version: 1;
  readonly seed: number;
  readonly profile: string;
  readonly workload: string;
  readonly designs: readonly SweptFigures[];
  /** thresholds that did not hold */
  readonly broken: readonly { readonly design: string; readonly expected: string }[];
  readonly notRun: readonly NotRun[];
}

/** What was asked for and has no figures, as the end came before its turn: the design at its point of a sweep. */
export interface NotRun {
  readonly design: string;
  readonly reason: string;
}

export function simulateDocumentOf(
  designs: readonly SweptFigures[],
  { seed, profile, workload }: { readonly seed: number; readonly profile: string; readonly workload: string },
  broken: SimulateDocument['broken'],
  notRun: SimulateDocument['notRun'],
): SimulateDocument {
  return { format: 'precopy-simulate', version: 1, seed, profile, workload, designs, broken, notRun };
}
