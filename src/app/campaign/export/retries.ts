/**
 * Exit codes of `campaign run` that a scheduler answers by running the same command again, as a pattern of `case` in a
 * shell: not finished, and the ends by SIGABRT (V8 has no memory left), SIGKILL (the kernel has none, or the node went
 * away) and SIGTERM.
 */
export const retriedPattern = [75, 134, 137, 143].join(' | ');

/** Exit codes after which the same command would end in the same way: a violation, wrong usage, a bug in precopy. */
export const finalExitCodes = { violation: 1, usage: 2, internal: 70 } as const;
