import { designs } from '../../machines/designs.ts';
import { mutants } from '../../machines/mutants.ts';
import type { AnyDesign } from '../../src/model/design.ts';

export const isNightly = process.env['PRECOPY_NIGHTLY'] === '1';

/**
 * What the slowest tests go through: in the unit suite the designs, and in `npm run test:nightly` the mutants, which differ from them by a
 * machine each and would take the suite beyond two minutes.
 */
export const designsOrMutants: readonly AnyDesign[] = isNightly ? mutants : designs;

/** What is tried in `npm run test:nightly` only. */
export const nightly = <T>(all: readonly T[]): readonly T[] => (isNightly ? all : []);
