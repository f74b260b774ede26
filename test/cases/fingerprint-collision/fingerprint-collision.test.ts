import { breadthFirstSearch, compile, memoise, type Program, runEngine } from 'precopy';
import { expect, test } from 'vitest';
import { collide } from './design.ts';

const value = 0x21826520;
const search = (program: Program) => {
  const { verdict, states } = runEngine(breadthFirstSearch(program));
  return { verdict, states };
};
const right = { verdict: 'violated', states: 4 };

test('two fields whose salts cancel do not collide in the incremental fingerprint', () => {
  expect(search(memoise(compile(collide(value))))).toEqual(right);
});

test('two fields whose salts cancel do not collide in the fingerprint of whole states', () => {
  expect(search(compile(collide(value)))).toEqual(right);
});
