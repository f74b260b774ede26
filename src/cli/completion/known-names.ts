import { designs, loadMutants } from '../../app/designs/design-registry.ts';
import { builtInProfiles } from '../../app/simulate/profiles.ts';
import { sweepDimensions } from '../../app/simulate/sweep.ts';
import type { Property } from '../../model/property.ts';
import type { NamesOf } from './complete-words.ts';

/** Returns the names that an option or an argument of a command line takes: those of what is built in. */
export const knownNames: NamesOf = async ({ option, argument = '' }) => {
  if (/^design/.test(argument)) return [...designs, ...(await loadMutants())].map(({ id }) => id);
  switch (option) {
    case 'param':
    case 'checkParam':
      return paramNames().map((name) => `${name}=`);
    case 'sweep':
      return [...sweepDimensions, ...paramNames()].map((name) => `${name}=`);
    case 'property':
      return propertyIds(() => true);
    case 'show':
      return propertyIds(({ kind }) => kind === 'cover');
    case 'profile':
      return builtInProfiles();
    default:
      return [];
  }
};

const paramNames = (): string[] => [...new Set(designs.flatMap(({ system }) => Object.keys(system.spec.params)))];

function propertyIds(isWanted: (property: Property) => boolean): string[] {
  const all = designs.flatMap(({ properties }) => properties as readonly Property[]);
  return [...new Set(all.filter(isWanted).map(({ id }) => id))];
}
