/** Exit codes of the process. Part of the public API. */
export const ExitCode = {
  /** all properties hold, or the command succeeded */
  holds: 0,
  /** a property is violated, or a mutant survived */
  violated: 1,
  /** wrong usage, or unreadable input */
  usage: 2,
  /** a limit was reached, or Ctrl-C was pressed */
  inconclusive: 3,
  /** an internal error */
  internal: 70,
  /** shards of a campaign have no result yet: the same command goes on */
  unfinished: 75,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const fromWorst: readonly ExitCode[] = [70, 2, 75, 1, 3, 0];

/** Returns the worst of several exit codes. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return fromWorst.find((code) => codes.includes(code)) ?? ExitCode.holds;
}
