import { expect } from 'vitest';
import { memoise } from '../cache/cached-program.ts';
import { compile } from '../compile/compile.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import { breadthFirstSearch, type Limits } from '../search/bfs/breadth-first-search.ts';
import type { Exploration } from '../search/exploration.ts';
import { type SampleOptions, sampleSchedules } from '../search/random/schedule-sampling.ts';
import { runEngine } from '../search/run-engine.ts';
import { formatCounterexample } from './format-counterexample.ts';
import { type Params, withProperties } from './with-properties.ts';

interface DesignMatchers {
  /**
   * Expects that every interleaving satisfies these properties, and that all covers among them are hit. This is a proof
   * at these params: all states are visited. A limit that is reached is a failure, with `not` as well.
   * @example
   * expect(design).toHold(protectedOnReturn, { vcpus: 1, pages: 1 });
   */
  toHold(property: Property | readonly Property[], params?: Params, limits?: Limits): void;
  /**
   * Expects that no random schedule violates these properties; by default 10,000 schedules of at most 200 steps. This
   * is no proof.
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
    const result = runEngine(breadthFirstSearch(memoise(compile(checked, params)), limits));
    const isOpen = result.verdict === 'inconclusive';
    const missed = result.covers.filter(({ hit }) => !hit).map(({ id }) => id);
    return {
      pass: isOpen ? this.isNot : result.verdict === 'holds' && missed.length === 0,
      message: () => {
        if (isOpen) return `${design.id} is inconclusive: stopped by ${result.stoppedBy} after ${result.states} states`;
        if (result.violation) return failure(checked, params, result);
        if (missed.length > 0) return `${design.id} never hits ${missed.join(', ')} (${result.states} states)`;
        return `${design.id} holds in all of its ${result.states} states`;
      },
    };
  },

  toSurvive(design: AnyDesign, property: Property | readonly Property[], params: Params, sampling: SamplingOptions) {
    const checked = withProperties(design, property);
    const options = { runs: 10_000, depth: 200, bugDepth: 3, ...sampling };
    const result = runEngine(sampleSchedules(memoise(compile(checked, params)), options));
    const which = `${options.strategy}, seed ${options.seed}`;
    return {
      pass: result.verdict !== 'violated',
      message: () =>
        result.violation
          ? `${failure(checked, params, result)}\n${which}: schedule ${result.sampled?.runs}, shrunk from ${result.sampled?.stepsFound} steps`
          : `${design.id} survives ${result.sampled?.runs} schedules (${which})`,
    };
  },
});

function failure(design: AnyDesign, params: Params, { violation }: Exploration): string {
  return `${design.id} violates ${violation?.property}:\n\n${formatCounterexample(design, params, violation?.schedule ?? [])}`;
}
