import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manualClear, rmapXchg } from '../../machines/designs.ts';
import { parseProfile } from '../../src/clock/cost-profile.ts';
import { type Cell, gridOf, medianOutcome } from '../../src/host/validate/grid.ts';
import { observe } from '../../src/host/validate/observe.ts';
import { predict } from '../../src/host/validate/predict.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const memoryBytes = 8 * 2 ** 20;
const cell: Cell = { memoryBytes, vcpus: 1, intervalMs: 2, pattern: 'sweep', taking: { kind: 'get' }, rounds: 1 };
const profile = parseProfile(
  readFileSync(new URL('../../profiles/epyc-2026.json', import.meta.url), 'utf8'),
  'epyc-2026',
);
const freeWritesPerSecond = 1e6;
const seen = { getNs: 1e5, clearNs: 1e6, worstWriteNs: 0, writesPerSecond: 0, dirtyPages: 0 };
const designs = { get: rmapXchg, clear: manualClear };

describe('the grid', () => {
  it('has GET, and CLEAR from 64 pages to the whole slot', () => {
    const cells = gridOf({ memoryBytes: [memoryBytes], vcpus: [1], rounds: 1, longMs: 0 });
    const chunks = cells.map(({ taking }) => (taking.kind === 'get' ? 'get' : taking.chunkPages));
    expect([...new Set(chunks)]).toEqual(['get', 64, 512, 2048]);
  });

  it('has few cells of a large guest, whose rounds take long', () => {
    const cellsOf = (bytes: number): number =>
      gridOf({ memoryBytes: [bytes], vcpus: [1], rounds: 1, longMs: 2000 }).length;
    expect([cellsOf(2 ** 30), cellsOf(2 ** 32)]).toEqual([30, 10]);
  });

  it('takes the median of each figure by itself', () => {
    const rounds = [1, 9, 2].map((getNs, n) => ({ ...seen, getNs, dirtyPages: n }));
    expect(medianOutcome(rounds)).toMatchObject({ getNs: 2, dirtyPages: 1 });
  });
});

describe('a prediction', () => {
  it('has the longest write wait for less when CLEAR takes the lock for less', () => {
    const of = (chunkPages: number) =>
      predict({ ...cell, taking: { kind: 'clear', chunkPages } }, freeWritesPerSecond, designs, profile);
    const [small, whole] = [of(64), of(2048)];
    expect(small.clearNs).toBeGreaterThan(whole.clearNs);
    expect(small.worstWriteNs).toBeLessThanOrEqual(whole.worstWriteNs);
  });

  it('counts a page for each write of a sweep', () => {
    const { dirtyPages } = predict(cell, 1e5, designs, profile);
    expect(dirtyPages).toBeGreaterThan(100);
    expect(dirtyPages).toBeLessThan(300);
  });
});

describe.skipIf(kvmIsMissing)('the real kernel', () => {
  it('is observed with the log taken in chunks', async () => {
    let cells = 0;
    const clear: Cell = { ...cell, taking: { kind: 'clear', chunkPages: 512 }, intervalMs: 5 };
    for await (const [, observed] of observe([clear], device)) {
      cells += 1;
      const { getNs, clearNs, dirtyPages } = medianOutcome(observed.rounds);
      expect(Math.min(getNs, clearNs, dirtyPages, observed.freeWritesPerSecond)).toBeGreaterThan(0);
    }
    expect(cells).toBe(1);
  });
});
