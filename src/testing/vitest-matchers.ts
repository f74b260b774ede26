import { expect } from 'vitest';
import { memoise } from '../cache/cached-program.ts';
import { compile } from '../compile/compile.ts';
import { confirmCounterexample } from '../live/confirm-counterexample.ts';
import { type AnyDesign, paramsOfCheck } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property } from '../model/property.ts';
import type { Limits } from '../search/bfs/breadth-first-search.ts';
import { type SampleOptions, sampleSchedules } from '../search/random/schedule-sampling.ts';
import { runEngine } from '../search/run-engine.ts';
import { decide } from './decide.ts';
import { type Finding, matcherResult, summarize, violation } from './finding.ts';
import { type Params, refuseInapplicable, refuseUndecidableBySampling, withProperties } from './with-properties.ts';

/** The matchers that `precopy/vitest` adds to `expect`. */
export interface DesignMatchers {
  /**
   * Expects that every interleaving satisfies these properties: a proof at these params, as of `precopy check`. Safety
   * properties are decided by visiting all states, leads-to properties by a search for fair cycles. All covers must be
   * hit, and the premise of each leads-to property must arise. A limit that is reached is a failure.
   *
   * With `not`, one of these properties must be violated, or, of covers alone, one never be hit. Anything else is a
   * failure: a limit, a violation of `well-formed`, a leads-to property that holds vacuously.
   * @example
   * expect(design).toHold(protectedOnReturn, { vcpus: 1, pages: 1 });
   */
  toHold(property: Property | readonly Property[], params?: Params, limits?: Limits): void;
  /**
   * Expects that no random schedule violates these safety properties; by default 10,000 schedules of at most 200 steps.
   * This is no proof, and covers need not be hit. A leads-to property is refused: a finite schedule violates none. With
   * `not`, some schedule must violate one of these properties, and not merely `well-formed`.
   * @example
   * expect(design).toSurvive(protectedOnReturn, { vcpus: 4 }, { strategy: 'pct', seed: 1 });
   */
  toSurvive(property: Property | readonly Property[], params: Params, sampling: SamplingOptions): void;
}

/**
 * Options of schedule sampling. The same seed samples the same schedules.
 * @example
 * const options: SamplingOptions = { strategy: 'pct', seed: 1, runs: 500 };
 */
export type SamplingOptions = Pick<SampleOptions, 'strategy' | 'seed'> & Partial<SampleOptions>;

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends DesignMatchers {}
}

expect.extend({
  toHold(design: AnyDesign, property: Property | readonly Property[], params: Params = {}, limits: Limits = {}) {
    const checked = withProperties(design, property);
    return matcherResult(summarize(checked, decide(checked, params, limits)), this.isNot);
  },

  toSurvive(design: AnyDesign, property: Property | readonly Property[], params: Params, sampling: SamplingOptions) {
    const checked = withProperties(design, property);
    return matcherResult(sample(checked, params, sampling), this.isNot);
  },
});

function sample(design: AnyDesign, params: Params, sampling: SamplingOptions): Finding {
  refuseUndecidableBySampling(design);
  const options = { runs: 10_000, depth: 200, bugDepth: 3, ...sampling };
  const { strategy, seed, runs, depth } = options;
  if (!(runs >= 1 && depth >= 1)) {
    const cause = `${runs} schedules of at most ${depth} steps decide nothing`;
    throw new PrecopyError('BAD_PARAMETER', cause, 'give at least 1 for `runs` and for `depth`');
  }
  const program = memoise(compile(design, paramsOfCheck(design, 'safety', params)));
  refuseInapplicable(design, program.params);
  const { violation: found, sampled } = runEngine(sampleSchedules(program, options));
  const which = `${strategy}, seed ${seed}`;
  if (!found) return { outcome: 'holds', text: `${design.id} survives ${sampled?.runs} schedules (${which})` };
  const finding = violation(design, confirmCounterexample(design, program.params, found));
  const shrunk = `${which}: schedule ${sampled?.runs}, shrunk from ${sampled?.stepsFound} steps`;
  return { ...finding, text: `${finding.text}\n${shrunk}` };
}
