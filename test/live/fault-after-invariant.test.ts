import { checkDesign, counter, defineDesign, defineSystem, shared } from 'precopy';
import { expect, it } from 'vitest';

const system = defineSystem({ name: 's', memory: () => ({ m: shared({ n: counter(1) }) }), actors: { a: 'one' } });
const a = system
  .actor({ events: { ADD: {} } })
  .setup({ actions: { add: ({ context: { m } }) => m.n.set(2), one: ({ context: { m } }) => m.n.set(1) } })
  .createMachine({
    id: 'a',
    initial: 'p',
    states: { p: { on: { ADD: { actions: 'one', target: 'q' } } }, q: { on: { ADD: { actions: 'add' } } } },
  });
const { leadsTo, never } = system.properties;

it('a fault that a search for fair cycles finds is confirmed, though an invariant is violated before it', async () => {
  const design = defineDesign({
    id: 'toy',
    title: 'a toy',
    system,
    machines: { a },
    properties: [
      never({ id: 'one', description: 'n is not 1' }, ({ m }) => m.n.get() === 1),
      leadsTo(
        { id: 'ends', description: 'n becomes 1' },
        () => true,
        ({ m }) => m.n.get() === 1,
      ),
    ],
  });
  const results = await checkDesign(design);
  expect(results.map(({ trace }) => [trace?.violation?.property, trace?.steps.length])).toEqual([
    ['one', 1],
    ['well-formed', 2],
  ]);
});
