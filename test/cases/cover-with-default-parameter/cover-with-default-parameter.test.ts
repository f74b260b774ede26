import { bit, defineDesign, defineSystem, shared } from 'precopy';
import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';

const system = defineSystem({
  name: 's',
  memory: () => ({ m: shared({ x: bit() }) }),
  actors: { a: 'one' },
  tags: [],
});
const a = system
  .actor({ events: { STEP: {}, OTHER: {} } })
  .setup({ actions: { hop: () => undefined, hip: () => undefined } })
  .createMachine({
    id: 'a',
    initial: 'p',
    states: { p: { on: { STEP: { actions: 'hop' }, OTHER: { actions: 'hip' } } } },
  });
const { reachable } = system.properties;
const noStep = { actor: -1, actions: [], payload: 0 };
const covers = {
  'a second parameter': reachable({ id: 'plain', description: 'hip runs' }, (_, step) => step.actions.includes('hip')),
  'a default for it': reachable({ id: 'defaulted', description: 'hip runs' }, (_, step = noStep) =>
    step.actions.includes('hip'),
  ),
  'a rest parameter': reachable({ id: 'rest', description: 'hip runs' }, (...[, step]) => step.actions.includes('hip')),
};

const isHit = (cover: keyof typeof covers): boolean | undefined => {
  const properties = [covers[cover]];
  return explore(defineDesign({ id: 'cover', title: 't', system, machines: { a }, properties })).covers[0]?.hit;
};

test('a cover that looks at the step by a second parameter is hit', () => {
  expect(isHit('a second parameter')).toBe(true);
});

test.each(['a default for it', 'a rest parameter'] as const)('a cover that looks at the step by %s is hit', (cover) => {
  expect(isHit(cover)).toBe(true);
});
