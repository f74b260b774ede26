import { bitmap, compile, defineDesign, defineSystem, memoise, runEngine, shared } from 'precopy';
import { expect, it } from 'vitest';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { explore } from '../../support/explore.ts';

const system = defineSystem({
  name: 'leaving',
  memory: () => ({ all: shared({ gone: bitmap(2) }) }),
  actors: { guest: () => 2 },
  symmetry: { role: 'guest', perProcess: ['all.gone'], processSets: [], processIds: {}, payloads: [] },
});
const guest = system
  .actor({ events: { STEP: {} } })
  .setup({
    guards: { isFirst: ({ context: { all } }) => all.gone.isEmpty() },
    actions: { leave: ({ context: { all, me } }) => all.gone.set(me) },
  })
  .createMachine({
    id: 'guest',
    initial: 'here',
    states: {
      here: { on: { STEP: { guard: 'isFirst', actions: 'leave', target: 'gone', meta: { coarse: 'one lock' } } } },
      gone: {},
    },
  });

it.each([0, 1])('symmetry reduction finds a deadlock that is allowed unless guest %i has left', (nth) => {
  const property = system.properties.noDeadlock(
    { id: 'allowed', description: 'this guest has not left' },
    ({ all }) => !all.gone.has(nth),
  );
  const design = defineDesign({
    id: 'leaving',
    title: 'one guest leaves',
    system,
    machines: { guest },
    properties: [property],
  });
  const reduced = runEngine(symmetryReducedSearch(memoise(compile(design))));
  for (const { verdict, violation } of [explore(design), reduced]) {
    expect(verdict).toBe('violated');
    expect(violation?.property).toBe('allowed');
    expect(violation?.schedule).toHaveLength(1);
  }
});
