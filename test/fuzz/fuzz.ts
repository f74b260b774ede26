import { Case, Disagreement } from './case.ts';
import { type Comparison, comparisons } from './engines.ts';
import { generate, type Kind, type Sample } from './generate.ts';

/** What went wrong with a generated system. */
export interface Failure {
  readonly sample: Sample;
  readonly comparison: string;
  readonly message: string;
  /** the kind of failure, which a smaller system must share */
  readonly what: string;
}

/**
 * Compares engines with the reference on one generated system.
 * @param isChosen which comparisons to make; all that apply, by default
 */
export function fuzzOne(
  kind: Kind,
  seed: number,
  maxStates: number,
  isChosen: (comparison: Comparison) => boolean = () => true,
): Failure | undefined {
  const sample = generate(kind, seed, maxStates);
  return sample && compareAll(sample, comparisons.filter(isChosen));
}

/** Compares engines with the reference. Returns the first failure. */
export function compareAll(sample: Sample, chosen: readonly Comparison[]): Failure | undefined {
  let comparison = 'design';
  try {
    const one = new Case(sample);
    for (const candidate of chosen) {
      comparison = candidate.name;
      if (candidate.applies(one)) candidate.run(one);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Disagreement) return { sample, comparison, message: error.message, what: error.what };
    const { stack, message } = error as Error;
    return { sample, comparison, message: stack ?? message, what: message.replace(/\d+/g, 'N') };
  }
}
