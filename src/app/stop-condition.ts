/** Why a search or a simulation run ends before it is complete: the user aborted it, or its time limit was reached. */
export type EarlyStop = 'interrupt' | 'time';

/** A condition that engines poll between two steps. */
export type StopCondition = () => EarlyStop | undefined;

/**
 * Creates a stop condition. The time limit starts now.
 * @param options.maxSeconds wall-clock limit; none by default
 * @param options.signal aborts with `interrupt`
 */
export function createStopCondition({
  maxSeconds = Number.POSITIVE_INFINITY,
  signal,
}: {
  readonly maxSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}): StopCondition {
  const elapsed = stopwatch();
  return () => {
    if (signal?.aborted) return 'interrupt';
    return elapsed() >= maxSeconds ? 'time' : undefined;
  };
}

/** Starts a stopwatch. The returned function gives the elapsed seconds. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
