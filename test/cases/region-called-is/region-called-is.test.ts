import { bit, defineDesign, defineSystem, shared } from 'precopy';
import { expect, test } from 'vitest';
import { verdictOf } from '../verdict.ts';

type Flag = Readonly<Record<string, { readonly flag: { get(): boolean; set(value: boolean): void } }>>;

/** A design with one memory region of this name. */
function designWithRegion(region: string) {
  const system = defineSystem({
    name: `with-${region}`,
    memory: () => ({ [region]: shared({ flag: bit() }) }),
    actors: { one: 'one' },
    tags: ['done'],
  });
  const one = system
    .actor({ events: { STEP: {} } })
    .setup({ actions: { set: ({ context }) => (context as unknown as Flag)[region]?.flag.set(true) } })
    .createMachine({
      id: 'one',
      initial: 'a',
      states: { a: { on: { STEP: { actions: 'set', target: 'b' } } }, b: { type: 'final', tags: ['done'] } },
    });
  return defineDesign({
    id: `region-${region}`,
    title: region,
    system,
    machines: { one },
    properties: [
      system.properties.always(
        { id: 'flag-is-set', description: 'the flag is set at the end' },
        (view) => view.is.done.count() === 0 || (view as unknown as Flag)[region]?.flag.get() === true,
      ),
    ],
  });
}

test('a region whose name is free is accepted', () => {
  expect(verdictOf(() => designWithRegion('flags'))).toBe('holds');
});

test.each(['is', 'my', 'send', 'posted', 'actors', 'params', 'me', 'nth', 'barrier'])(
  'a region called %s is refused: views and contexts have that name',
  (region) => {
    expect(verdictOf(() => designWithRegion(region))).toBe('refused');
  },
);
