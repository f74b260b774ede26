/** What the process ends with. Part of the public API. */
export const ExitCode = {
  /** it holds, or it ran */
  holds: 0,
  /** a property is violated, or a mutant survived */
  violated: 1,
  /** wrong usage, or input that cannot be read */
  usage: 2,
  /** a limit was hit, or somebody pressed Ctrl-C */
  inconclusive: 3,
  /** precopy contradicts itself */
  internal: 70,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const gravest: readonly ExitCode[] = [70, 2, 1, 3, 0];

/** The one that counts where several things happened. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return gravest.find((code) => codes.includes(code)) ?? ExitCode.holds;
}
