import { expect, it } from 'vitest';
import { bitmap, breadthFirstSearch, compile, defineDesign, defineSystem, owned, runEngine } from '../../src/index.ts';
import { confirmCounterexample } from '../../src/live/confirm-counterexample.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Property } from '../../src/model/property.ts';
import { symbolicSearch } from '../../src/search/symbolic/symbolic-search.ts';

const system = defineSystem({
  name: 'log',
  memory: ({ pages }: { pages: number }) => ({ m: owned({ log: bitmap(pages), copy: bitmap(pages) }) }),
  params: { pages: { default: 3, min: 1, max: 8, description: 'pages' } },
  actors: { it: 'one' },
  tags: [],
});
const actor = system.actor({ events: { SET: { field: 'gfn', size: ({ pages }) => pages }, COPY: {} } });
const machine = actor
  .use(
    actor.implement({
      actions: {
        set: ({ context: { m }, event }) => m.log.set(event.gfn),
        copy: ({ context: { m } }) => m.copy.copyFrom(m.log),
      },
      guards: {},
    }),
  )
  .createMachine({
    id: 'it',
    initial: 'only',
    states: { only: { on: { SET: { actions: 'set' }, COPY: { actions: 'copy' } } } },
  });

const eachPage = { field: 'gfn', size: ({ pages }: { pages: number }): number => pages };
const designWith = (property: Property): AnyDesign =>
  defineDesign({ id: 'log', title: 'a log', system, machines: { it: machine }, properties: [property] }) as AnyDesign;

const copied = system.properties.always(
  { id: 'copied', description: 'a page of the copy is in the log', each: eachPage },
  ({ m }, gfn) => !m.copy.has(gfn) || m.log.has(gfn),
);
const notLast = system.properties.always(
  { id: 'not-last', description: 'page 2 is not copied', each: eachPage },
  ({ m }, gfn) => gfn !== 2 || !m.copy.has(gfn),
);
const strategies = [breadthFirstSearch, symbolicSearch] as const;

it('an invariant of each page holds if it is true of every page', () => {
  const verdicts = strategies.map((search) => runEngine(search(compile(designWith(copied), {}))).verdict);
  expect(verdicts).toEqual(['holds', 'holds']);
});

it('an invariant of each page is violated by a page, which is named', () => {
  for (const search of strategies) {
    const { violation } = runEngine(search(compile(designWith(notLast), {})));
    if (violation === undefined) throw new Error('no violation was found');
    expect(violation).toMatchObject({ property: 'not-last', schedule: { length: 2 } });
    const trace = confirmCounterexample(designWith(notLast), {}, violation);
    expect(trace.violation?.description).toBe('page 2 is not copied (not for gfn=2)');
  }
});

it('an answer for a page that is neither true nor false is refused', () => {
  const odd = system.properties.always(
    { id: 'odd', description: 'odd', each: eachPage },
    (() => undefined) as unknown as () => boolean,
  );
  for (const search of strategies) {
    expect(() => runEngine(search(compile(designWith(odd), {})))).toThrow(/'odd'.*undefined/s);
  }
});

it.each([
  [{ size: () => 1 }, 'has no field'],
  [{ field: 'gfn' }, 'size is no function'],
  [{ ...eachPage, count: 3 }, "'count'"],
])('%o says nothing of the numbers', (each, message) => {
  const property = system.properties.always({ id: 'p', description: 'p', each: each as never }, () => true);
  expect(() => compile(designWith(property), {})).toThrow(message);
});
