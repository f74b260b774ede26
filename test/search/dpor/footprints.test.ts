import { expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { compile } from '../../../src/index.ts';
import { FootprintCache } from '../../../src/search/dpor/footprints.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { randomRun } from '../../../src/search/symbolic/random-run.ts';

it('footprints are the same when the cache is cleared again and again', () => {
  const program = compile(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 });
  const { eventOf } = new EnabledChoices(program);
  const small = new FootprintCache(program, 2 ** 15);
  const large = new FootprintCache(program);
  let most = 0;
  for (const state of randomRun(program).states.slice(0, 80)) {
    for (const choice of eventOf.keys()) {
      expect(small.footprintOf(state, choice)).toEqual(large.footprintOf(state, choice));
    }
    expect(small.readByInvariants(state)).toEqual(large.readByInvariants(state));
    most = Math.max(most, small.bytes);
  }
  expect(most).toBeLessThan(2 ** 16);
  expect(large.bytes).toBeGreaterThan(2 ** 16);
});
