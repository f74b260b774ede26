import { describe, expect, it } from 'vitest';
import { compareSamples } from '../../bench/commits/comparison.ts';
import { renderComparison } from '../../bench/commits/comparison-table.ts';
import { type Figure, readSample, type Sample } from '../../bench/commits/figures.ts';
import { median, medianInterval, spread } from '../../bench/statistics.ts';

const figure: Figure = { name: 'search', unit: 'transitions', args: [] };
const samples = (seconds: readonly number[], counts = '10 states'): Sample[] =>
  seconds.map((one) => ({ seconds: one, work: 10, counts }));
const compare = (base: readonly number[], head: readonly number[]) =>
  compareSamples({ figure, base: samples(base), head: samples(head) });
const steady = [1, 1.01, 0.99, 1.02, 0.98, 1, 1.03];

describe('the median of a sample', () => {
  it('is the value in the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  it('has half the range beside it as its spread', () => {
    expect(spread([9, 10, 11])).toBeCloseTo(0.1);
  });

  // P(no or all values below the median) = 2 / 2^n; 9 values without the outermost two: 1 - 2 (1 + 9) / 2^9
  it.each([
    [3, 1, 3, 0.75],
    [6, 1, 6, 0.96875],
    [7, 1, 7, 0.984375],
    [9, 2, 8, 0.9609375],
  ])('of %i values has an interval of order statistics', (count, low, high, confidence) => {
    const values = Array.from({ length: count }, (_, n) => count - n);
    expect(medianInterval(values)).toEqual({ low, high, confidence });
  });
});

describe('two commits', () => {
  it('are the same within noise', () => {
    const result = compare(steady, steady.toReversed());
    expect(result.verdict).toBe('within noise');
    expect(result.base).toEqual(result.head);
  });

  it('differ if every round does', () => {
    const slower = steady.map((seconds) => seconds * 1.1);
    expect(compare(steady, slower).verdict).toBe('slower');
    expect(compare(steady, slower).ratio).toBeCloseTo(1.1);
    expect(compare(slower, steady).verdict).toBe('faster');
  });

  it('are compared round by round, so that a machine that slows down does not matter', () => {
    const drift = steady.map((seconds, round) => seconds * (1 + round));
    const slower = drift.map((seconds) => seconds * 1.05);
    expect(compare(drift, slower).verdict).toBe('slower');
    expect(compare(drift, slower).ratio).toBeCloseTo(1.05);
  });

  it('that do other work are told apart', () => {
    const result = compareSamples({ figure, base: samples([1]), head: samples([1], '11 states') });
    expect(result.otherWork).toEqual({ base: '10 states', head: '11 states' });
  });

  it('are not compared where one of them fails', () => {
    const failure = 'HEAD: unknown option';
    expect(compareSamples({ figure, base: samples([1]), head: [], failure })).toMatchObject({
      verdict: 'not measured',
      failure,
    });
  });

  it('are shown with one row a figure', () => {
    const environment = { cpu: 'a processor', node: 'v20' };
    const text = renderComparison({
      environment,
      rounds: 7,
      base: 'aaa first',
      head: 'bbb second',
      figures: [
        compare(steady, steady),
        { figure: 'dpor', unit: 'transitions', verdict: 'not measured', failure: 'x' },
      ],
    });
    expect(text).toMatch(/search .*transitions\/s .* 10 .* 2\.5 % .* 1\.000 .* 1\.000 to 1\.000 .*within noise/);
    expect(text).toContain('dpor: not measured: x');
    expect(text).toContain('98.4 %');
  });
});

describe('a sample', () => {
  it('is read by any of the names that a field has had', () => {
    const search = { states: 3, transitions: 8, seconds: 2 };
    expect(readSample('transitions', JSON.stringify({ designs: [search] }))).toEqual({
      seconds: 2,
      work: 8,
      counts: '3 states, 8 transitions',
    });
    expect(readSample('steps', JSON.stringify({ designs: [{ steps: 5, wallSeconds: 1 }] })).seconds).toBe(1);
  });

  it('without its time or its work is refused', () => {
    expect(() => readSample('steps', JSON.stringify({ designs: [{ wallSeconds: 1 }] }))).toThrow('no steps');
    expect(() => readSample('steps', '{}')).toThrow('no seconds');
  });
});
