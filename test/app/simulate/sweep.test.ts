import { describe, expect, it } from 'vitest';
import type { SimulateOptions } from '../../../src/app/simulate/simulation-options.ts';
import { expandSweep } from '../../../src/app/simulate/sweep.ts';

const options = (...sweep: string[]): SimulateOptions =>
  ({ sweep, memory: 4096, vcpus: 1 }) as unknown as SimulateOptions;
const params = ['vcpus', 'pages', 'wordsPerClear'];

describe('a sweep', () => {
  it('is one point if there is no dimension', () => {
    expect(expandSweep(options(), params)).toEqual([{ swept: {}, options: options() }]);
  });

  it('combines the values of all dimensions, in the order of writing', () => {
    const points = expandSweep(options('memory=1GiB,4GiB', 'vcpus=2,8'), params);
    expect(points.map(({ swept }) => swept)).toEqual([
      { memory: '1GiB', vcpus: '2' },
      { memory: '1GiB', vcpus: '8' },
      { memory: '4GiB', vcpus: '2' },
      { memory: '4GiB', vcpus: '8' },
    ]);
    expect(points[3]?.options).toMatchObject({ memory: 4 * 2 ** 30, vcpus: 8 });
  });

  it('takes a chunk in pages, and any parameter of a design by its name', () => {
    const [chunk] = expandSweep(options('chunk=4096'), params);
    expect(chunk?.options.params).toEqual({ wordsPerClear: 64 });
    const [pages] = expandSweep(options('pages=8'), params);
    expect(pages?.options.params).toEqual({ pages: 8 });
  });

  it.each([
    ['chunk=33', 'BAD_PARAMETER', /multiple of 64/],
    ['memory', 'BAD_PARAMETER', /memory=1GiB,4GiB/],
    ['memory=', 'BAD_PARAMETER', /memory=1GiB,4GiB/],
    ['memory=1GiB,lots', 'BAD_PARAMETER', /4GiB or 512MB/],
    ['memroy=1GiB', 'UNKNOWN_NAME', /did you mean memory\?/],
  ])('refuses %s, and says what to give', (sweep, code, remedy) => {
    const refused = expect.objectContaining({ code, remedy: expect.stringMatching(remedy) });
    expect(() => expandSweep(options(sweep), params)).toThrow(refused);
  });
});
