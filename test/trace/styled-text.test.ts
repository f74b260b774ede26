import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { word, wrap } from '../../src/trace/styled-text.ts';

describe('wrap', () => {
  const lines = (words: string[], width: number, indent = 0): string[] =>
    wrap(
      words.map((text) => word(text)),
      width,
      indent,
    ).map((line) => line.map(({ text }) => text).join(''));

  it('fills lines up to the width', () => {
    expect(lines(['aa', 'bb', 'cc'], 5)).toEqual(['aa bb', 'cc']);
  });

  it('indents all lines but the first', () => {
    expect(lines(['aa', 'bb', 'cc'], 5, 2)).toEqual(['aa bb', '  cc']);
  });

  it('breaks what is longer than a line where it reads best', () => {
    expect(lines(['kvm.bitmap 0000->0001'], 16)).toEqual(['kvm.bitmap', '0000->0001']);
    expect(lines(['memory.cell'], 8)).toEqual(['memory.', 'cell']);
    expect(lines(['abcdefghij'], 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('breaks long words behind an indent too', () => {
    expect(lines(['aaaa', 'bbbbbbbb'], 5, 2)).toEqual(['aaaa', '  bbb', '  bbb', '  bb']);
  });

  it('makes no line of nothing', () => {
    expect(lines([], 10)).toEqual([]);
  });
});

describe('wrapping', () => {
  it('ends at any width, however narrow, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 })),
        fc.integer({ min: -5, max: 30 }),
        fc.nat(4),
        (texts, width, indent) => {
          const letters = texts.join('').replaceAll(/\s/g, '');
          const lines = wrap(
            texts.map((text) => word(text)),
            width,
            indent,
          );
          const written = lines.map((line) => line.map(({ text }) => text).join('')).join('');
          expect(written.replaceAll(/\s/g, '')).toBe(letters);
        },
      ),
    );
  });
});
