import { describe, expect, it } from 'vitest';
import { designs } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import {
  bit,
  compile,
  defineDesign,
  defineSystem,
  type Exploration,
  liveness,
  memoise,
  owned,
  type Premises,
  runEngine,
} from '../../../src/index.ts';
import { confirmCounterexample } from '../../../src/live/confirm-counterexample.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { symbolicLiveness } from '../../../src/search/symbolic/fair-cycles/symbolic-liveness.ts';
import type { SymbolicLimits } from '../../../src/search/symbolic/symbolic-search.ts';
import { isNightly, nightly } from '../../support/nightly.ts';

type Params = Readonly<Record<string, number>>;
const small = { vcpus: 1, pages: 1 };
const all = [...designs, ...mutants] as readonly AnyDesign[];
const named = (id: string): AnyDesign => all.find((design) => design.id === id) as AnyDesign;

const symbolic = (design: AnyDesign, params: Params, limits?: SymbolicLimits): Exploration =>
  runEngine(symbolicLiveness(memoise(compile(design, params)), limits));

/** Returns what both searches say. One that ends at a fault has counted other states than the other. */
function resultOf({ verdict, states, transitions, properties, covers, untaken, violation }: Exploration): object {
  if (violation && !violation.cycle) return { verdict, length: violation.schedule.length };
  return { verdict, states, transitions, properties, covers, untaken };
}

/** Compares the symbolic search with the explicit one, and confirms its lasso on live actors. */
function compare(design: AnyDesign, params: Params): Exploration {
  const found = symbolic(design, params);
  expect(resultOf(found)).toEqual(resultOf(runEngine(liveness(memoise(compile(design, params))))));
  const { violation } = found;
  if (violation) expect(confirmCounterexample(design, params, violation, 'liveness').violation).toBeDefined();
  return found;
}

/** One in which nothing happens any more, and one with a cycle. */
const byDay = ['rmap-xchg/interrupts-off', 'rmap-xchg/never-small-enough'];

describe('symbolic search for fair cycles finds what the explicit one finds', () => {
  for (const { id } of isNightly ? all : byDay.map(named)) {
    it(`of ${id} at 1x1`, () => void compare(named(id), small));
  }

  for (const design of nightly(designs as readonly AnyDesign[])) {
    it(`of ${design.id} at 2x1`, () => void compare(design, { vcpus: 2, pages: 1 }));
  }
});

const system = defineSystem({
  name: 'waiting',
  memory: () => ({ m: owned({ wants: bit() }) }),
  actors: { it: 'one' },
  tags: [],
});
const actor = system.actor({ events: { ASK: {}, SPIN: {}, ANSWER: {} } });
const machine = actor
  .use(
    actor.implement({
      actions: {
        ask: ({ context: { m } }) => m.wants.set(true),
        answer: ({ context: { m } }) => m.wants.set(false),
      },
      guards: {},
    }),
  )
  .createMachine({
    id: 'it',
    initial: 'idle',
    states: {
      idle: { on: { ASK: { actions: 'ask', target: 'asking' } } },
      asking: { on: { SPIN: { actions: 'ask' }, ANSWER: { actions: 'answer', target: 'idle' } } },
    },
  });

type WaitingView = Parameters<Parameters<typeof system.properties.always>[1]>[0];

/** An actor that asks, spins, and answers itself, which is answered under these premises. */
const waiting = (premises: Premises<WaitingView>, from = ({ m }: WaitingView): boolean => m.wants.get()): AnyDesign =>
  defineDesign({
    id: 'waiting',
    title: 'waits',
    system,
    machines: { it: machine },
    properties: [
      system.properties.leadsTo(
        { id: 'answered', description: 'it is answered', ...premises },
        from,
        ({ m }) => !m.wants.get(),
      ),
    ],
  }) as AnyDesign;

describe('symbolic search for fair cycles', () => {
  it('finds a cycle that changes nothing, and is fair to the actor that takes it', () => {
    const { violation } = compare(waiting({}), {});
    expect([violation?.schedule.length, violation?.cycle?.length]).toEqual([1, 1]);
  });

  it('excludes runs that are not strongly fair', () => {
    expect(compare(waiting({ strongly: [{ event: 'ANSWER' }] }), {}).verdict).toBe('holds');
  });

  it('demands strong fairness only in the states of a premise', () => {
    const never = { event: 'ANSWER', when: ({ m }: WaitingView) => !m.wants.get() };
    expect(compare(waiting({ strongly: [never] }), {}).verdict).toBe('violated');
  });

  it('excludes runs that take an event for ever which happens only finitely often', () => {
    expect(compare(waiting({ finitely: ['SPIN'] }), {}).verdict).toBe('holds');
  });

  it('says that a premise arises in no state', () => {
    const { covers } = compare(
      waiting({}, () => false),
      {},
    );
    expect(covers).toEqual([{ id: 'answered', hit: false }]);
  });

  for (const activity of ['fair', 'lasso'] as const) {
    it(`gives no verdict when it is stopped while it looks for a ${activity === 'fair' ? 'fair cycle' : activity}`, () => {
      const search = symbolicLiveness(compile(waiting({})));
      const found = runEngine(search, ({ symbolic: now }) => (now?.activity === activity ? 'time' : undefined));
      expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'time', symbolic: { activity } });
      expect(found.properties).toEqual([{ id: 'answered', verdict: 'inconclusive' }]);
      expect(found.symbolic?.violated).toBe(activity === 'lasso' ? 'answered' : undefined);
    });
  }

  it('gives no verdict when its memory is full', () => {
    const found = symbolic(named('rmap-xchg'), small, { maxMemoryBytes: 2 ** 19 });
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-memory' });
  });
});
