import { describe, expect, it } from 'vitest';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../../src/app/parse-units.ts';
import { showBytes, showCount, showProbability, showRate, showSeconds } from '../../src/cli/options/units.ts';
import { PrecopyError } from '../../src/model/errors.ts';

describe('units that people write', () => {
  it.each([
    ['10M', 10_000_000],
    ['2k', 2000],
    ['1.5G', 1_500_000_000],
    ['1_000_000', 1_000_000],
    ['7', 7],
  ])('count %s', (text, value) => expect(parseCount('--max-states')(text)).toBe(value));

  it.each([
    ['4GiB', 4 * 2 ** 30],
    ['512 MB', 512e6],
    ['64kib', 65_536],
    ['1024B', 1024],
    ['100B', 100],
  ])('size %s', (text, value) => expect(parseBytes('--max-memory')(text)).toBe(value));

  it.each([
    ['250us', 0.00025],
    ['500ms', 0.5],
    ['30s', 30],
    ['5min', 300],
    ['1.5h', 5400],
  ])('time %s', (text, value) => expect(parseDuration('--time')(text)).toBeCloseTo(value, 9));

  it.each([
    ['a count', parseCount('--n'), ['', '-1', '0', '10Q', 'M', '1,000', '10MiB']],
    ['a size', parseBytes('--n'), ['', 'lots', '4GiBs', '0GiB', '5']],
    ['a time', parseDuration('--n'), ['', '30', '0s', '5parsec', '1 m']],
    ['a whole number', parseWhole('--n'), ['', 'x', '-1', '1.5', '1e3']],
  ])('refuses what is not %s', (_, parse, texts) => {
    for (const text of texts) expect(() => parse(text), text).toThrow(PrecopyError);
  });
});

describe('units that people read', () => {
  it('groups the digits of counts', () => {
    expect([0, 999, 1000, 1234567].map(showCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('rounds rates', () => {
    expect([12, 9999, 123_456, 3_141_592].map(showRate)).toEqual(['12', '9,999', '123k', '3.1M']);
  });

  it('gives memory its unit', () => {
    expect([0, 1000, 1536, 28 * 2 ** 20, 3.25 * 2 ** 30].map(showBytes)).toEqual([
      '0 B',
      '1000 B',
      '1.5 KiB',
      '28 MiB',
      '3.3 GiB',
    ]);
  });

  it('gives time its unit', () => {
    expect([0.004, 9.5, 42, 200, 7500].map(showSeconds)).toEqual([
      '0.00 s',
      '9.50 s',
      '42.0 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });

  it('gives probabilities two significant digits, as TLC does', () => {
    expect([0, 2.34e-10, 0.5].map(showProbability)).toEqual(['0.0', '2.3E-10', '5.0E-1']);
  });
});
