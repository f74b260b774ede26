import { expect, it } from 'vitest';
import { didYouMean, nearestNames } from '../../src/model/nearest-name.ts';

it('the nearest names contain the mistyped one, or differ in few letters or in their order', () => {
  expect(nearestNames('lock', ['unlock', 'mmuLock', 'lcok', 'page'])).toEqual(['unlock', 'lcok']);
  expect(nearestNames('lti', ['lit', 'on'])).toEqual(['lit']);
  expect(nearestNames('loadWrod', ['loadWord', 'page', 'loadWord'])).toEqual(['loadWord']);
  expect(nearestNames('', ['a', 'b'])).toEqual([]);
});

it('a question gives at most three of them, and is empty if none is near', () => {
  expect(didYouMean('gaurd', ['guard', 'target'])).toBe(" (did you mean 'guard'?)");
  expect(didYouMean('a1', ['a2', 'a3', 'a4', 'a5'])).toBe(" (did you mean 'a2', 'a3' or 'a4'?)");
  expect(didYouMean('xyzzy', ['guard'])).toBe('');
});
