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
   * Every interleaving of the design keeps the property, or these properties; covers among them are all hit. A proof for the sizes: all
   * states are visited, and a limit that is reached is a failure, with `not` as well.
   */
  toHold(property: Property | readonly Property[], params?: Params, limits?: Limits): void;
  /** No schedule that is drawn breaks the property, or these: 10,000 of 200 steps unless told. No proof. */
  toSurvive(property: Property | readonly Property[], params: Params, drawing: SamplingOptions): void;
}

/** How schedules are drawn; the same seed gives the same ones. */
export type SamplingOptions = Pick<SampleOptions, 'strategy' | 'seed'> & Partial<SampleOptions>;

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends DesignMatchers {}
}

expect.extend({
  toHold(design: AnyDesign, property: Property | readonly Property[], params: Params = {}, limits: Limits = {}) {
    const asked = withProperties(design, property);
    const found = runEngine(breadthFirstSearch(memoise(compile(asked, params)), limits));
    const isOpen = found.verdict === 'inconclusive';
    const missed = found.covers.filter(({ hit }) => !hit).map(({ id }) => id);
    return {
      pass: isOpen ? this.isNot : found.verdict === 'holds' && missed.length === 0,
      message: () => {
        if (isOpen) return `${design.id} is not decided: stopped by ${found.stoppedBy} after ${found.states} states`;
        if (found.violation) return failure(asked, params, found);
        if (missed.length > 0) return `${design.id} never hits ${missed.join(', ')} (${found.states} states)`;
        return `${design.id} holds, in all of its ${found.states} states`;
      },
    };
  },

  toSurvive(design: AnyDesign, property: Property | readonly Property[], params: Params, drawing: SamplingOptions) {
    const asked = withProperties(design, property);
    const options = { runs: 10_000, depth: 200, bugDepth: 3, ...drawing };
    const found = runEngine(sampleSchedules(memoise(compile(asked, params)), options));
    const which = `${options.strategy}, seed ${options.seed}`;
    return {
      pass: found.verdict !== 'violated',
      message: () =>
        found.violation
          ? `${failure(asked, params, found)}\n${which}: schedule ${found.sampled?.runs}, shrunk from ${found.sampled?.stepsFound} steps`
          : `${design.id} survives ${found.sampled?.runs} schedules (${which})`,
    };
  },
});

function failure(design: AnyDesign, params: Params, { violation }: Exploration): string {
  return `${design.id} breaks ${violation?.property}:\n\n${formatCounterexample(design, params, violation?.schedule ?? [])}`;
}
