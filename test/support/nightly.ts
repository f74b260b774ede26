import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';

export const isNightly = process.env['PRECOPY_NIGHTLY'] === '1';

/** Designs with a second collector, a shadow MMU or a balloon beside them: their machines are those of other designs but for one or two. */
const hasCompany = ({ params }: AnyDesign): boolean =>
  params?.['collectors'] === 2 || params?.['shadowMmu'] === 1 || params?.['freePageHints'] === 1;
const all = designs as readonly AnyDesign[];
const alone = all.filter((design) => !hasCompany(design));

/**
 * What the slowest tests go through: in the unit suite the designs that stand alone, and in `npm run test:nightly` all of them and
 * the mutants, which differ from them by a machine each and would take the suite beyond two minutes.
 */
export const designsOrMutants: readonly AnyDesign[] = isNightly ? [...all, ...mutants] : alone;

/** The designs that stand alone, and by night all of them. */
export const designsByDay: readonly AnyDesign[] = isNightly ? all : alone;

/** What is tried in `npm run test:nightly` only. */
export const nightly = <T>(all: readonly T[]): readonly T[] => (isNightly ? all : []);
