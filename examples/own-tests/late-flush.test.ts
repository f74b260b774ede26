import fc from 'fast-check';
import { noLostWrite } from 'precopy/fast-check';
import { finalImage, protectedOnReturn } from 'precopy/kvm';
import { describe, expect, it } from 'vitest';
import 'precopy/vitest';
import { lateFlush, noFlush } from './late-flush.ts';

describe('GET_DIRTY_LOG with a flush after the unlock', () => {
  it('loses no write, in any interleaving of one vCPU and one page', () => {
    expect(lateFlush).toHold([finalImage, protectedOnReturn], { vcpus: 1, pages: 1 });
  });

  it('survives schedules of a size that has too many states to visit', () => {
    expect(lateFlush).toSurvive(finalImage, { vcpus: 4, pages: 4 }, { strategy: 'pct', seed: 1, runs: 100 });
  });

  it('loses no write, in runs that fast-check draws', () => {
    fc.assert(noLostWrite(lateFlush, { vcpus: 2, pages: 2 }), { numRuns: 100 });
  });

  it('needs its flush', () => {
    expect(noFlush).not.toHold(protectedOnReturn, { vcpus: 1, pages: 1 });
  });
});
