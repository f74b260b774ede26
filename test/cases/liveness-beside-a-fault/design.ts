import { counter, defineDesign, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 's',
  memory: () => ({ m: shared({ c: counter(1) }) }),
  actors: { a: 'one' },
  tags: ['end'],
});
const a = system
  .actor({ events: { STEP: {}, OTHER: {} } })
  .setup({ actions: { over: ({ context: { m } }) => m.c.set(m.c.get() + 1) } })
  .createMachine({
    id: 'a',
    initial: 'p',
    states: {
      p: { on: { STEP: { actions: 'over' }, OTHER: 'end' } },
      end: { tags: ['end'], on: { STEP: { actions: 'over' } } },
    },
  });

/** The second STEP takes a counter over its bound. */
export const over = defineDesign({
  id: 'over',
  title: 'a counter over its bound',
  system,
  machines: { a },
  properties: [
    system.properties.leadsTo(
      { id: 'ends', description: 'it ends' },
      () => true,
      ({ is }) => is.end.count() > 0,
    ),
  ],
});
