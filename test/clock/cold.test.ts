import { expect, it } from 'vitest';
import { manualClear } from '../../machines/designs/index.ts';
import { experiment, flatProfile, simulated, uniform } from './toy.ts';

/** Durations of CLEARs of five chunks after each GET, every 20 ms, with a cold surcharge of `ns` after `afterNs`. */
function clears(ns: number, afterNs: number) {
  const profile = flatProfile(manualClear, 10, {});
  const startClear = { ns: 1000, cold: { ns, afterNs }, origin: 'a test' };
  const one = experiment(
    manualClear,
    { ...profile, costs: { ...profile.costs, startClear } },
    { memoryBytes: 320 * 4096, vcpus: 1, workload: uniform(1), mode: { collectEveryNs: 20e6 }, durationNs: 105e6 },
  );
  return simulated({ ...one, params: { ...one.params, wordsPerClear: 1 } }).clearDirtyLogNs;
}

it('only the first CLEAR after a pause pays the cold surcharge', () => {
  const none = clears(0, 5e6);
  const cold = clears(300e3, 5e6);
  expect(cold.count).toBe(none.count);
  expect(cold.max - none.max).toBeCloseTo(300e3, -4);
  expect(cold.p50).toBeCloseTo(none.p50, -2);
  expect(cold.mean - none.mean).toBeCloseTo(300e3 / 5, -4);
});

it('if pauses are shorter than afterNs, only the very first CLEAR is cold', () => {
  const cold = clears(300e3, 50e6);
  expect(cold.mean - clears(0, 5e6).mean).toBeCloseTo(300e3 / cold.count, -4);
});
