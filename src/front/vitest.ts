import { expect } from 'vitest';
import { memoise } from '../compile/memoise.ts';
import { compile } from '../compile/program.ts';
import { exhaustive, type Limits } from '../explore/exhaustive.ts';
import { finish } from '../explore/finish.ts';
import type { Exploration } from '../explore/result.ts';
import { type SampleOptions, sample } from '../explore/sample.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import { only, type Sizes } from './asked.ts';
import { told } from './told.ts';

interface DesignMatchers {
  /**
   * Every interleaving of the design keeps the property, or these properties; covers among them are all hit. A proof for the sizes: all
   * states are visited, and a limit that is reached is a failure, with `not` as well.
   */
  toHold(property: Property | readonly Property[], sizes?: Sizes, limits?: Limits): void;
  /** No schedule that is drawn breaks the property, or these: 10,000 of 200 steps unless told. No proof. */
  toSurvive(property: Property | readonly Property[], sizes: Sizes, drawing: Drawing): void;
}

/** How schedules are drawn; the same seed gives the same ones. */
export type Drawing = Pick<SampleOptions, 'strategy' | 'seed'> & Partial<SampleOptions>;

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends DesignMatchers {}
}

expect.extend({
  toHold(design: AnyDesign, property: Property | readonly Property[], sizes: Sizes = {}, limits: Limits = {}) {
    const asked = only(design, property);
    const found = finish(exhaustive(memoise(compile(asked, sizes)), limits));
    const isOpen = found.verdict === 'inconclusive';
    const missed = found.covers.filter(({ hit }) => !hit).map(({ id }) => id);
    return {
      pass: isOpen ? this.isNot : found.verdict === 'holds' && missed.length === 0,
      message: () => {
        if (isOpen) return `${design.id} is not decided: stopped by ${found.stoppedBy} after ${found.states} states`;
        if (found.violation) return failure(asked, sizes, found);
        if (missed.length > 0) return `${design.id} never hits ${missed.join(', ')} (${found.states} states)`;
        return `${design.id} holds, in all of its ${found.states} states`;
      },
    };
  },

  toSurvive(design: AnyDesign, property: Property | readonly Property[], sizes: Sizes, drawing: Drawing) {
    const asked = only(design, property);
    const options = { runs: 10_000, depth: 200, bugDepth: 3, ...drawing };
    const found = finish(sample(memoise(compile(asked, sizes)), options));
    const which = `${options.strategy}, seed ${options.seed}`;
    return {
      pass: found.verdict !== 'violated',
      message: () =>
        found.violation
          ? `${failure(asked, sizes, found)}\n${which}: schedule ${found.sampled?.runs}, shrunk from ${found.sampled?.stepsFound} steps`
          : `${design.id} survives ${found.sampled?.runs} schedules (${which})`,
    };
  },
});

function failure(design: AnyDesign, sizes: Sizes, { violation }: Exploration): string {
  return `${design.id} breaks ${violation?.property}:\n\n${told(design, sizes, violation?.schedule ?? [])}`;
}
