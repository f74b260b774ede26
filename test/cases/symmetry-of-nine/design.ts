import { bit, defineDesign, defineSystem, shared } from 'precopy';

/** Workers of which only the first two are of one kind. */
const system = defineSystem({
  name: 'nine',
  params: { n: { default: 9, min: 1, max: 12, description: 'workers' } },
  memory: () => ({ m: shared({ x: bit() }) }),
  actors: { worker: ({ n }) => n },
  tags: ['bad'],
  symmetry: {
    role: 'worker',
    kindOf: (_, nth) => (nth < 2 ? 0 : nth),
    perProcess: [],
    processSets: [],
    processIds: {},
    payloads: [],
  },
});
const worker = system
  .actor({ events: { STEP: {} } })
  .setup({ actions: {} })
  .createMachine({
    id: 'worker',
    initial: 'a',
    states: { a: { on: { STEP: 'b' } }, b: { tags: ['bad'], on: { STEP: 'a' } } },
  });

export const nine = defineDesign({
  id: 'nine',
  title: 'nine workers',
  system,
  machines: { worker },
  properties: [
    system.properties.never(
      { id: 'all-bad', description: 'not all workers are in b' },
      ({ is, params }) => is.bad.count() === params.n,
    ),
  ],
});
