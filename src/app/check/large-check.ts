import type { PlanOptions } from './check-plan.ts';

/** The designs of the talk (docs/talk.md), in the order of the kernels that have them. */
export const designsOfTheTalk = [
  'srcu-switch',
  'rmap-hybrid',
  'rmap-xchg',
  'lock-break',
  'lock-break-late-flush',
  'lazy-protect',
  'ad-bits',
] as const;

/** The log is on from the start: to start it as well costs another factor of two to three in time. */
const largeParams = { vcpus: 2, pages: 4, loggingOn: 1 } as const;
/** Seconds of each search: seven of them take ten minutes at most. */
const secondsOfEach = 85;

/**
 * Returns the check that `--large` stands for: the designs of the talk at two vCPUs and four pages, billions of states
 * each, by symbolic search for safety. Names, params and limits that are given take the place of these.
 */
export function largeCheck<T extends PlanOptions>(
  names: readonly string[],
  options: T,
): { readonly names: readonly string[]; readonly options: T } {
  return {
    names: names.length > 0 ? names : designsOfTheTalk,
    options: {
      maxSeconds: secondsOfEach,
      ...options,
      strategy: 'symbolic',
      checks: 'safety',
      params: { ...largeParams, ...options.params },
    },
  };
}
