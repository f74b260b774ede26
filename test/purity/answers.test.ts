import { describe, expect, test } from 'vitest';
import { engines, refusalBy } from './engines.ts';
import { type Functions, toy } from './toys.ts';

const noAnswers: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  '1': 1,
  '"true"': 'true',
  'an object': {},
  'a promise': Promise.resolve(true),
};

/** The predicates of a toy, by the name that errors give them. */
const predicates: Readonly<Record<string, (answer: () => unknown) => Functions>> = {
  "machine 'adder': the guard 'may'": (guard) => ({ guard }),
  "the property 'always'": (always) => ({ always }),
  "the property 'never'": (never) => ({ never }),
  "the property 'cover'": (cover) => ({ cover }),
  "'where' of the property 'cover'": (where) => ({ where }),
};

/** What an engine does not evaluate. */
const unevaluated: Readonly<Record<string, readonly string[]>> = {
  live: ['the property'],
  liveness: ['the property'],
  reference: ["the property 'cover'"],
  'fast-check': ["the property 'cover'"],
};

describe.each(Object.entries(engines))('%s refuses', (engine, run) => {
  test.each(Object.keys(noAnswers))('the answer %s of each function, by name', (shown) => {
    for (const [name, functionsWith] of Object.entries(predicates)) {
      if ((unevaluated[engine] ?? []).some((part) => name.startsWith(part))) continue;
      expect(refusalBy(run, toy(functionsWith(() => noAnswers[shown])))).toBe(`${name} returns ${shown}`);
    }
  });

  test('an action that is not done when it returns', () => {
    const add = "machine 'adder': the action 'add'";
    expect(refusalBy(run, toy({ action: async () => undefined }))).toBe(
      `${add} returns a promise, so it is not done yet`,
    );
    expect(
      refusalBy(
        run,
        toy({
          *action() {
            yield 1;
          },
        }),
      ),
    ).toBe(`${add} returns a generator, so it is not done yet`);
  });
});

test.each(['from', 'to', 'when'] as const)('a search for fair cycles refuses the answer of %s', (part) => {
  const refused = refusalBy(engines['liveness'] as never, toy({ [part]: () => 1 }));
  expect(refused).toBe(`'${part}' of the property 'leads-to' returns 1`);
});

test.each(Object.entries(engines).filter(([engine]) => !['live', 'liveness'].includes(engine)))(
  '%s refuses the answer of a valid end state',
  (_, run) => {
    expect(refusalBy(run, toy({ end: () => undefined }))).toBe("the property 'no-deadlock' returns undefined");
  },
);
