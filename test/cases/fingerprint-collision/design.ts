import { counter, defineDesign, defineSystem, shared } from 'precopy';

/**
 * Crafted: two fields that are both 0, or both `value`, have one fingerprint, as the salts of fields 53 and 421 of 422
 * differ by the same bits in both lanes.
 */
export function collide(value: number) {
  const system = defineSystem({
    name: 's',
    memory: () => ({ m: shared({ c: Array.from({ length: 421 }, () => counter(2 ** 31 - 1)) }) }),
    actors: { a: 'one' },
    tags: [],
  });
  const a = system
    .actor({ events: { ONE: {}, TWO: {} } })
    .setup({
      actions: {
        one: ({ context: { m } }) => m.c(52).set(value),
        two: ({ context: { m } }) => m.c(420).set(value),
      },
    })
    .createMachine({
      id: 'a',
      initial: 'p',
      states: { p: { on: { ONE: { actions: 'one' }, TWO: { actions: 'two' } } } },
    });
  return defineDesign({
    id: 'collide',
    title: 'two fields whose salts cancel',
    system,
    machines: { a },
    properties: [
      system.properties.never(
        { id: 'both', description: 'never both' },
        ({ m }) => m.c(52).get() === value && m.c(420).get() === value,
      ),
    ],
  });
}
