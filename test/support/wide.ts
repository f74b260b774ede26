import { counter, defineDesign, defineSystem, shared } from 'precopy';

const values = 256;

const system = defineSystem({
  name: 'wide',
  memory: () => ({ mem: shared({ padding: Array.from({ length: 3 }, () => counter(2 ** 31 - 1)) }) }),
  actors: { it: 'one' },
});

const it = system
  .actor({
    events: { PICK: { field: 'n', size: () => values }, STEP: {} },
    registers: () => ({ first: counter(values), second: counter(values) }),
  })
  .setup({
    actions: {
      pickFirst: ({ context: { my }, event }) => (my.first = event.n),
      pickSecond: ({ context: { my }, event }) => (my.second = event.n),
    },
  })
  .createMachine({
    id: 'it',
    initial: 'first',
    states: {
      first: { on: { PICK: { actions: 'pickFirst', target: 'second' } } },
      second: { on: { PICK: { actions: 'pickSecond', target: 'picked' } } },
      picked: { on: { STEP: 'done' } },
      done: {},
    },
  });

/** A design with a wide frontier: levels of 256, 65,536 and 65,536 states, the last of which are deadlocked. */
export default defineDesign({
  id: 'wide',
  title: 'wide',
  system,
  machines: { it },
  properties: [system.properties.noDeadlock({ id: 'goes-on', description: '' }, () => false)],
});

/** Number of states, and the memory that the search needs while all but 8 chunks of the frontier are spilled. */
export const wideSearch = { states: 1 + values + 2 * values ** 2, limits: { maxMemoryBytes: 2 ** 23 } };
