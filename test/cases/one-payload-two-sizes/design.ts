import { counter, defineDesign, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 's',
  memory: () => ({ m: shared({ c: counter(3) }) }),
  actors: { a: 'one', b: 'one' },
  tags: [],
});
const meta = { coarse: 'the counter is no subject of this design' };
const a = system
  .actor({ events: { A: { field: 'page', size: () => 3 } } })
  .setup({
    actions: { up: ({ context: { m } }) => m.c.set(m.c.get() + 1) },
    guards: { low: ({ context: { m } }) => m.c.get() < 3 },
  })
  .createMachine({ id: 'a', initial: 'p', states: { p: { on: { A: { guard: 'low', actions: 'up', meta } } } } });
const b = system
  .actor({ events: { B: { field: 'page', size: () => 2 } } })
  .setup({
    actions: { up: ({ context: { m } }) => m.c.set(m.c.get() + 1) },
    guards: { low: ({ context: { m } }) => m.c.get() < 3 },
  })
  .createMachine({ id: 'b', initial: 'p', states: { p: { on: { B: { guard: 'low', actions: 'up', meta } } } } });

/** Two events have a payload of one name, with 3 values and with 2. */
export const pages = defineDesign({
  id: 'pages',
  title: 'one payload, two ranges',
  system,
  machines: { a, b },
  properties: [
    system.properties.never({ id: 'three', description: 'the counter is never 3' }, ({ m }) => m.c.get() === 3),
  ],
});
