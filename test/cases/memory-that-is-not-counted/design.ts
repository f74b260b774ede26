import { counter, defineDesign, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 's',
  params: { n: { default: 600, min: 1, max: 5000, description: 'number of counters' } },
  memory: ({ n }) => ({ m: shared({ c: Array.from({ length: n }, () => counter(2 ** 31 - 1)) }) }),
  actors: { a: 'one' },
  tags: [],
});
const a = system
  .actor({ events: { E: { field: 'i', size: ({ n }) => n } } })
  .setup({ actions: { set: ({ context: { m }, event }) => m.c(event.i).set(1) } })
  .createMachine({ id: 'a', initial: 'p', states: { p: { on: { E: { actions: 'set' } } } } });

/** Few states and steps, each of many fields: what the search remembers besides the states is large. */
export default defineDesign({
  id: 'wide',
  title: 'many counters',
  system,
  machines: { a },
  properties: [
    system.properties.never(
      { id: 'last-three', description: 'the last three are not all set' },
      ({ m, params: { n } }) => [n - 1, n - 2, n - 3].every((place) => m.c(place).get() === 1),
    ),
  ],
});
