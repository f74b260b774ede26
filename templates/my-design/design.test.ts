import { finalImage, loggedOrProtected, noLostWrite, protectedOnReturn } from 'precopy/kvm';
import { describe, expect, it } from 'vitest';
import 'precopy/vitest';
import { design, withoutFlush } from './design.ts';

describe('GET_DIRTY_LOG that flushes TLBs after each word', () => {
  it('loses no write, in any interleaving of one vCPU and one page', () => {
    expect(design).toHold([noLostWrite, finalImage, protectedOnReturn], { vcpus: 1, pages: 1 });
  });

  it('samples schedules of more vCPUs and pages, in two words of the bitmap', () => {
    const params = { vcpus: 3, pages: 4, bitsPerWord: 2 };
    expect(design).toSurvive(finalImage, params, { strategy: 'pct', seed: 1, runs: 200 });
  });

  it('needs its flush', () => {
    expect(withoutFlush).not.toHold(loggedOrProtected, { vcpus: 1, pages: 1 });
  });
});
