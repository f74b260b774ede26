import { type AnyDesign, PrecopyError } from 'precopy';
import { explore } from '../support/explore.ts';

/** Returns the verdict of an exhaustive search, or `refused` if the design is refused before or during it. */
export function verdictOf(makeDesign: () => AnyDesign, params: Readonly<Record<string, number>> = {}): string {
  try {
    return explore(makeDesign(), params).verdict;
  } catch (error) {
    if (error instanceof PrecopyError) return 'refused';
    throw error;
  }
}
