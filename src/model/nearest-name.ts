import { distance } from 'fastest-levenshtein';
import { orList } from './word-list.ts';

/**
 * Returns at most three names that a mistyped one may stand for. Names that contain `name` come first, then those of
 * the smallest edit distance. Of short names, those with letters in another order are near too.
 */
export function nearestNames(name: string, all: readonly string[]): string[] {
  const contains = (one: string): number => (name !== '' && one.includes(name) ? 1 : 0);
  const letters = (word: string): string => [...word].sort().join('');
  const isNear = (one: string): boolean =>
    distance(name, one) <= Math.max(name.length, one.length) / 2 || letters(name) === letters(one);
  const near = [...new Set(all)].filter((one) => contains(one) || isNear(one));
  return near.sort((a, b) => contains(b) - contains(a) || distance(name, a) - distance(name, b)).slice(0, 3);
}

/** Returns a question for the nearest names, in brackets and after a space: ` (did you mean 'guard'?)`. */
export function didYouMean(name: string, all: readonly string[]): string {
  const near = nearestNames(name, all).map((one) => `'${one}'`);
  return near.length > 0 ? ` (did you mean ${orList(near)}?)` : '';
}
