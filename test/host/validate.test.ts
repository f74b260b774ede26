import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manualClear, rmapXchg } from '../../machines/designs/index.ts';
import type { GridCell } from '../../src/host/results.ts';
import { createGrid, medianMetrics } from '../../src/host/validate/grid.ts';
import { observe } from '../../src/host/validate/observe.ts';
import { predict } from '../../src/host/validate/predict.ts';
import { parseProfile } from '../../src/simulate/cost-profile.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const memoryBytes = 8 * 2 ** 20;
const cell: GridCell = { memoryBytes, vcpus: 1, intervalMs: 2, pattern: 'sweep', method: { kind: 'get' }, rounds: 1 };
const profile = parseProfile(
  readFileSync(new URL('../../profiles/epyc-2026.json', import.meta.url), 'utf8'),
  'epyc-2026',
);
const unloggedWritesPerSecond = 1e6;
const metrics = { getNs: 1e5, clearNs: 1e6, worstWriteNs: 0, writesPerSecond: 0, dirtyPages: 0 };
const designs = { get: rmapXchg, clear: manualClear };

describe('the grid', () => {
  it('has GET, and CLEAR from 64 pages to the whole slot', () => {
    const cells = createGrid({ memoryBytes: [memoryBytes], vcpus: [1], rounds: 1, longMs: 0 });
    const chunks = cells.map(({ method }) => (method.kind === 'get' ? 'get' : method.chunkPages));
    expect([...new Set(chunks)]).toEqual(['get', 64, 512, 2048]);
  });

  it('has few cells of a large guest', () => {
    const cellsOf = (bytes: number): number =>
      createGrid({ memoryBytes: [bytes], vcpus: [1], rounds: 1, longMs: 2000 }).length;
    expect([cellsOf(2 ** 30), cellsOf(2 ** 32)]).toEqual([30, 10]);
  });

  it('takes the median of each metric', () => {
    const rounds = [1, 9, 2].map((getNs, n) => ({ ...metrics, getNs, dirtyPages: n }));
    expect(medianMetrics(rounds)).toMatchObject({ getNs: 2, dirtyPages: 1 });
  });
});

describe('a prediction', () => {
  it('has a shorter longest write if CLEAR holds the lock for less', () => {
    const of = (chunkPages: number) =>
      predict({ ...cell, method: { kind: 'clear', chunkPages } }, unloggedWritesPerSecond, designs, profile);
    const [small, whole] = [of(64), of(2048)];
    expect(small.clearNs).toBeGreaterThan(whole.clearNs);
    expect(small.worstWriteNs).toBeLessThanOrEqual(whole.worstWriteNs);
  });

  it('counts one dirty page per write of a sweep', () => {
    const { dirtyPages } = predict(cell, 1e5, designs, profile);
    expect(dirtyPages).toBeGreaterThan(100);
    expect(dirtyPages).toBeLessThan(300);
  });
});

describe.skipIf(kvmIsMissing)('the kernel of this host', () => {
  it('is observed with CLEAR in chunks', async () => {
    let cells = 0;
    const clear: GridCell = { ...cell, method: { kind: 'clear', chunkPages: 512 }, intervalMs: 5 };
    for await (const [, observed] of observe([clear], device)) {
      cells += 1;
      const { getNs, clearNs, dirtyPages } = medianMetrics(observed.rounds);
      expect(Math.min(getNs, clearNs, dirtyPages, observed.unloggedWritesPerSecond)).toBeGreaterThan(0);
    }
    expect(cells).toBe(1);
  });
});
