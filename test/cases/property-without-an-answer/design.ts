import { type AnyDesign, bit, defineDesign, defineSystem, type Property, shared } from 'precopy';

const system = defineSystem({
  name: 's',
  memory: () => ({ m: shared({ x: bit() }) }),
  actors: { a: 'one' },
  tags: [],
});
const { always, never, reachable } = system.properties;

/** TypeScript refuses predicates like these; a file that is only stripped of its types does not. */
const untyped = (predicate: (view: { m: { x: { get(): boolean } } }) => unknown) => predicate as never;

export const properties = {
  'a never that returns nothing': never(
    { id: 'no-return', description: 'x is never set' },
    untyped(({ m }) => {
      m.x.get();
    }),
  ),
  'an always that is async': always(
    { id: 'async', description: 'x is always clear' },
    untyped(async ({ m }) => !m.x.get()),
  ),
  'a cover that is async': reachable(
    { id: 'async-cover', description: 'x is set twice' },
    untyped(async () => false),
  ),
};

function designOf(guard: () => boolean, ...property: readonly Property[]): AnyDesign {
  const a = system
    .actor({ events: { E: {} } })
    .setup({ actions: { set: ({ context: { m } }) => m.x.set(true) }, guards: { guard } })
    .createMachine({ id: 'a', initial: 'p', states: { p: { on: { E: { guard: 'guard', actions: 'set' } } } } });
  return defineDesign({ id: 'forgot', title: 't', system, machines: { a }, properties: property });
}

export const designWith = (property: Property): AnyDesign => designOf(() => true, property);

/** The guard of its only step answers with a promise. */
export const designWithAsyncGuard = (): AnyDesign => designOf(untyped(async () => true));
