import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lockBreak, manualClear, rmapXchg } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { parseProfile } from '../../src/simulate/cost-profile.ts';
import { experiment, flatProfile, runOf, simulated, uniform } from './toy.ts';

const epyc = parseProfile(readFileSync(new URL('../../profiles/epyc-2026.json', import.meta.url), 'utf8'), 'epyc-2026');

interface Hold {
  readonly actor: number;
  readonly requestedNs: number;
  readonly grantedNs: number;
  readonly releasedNs: number;
}

/** All holds of mmu_lock in a run with contention, in the order of the grants. */
function holdsOf(design: AnyDesign): Hold[] {
  const holds: Hold[] = [];
  const requests = new Map<number, number>();
  const grants = new Map<number, number>();
  const one = experiment(design, epyc, {
    memoryBytes: 4 * 2 ** 20,
    vcpus: 4,
    workload: uniform(200_000),
    mode: { collectEveryNs: 1e6 },
    durationNs: 10e6,
  });
  runOf(one, 0, {
    lockRequested: (_, actor, atNs) => void requests.set(actor, atNs),
    lockGranted: (_, actor, atNs) => void grants.set(actor, atNs),
    lockReleased: (_, actor, atNs) =>
      void holds.push({
        actor,
        requestedNs: requests.get(actor) as number,
        grantedNs: grants.get(actor) as number,
        releasedNs: atNs,
      }),
  });
  return holds.sort((a, b) => a.grantedNs - b.grantedNs);
}

describe('mmu_lock is a queued spinlock', () => {
  for (const design of [rmapXchg, lockBreak, manualClear] as AnyDesign[]) {
    it(`${design.id}: grants follow the order of requests, and holds do not overlap`, () => {
      const holds = holdsOf(design);
      const waited = holds.filter(({ requestedNs, grantedNs }) => grantedNs > requestedNs);
      expect(waited.length).toBeGreaterThan(100);
      const pairs = holds.slice(1).map((hold, n) => ({ before: holds[n] as Hold, hold }));
      expect(pairs.filter(({ before, hold }) => hold.requestedNs < before.requestedNs)).toEqual([]);
      expect(pairs.filter(({ before, hold }) => hold.grantedNs < before.releasedNs)).toEqual([]);
    });
  }
});

it('a step pays its prefix before it requests mmu_lock: a vCPU that requests it meanwhile does not wait', () => {
  const slowStart = flatProfile(rmapXchg, 0, { startIoctl: 40e6, exitForPage: 1000, writePage: 1, xchgDirtyWord: 10 });
  const { mmuLockByActor } = simulated(
    experiment(rmapXchg, slowStart, {
      memoryBytes: 64 * 4096,
      vcpus: 1,
      workload: uniform(200),
      // The only GET is called at 90 ms and requests the lock at 130 ms.
      mode: { collectEveryNs: 90e6 },
      durationNs: 140e6,
    }),
  );
  expect(mmuLockByActor['getDirtyLog']?.holdNs.count).toBe(1);
  expect(mmuLockByActor['vcpu0']?.waitNs.count).toBeGreaterThan(10);
  expect(mmuLockByActor['vcpu0']?.waitNs.max).toBe(0);
});
