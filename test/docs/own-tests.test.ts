// The code of docs/search.md, section "In your own tests".
// #region matchers
import 'precopy/vitest';
import { finalImage, protectedOnReturn } from 'precopy/kvm';
import { expect, test } from 'vitest';
import { lateFlush, noFlush } from '../../examples/own-tests/late-flush.ts';

test('all states, a bug, and sampled schedules', () => {
  expect(lateFlush).toHold([finalImage, protectedOnReturn], { vcpus: 1, pages: 1 });
  expect(noFlush).not.toHold(protectedOnReturn, { vcpus: 1, pages: 1 });
  expect(lateFlush).toSurvive(finalImage, { vcpus: 4, pages: 4 }, { strategy: 'pct', seed: 1, runs: 20 });
});

// #endregion

// #region fast-check
import fc from 'fast-check';
import { holds, noLostWrite } from 'precopy/fast-check';

test('runs that fast-check draws', () => {
  fc.assert(noLostWrite(lateFlush), { numRuns: 100 });
  fc.assert(holds(lateFlush, protectedOnReturn, { vcpus: 2 }), { numRuns: 100 });
});
// #endregion
