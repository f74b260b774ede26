import { describe, expect, it } from 'vitest';
import { RowFormat } from '../../src/cli/report/rows.ts';

const ink = { bold: (text: string) => text } as never;
const columns = [
  { title: 'design', width: 26 },
  { title: 'verdict', width: 7 },
  { title: 'states', width: 9, right: true },
  { title: 'sizes', width: 8 },
];
const formatAt = (width: number): RowFormat => new RowFormat(columns, { width, ink });

describe('rows that are printed one at a time', () => {
  it('have columns, numbers to the right', () => {
    expect(formatAt(100).titles()).toBe('design                      verdict     states  sizes');
    expect(formatAt(100).row(['rmap-xchg', 'holds', '1,174,446', '2/2'])).toBe(
      'rmap-xchg                   holds    1,174,446  2/2',
    );
  });

  it('move the cells after a longer one as far as they have to, and then catch up', () => {
    expect(formatAt(100).row(['a-design-with-a-name-of-32-chars', 'holds', '7', '2/2'])).toBe(
      'a-design-with-a-name-of-32-chars  holds      7  2/2',
    );
  });

  it('wrap the last cell in its column', () => {
    expect(formatAt(60).row(['rmap-xchg', 'holds', '7', 'one two three'])).toBe(
      'rmap-xchg                   holds            7  one two\n                                                three',
    );
  });

  it('are texts where the output is too narrow for columns', () => {
    expect(formatAt(40).titles()).toBeUndefined();
    expect(formatAt(40).row(['rmap-xchg', 'holds', '1,174,446', '2/2'])).toBe(
      'rmap-xchg  holds  states 1,174,446  2/2',
    );
  });

  it.each([40, 60, 72, 80, 200])('fit %i columns', (width) => {
    for (const cells of [
      ['rmap-xchg', 'holds', '1,174,446', '2/2/32/1 loggingOn=1'],
      ['x'.repeat(38), 'inconclusive', '7', ''],
    ]) {
      for (const line of formatAt(width).row(cells).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
