import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Profile, parseProfile } from '../../src/clock/cost-profile.ts';
import { medianCycles } from '../../src/host/guest/histogram.ts';
import { histogramBuckets, leastCyclesOf } from '../../src/host/guest/layout.ts';
import { microbenchmarks } from '../../src/host/measure/microbenchmarks.ts';
import { profileOf } from '../../src/host/measure/profile.ts';
import { leastSquares, measured, trimmedMean } from '../../src/host/measure/statistics.ts';
import { identity } from '../../src/host/probe.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const cost = fc.double({ min: 0.1, max: 1000, noNaN: true });

describe('statistics of a noisy machine', () => {
  it('stand when less than half of the samples are disturbed', () => {
    expect(measured([10, 11, 12, 1e6, 1e6, 9, 10])).toEqual({ median: 11, mad: 1, samples: 7 });
  });

  it('leave out the greatest hundredth of a mean', () => {
    expect(trimmedMean([...Array.from({ length: 99 }, () => 5), 1e9])).toBe(5);
  });

  it('find the two costs that sums were made of', () => {
    fc.assert(
      fc.property(cost, cost, (perWord, perPage) => {
        const points = [1, 2, 4, 16, 64].map((stride) => ({
          terms: [1024, 65_536 / stride] as [number, number],
          y: 1024 * perWord + (65_536 / stride) * perPage,
          spread: 0,
        }));
        const [first, second] = leastSquares(points);
        expect(first / perWord).toBeCloseTo(1, 5);
        expect(second / perPage).toBeCloseTo(1, 5);
      }),
    );
  });

  it('do not believe a point that is lost in the noise', () => {
    const points = [1, 4, 64].map((words) => ({
      terms: [words, 2 * words] as [number, number],
      y: 500 * words,
      spread: 0,
    }));
    const [first, second] = leastSquares([...points, { terms: [1, 2], y: 1e-3, spread: 1e5 }]);
    expect(first + 2 * second).toBeCloseTo(500, 0);
  });

  it('take no cost below 0', () => {
    const [first, second] = leastSquares([
      { terms: [1, 10], y: 5, spread: 0 },
      { terms: [1, 100], y: 60, spread: 0 },
    ]);
    expect(Math.min(first, second)).toBe(0);
  });
});

describe('the median of a histogram', () => {
  it('lies in the bucket that holds it', () => {
    const counts = new Float64Array(histogramBuckets);
    counts[20] = 1;
    counts[100] = 5;
    counts[200] = 1;
    const median = medianCycles(counts);
    expect(median).toBeGreaterThanOrEqual(leastCyclesOf(100));
    expect(median).toBeLessThanOrEqual(leastCyclesOf(101));
  });
});

describe.skipIf(kvmIsMissing)('measure', () => {
  it('makes a profile that the clock reads, with the origin and the spread of each cost', async () => {
    const base = new URL('../../profiles/epyc-2026.json', import.meta.url);
    const figures = await microbenchmarks(
      { memoryBytes: 2 ** 24, repeats: 1, roundMs: [2, 5], device },
      () => undefined,
    );
    const made = profileOf(figures, identity(), '2026-01-01', parseProfile(readFileSync(base, 'utf8'), 'base'));
    const profile: Profile = parseProfile(JSON.stringify(made), 'made');
    expect(profile.host?.kernel).toBe(identity().kernel);
    for (const action of ['writePage', 'startIoctl', 'startClear', 'vmExit']) {
      expect(profile.costs[action]).toMatchObject({
        spreadNs: expect.any(Number),
        origin: expect.stringContaining('measured'),
      });
    }
    expect(figures.faultNs.median).toBeGreaterThan(figures.writeNs.median);
  });
});
