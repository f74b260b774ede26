import { bit, compile, counter, memoise } from 'precopy';
import { describe, expect, it } from 'vitest';
import { defineDesign } from '../../../src/model/define-design.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { defineSystem, shared } from '../../../src/model/system.ts';
import { checkLiveness } from '../../support/explore.ts';

type Form = 'in the initial state' | 'on a cycle' | 'beside a deadlock' | 'under strong premises';

/** A counter that leaves its range, in a design with a leads-to property. */
function faulty(form: Form, memoryModel: 'sc' | 'tso' = 'sc'): AnyDesign {
  const system = defineSystem({
    name: 's',
    memory: () => ({ m: shared({ c: counter(1), flag: bit() }) }),
    actors: { a: 'one' },
    tags: ['end'],
  });
  const a = system
    .actor({
      events: { STEP: {}, BACK: {}, OVER: {}, TO_Q: {}, TO_STUCK: {}, TO_END: {} },
      registers: () => ({ n: counter(1) }),
    })
    .setup({
      actions: {
        over: ({ context: { my } }) => {
          my.n = 2;
        },
        store: ({ context: { m } }) => m.flag.set(true),
      },
    })
    .createMachine({
      id: 'a',
      initial: 'p',
      states: {
        p: {
          ...(form === 'in the initial state' && { entry: 'over' as const }),
          on: {
            STEP: { actions: 'store', target: form === 'beside a deadlock' ? 'stuck' : 'q' },
            TO_Q: 'q',
            TO_STUCK: 'stuck',
            TO_END: 'end',
          },
        },
        q: { on: { BACK: 'p', OVER: { actions: 'over' } } },
        stuck: { on: { OVER: { actions: 'over' } } },
        end: { tags: ['end'] },
      },
    });
  return defineDesign({
    id: 'over',
    title: form,
    system,
    machines: { a },
    memoryModel,
    properties: [
      system.properties.leadsTo(
        {
          id: 'ends',
          description: 'it ends',
          ...(form === 'under strong premises' && { strongly: [{ event: 'BACK', when: ({ m }) => m.flag.get() }] }),
        },
        () => true,
        ({ is }) => is.end.count() > 0,
      ),
      system.properties.noDeadlock({ id: 'goes-on', description: 'it goes on' }),
    ],
  });
}

describe.each<[Form, number]>([
  ['in the initial state', 0],
  ['on a cycle', 2],
  ['beside a deadlock', 2],
  ['under strong premises', 2],
])('a fault %s precedes what leads-to properties say', (form, steps) => {
  it.each(['sc', 'tso'] as const)('under %s', (memoryModel) => {
    for (const program of [compile(faulty(form, memoryModel)), memoise(compile(faulty(form, memoryModel)))]) {
      const { verdict, violation } = checkLiveness(program);
      expect(verdict).toBe('violated');
      expect(violation?.property).toBe('well-formed');
      expect(violation?.schedule).toHaveLength(steps);
      expect(violation?.cycle).toBeUndefined();
      expect(violation?.fault).toMatch(/a\.n is 0 to 1 and cannot become 2/);
    }
  });
});
