/** What a system for continuous integration shows of a command: a suite for each design, with its cases. */
export interface Suite {
  /** command and design: `check rmap-xchg` */
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly Case[];
}

/**
 * A property, cover or threshold. `failed`: it is violated. `undecided`: a limit left it open, or something failed.
 * `skipped`: nothing looked for it. Only `passed` is a pass.
 */
export interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'undecided' | 'skipped';
  /** why it did not pass */
  readonly message?: string;
}

/** Formats that systems for continuous integration read. */
export const ciFormatNames = ['junit', 'github'] as const;

/** The name of a format that systems for continuous integration read. */
export type CiFormatName = (typeof ciFormatNames)[number];

/** Returns true if a format is one that systems for continuous integration read. */
export const isCiFormat = (format: string | undefined): format is CiFormatName =>
  ciFormatNames.some((name) => name === format);

/** Counts the cases of an outcome. */
export const countOf = (suites: readonly Suite[], outcome: Case['outcome']): number =>
  suites.reduce((sum, { cases }) => sum + cases.filter((one) => one.outcome === outcome).length, 0);
