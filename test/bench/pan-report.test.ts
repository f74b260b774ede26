import { describe, expect, it } from 'vitest';
import { Refuted } from '../../bench/measurement.ts';
import { readPanReport } from '../../bench/pan-report.ts';

const report = (errors: number): string => `
State-vector 48 byte, depth reached 9, errors: ${errors}
     1090 states, stored
     2210 transitions (= stored+matched)
    0.125	actual memory usage for states
pan: elapsed time 0.02 seconds
`;

describe('the report of pan', () => {
  it('is read', () => {
    expect(readPanReport(report(0))).toEqual({ states: 1090, transitions: 2210, seconds: 0.02, stateBytes: 2 ** 17 });
  });

  it('with an error is a verdict, although the search is not complete', () => {
    const refuted = `pan:1: assertion violated (stale==0) (at depth 7)\nWarning: Search not completed\n${report(1)}`;
    expect(() => readPanReport(refuted)).toThrow(Refuted);
  });

  it.each(['error: max search depth too small\nWarning: Search not completed', 'cpu00: hash table is full'])(
    'of a search that gave up is none: %s',
    (why) => {
      const gaveUp = `${why}\n${report(0)}`;
      expect(() => readPanReport(gaveUp)).toThrow('pan gave up');
      expect(() => readPanReport(gaveUp)).not.toThrow(Refuted);
    },
  );
});
