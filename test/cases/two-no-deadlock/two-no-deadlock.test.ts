import { defineDesign, defineSystem } from 'precopy';
import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';

const system = defineSystem({ name: 's', memory: () => ({}), actors: { a: 'one' }, tags: ['end'] });
const a = system
  .actor({ events: { E: {} } })
  .setup({ actions: {} })
  .createMachine({ id: 'a', initial: 'p', states: { p: { on: { E: 'q' } }, q: { tags: ['end'] } } });
const { noDeadlock } = system.properties;

test('of two noDeadlock properties the one that does not allow the end is broken', () => {
  const design = defineDesign({
    id: 'two-no-deadlock',
    title: 'stops at the end',
    system,
    machines: { a },
    properties: [
      noDeadlock({ id: 'may-stop-at-end', description: 'it stops only at the end' }, ({ is }) => is.end.count() > 0),
      noDeadlock({ id: 'never-stops', description: 'it never stops' }),
    ],
  });
  expect(explore(design).violation?.property).toBe('never-stops');
});
