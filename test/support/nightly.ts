import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';

export const isNightly = process.env['PRECOPY_NIGHTLY'] === '1';

/**
 * Returns true for designs with a second collector, a shadow MMU or a balloon: most of their machines are those of
 * other designs.
 */
const sharesMachines = ({ params, system }: AnyDesign): boolean =>
  system.layers.length > 1 || params?.['shadowMmu'] === 1;
const all = designs as readonly AnyDesign[];
const distinct = all.filter((design) => !sharesMachines(design));

/**
 * The designs of the slowest tests: in the unit suite those that share few machines, in the nightly suite all of them
 * and the mutants, which would take the unit suite beyond two minutes.
 */
export const designsOrMutants: readonly AnyDesign[] = isNightly ? [...all, ...mutants] : distinct;

/** The designs that share few machines; in the nightly suite all designs. */
export const designsByDay: readonly AnyDesign[] = isNightly ? all : distinct;

/** Returns the cases in the nightly suite, and none in the unit suite. */
export const nightly = <T>(all: readonly T[]): readonly T[] => (isNightly ? all : []);
