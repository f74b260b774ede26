import { describe, expect, test } from 'vitest';
import { engines, refusalBy } from './engines.ts';
import { type Args, type Functions, toy } from './toys.ts';

const beyond = 'depends on something other than the cells, the event and the params';

/** Functions that keep something outside of the cells. Each call makes new ones. */
const withMemory: Readonly<Record<string, () => Functions>> = {
  'an action that counts its calls': () => {
    let calls = 0;
    return { action: ({ context: { m } }: Args) => m.x.set(calls++ % 4) };
  },
  'an action that differs at its first call': () => {
    let isFirst = true;
    return {
      action({ context: { m } }: Args) {
        m.x.set(isFirst ? 1 : 2);
        isFirst = false;
      },
    };
  },
  'an action with a memo': () => {
    let memo: number | undefined;
    return {
      action({ context: { m } }: Args) {
        memo ??= m.x.get();
        m.x.set((memo + 1) % 4);
      },
    };
  },
  'a guard that counts its calls': () => {
    let calls = 0;
    return { guard: () => calls++ % 2 === 0 };
  },
};

/** Functions of one actor that depend on what another did before, and are the same at two calls in a row. */
const withHistory = (): Functions => {
  let last = 0;
  return {
    action({ context }: Args) {
      const { m, me } = context as Args['context'] & { readonly me: number };
      const before = last;
      last = me;
      m.x.set(before === me ? 0 : 1);
    },
  };
};

const searching = Object.entries(engines).filter(([engine]) => !['reference', 'live', 'fast-check'].includes(engine));

describe.each(searching)('%s refuses', (_, run) => {
  test.each(Object.entries(withMemory))('%s', (_, functions) => {
    expect(refusalBy(run, toy(functions()))).toContain(beyond);
  });

  test('an action that depends on the actor before', () => {
    expect(refusalBy(run, toy(withHistory()))).toContain(beyond);
  });
});

describe.each(searching.filter(([engine]) => engine !== 'liveness'))('%s refuses', (_, run) => {
  test('a property that counts its calls', () => {
    let calls = 0;
    expect(refusalBy(run, toy({ always: () => calls++ < 1 }))).toMatch(
      /^the property 'always' (answers differently in one state|depends on something other than the cells)/,
    );
  });
});

test('the error names the functions of the step', () => {
  let calls = 0;
  const design = toy({ action: ({ context: { m } }: Args) => m.x.set(calls++ % 4) });
  expect(refusalBy(engines['exhaustive, cached'] as never, design)).toBe(
    `in ADD of a0, the actions add, enter, or a guard, ${beyond}`,
  );
});
