import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketLowerBound, histogramBuckets, medianCycles } from '../../src/host/guest/histogram.ts';
import { runMicrobenchmarks } from '../../src/host/measure/microbenchmarks.ts';
import { createProfile } from '../../src/host/measure/profile.ts';
import { leastSquares, summarize, trimmedMean } from '../../src/host/measure/statistics.ts';
import { identifyHost } from '../../src/host/probe.ts';
import { type Profile, parseProfile } from '../../src/simulate/cost-profile.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';
import { isNightly } from '../support/nightly.ts';

const cost = fc.double({ min: 0.1, max: 1000, noNaN: true });

describe('statistics of noisy samples', () => {
  it('are robust if less than half of the samples are disturbed', () => {
    expect(summarize([10, 11, 12, 1e6, 1e6, 9, 10])).toEqual({ median: 11, mad: 1, samples: 7 });
  });

  it('exclude the largest 1 % from a trimmed mean', () => {
    expect(trimmedMean([...Array.from({ length: 99 }, () => 5), 1e9])).toBe(5);
  });

  it('fit the two costs that sums are made of', () => {
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

  it('give a point within its spread little weight', () => {
    const points = [1, 4, 64].map((words) => ({
      terms: [words, 2 * words] as [number, number],
      y: 500 * words,
      spread: 0,
    }));
    const [first, second] = leastSquares([...points, { terms: [1, 2], y: 1e-3, spread: 1e5 }]);
    expect(first + 2 * second).toBeCloseTo(500, 0);
  });

  it('fit no negative cost', () => {
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
    expect(median).toBeGreaterThanOrEqual(bucketLowerBound(100));
    expect(median).toBeLessThanOrEqual(bucketLowerBound(101));
  });
});

describe.skipIf(kvmIsMissing || !isNightly)('measure', () => {
  it('creates a valid profile with the origin and the spread of each cost', async () => {
    const base = new URL('../../profiles/epyc-2026.json', import.meta.url);
    const figures = await runMicrobenchmarks(
      { memoryBytes: 2 ** 24, repeats: 1, roundMs: [2, 5], device },
      () => undefined,
    );
    const made = createProfile(figures, identifyHost(), '2026-01-01', parseProfile(readFileSync(base, 'utf8'), 'base'));
    const profile: Profile = parseProfile(JSON.stringify(made), 'made');
    expect(profile.host?.kernel).toBe(identifyHost().kernel);
    for (const action of ['writePage', 'startIoctl', 'startClear', 'vmExit']) {
      expect(profile.costs[action]).toMatchObject({
        spreadNs: expect.any(Number),
        origin: expect.stringContaining('measured'),
      });
    }
    expect(figures.faultNs.median).toBeGreaterThan(figures.writeNs.median);
  });
});
