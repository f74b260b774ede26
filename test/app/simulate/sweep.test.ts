import { describe, expect, it } from 'vitest';
import { sweepOf } from '../../../src/app/simulate/sweep.ts';
import type { SimulateFlags } from '../../../src/cli/commands/simulate.ts';

const flags = (...sweep: string[]): SimulateFlags =>
  ({ sweep, memory: 4096, vcpus: 1, param: {} }) as unknown as SimulateFlags;
const sizes = ['vcpus', 'pages', 'wordsPerClear'];

describe('a sweep', () => {
  it('is one run where nothing is swept', async () => {
    expect(await sweepOf(flags(), sizes)).toEqual([{ swept: {}, flags: flags() }]);
  });

  it('runs each value of the one with each of the other, in the order in which they were written', async () => {
    const points = await sweepOf(flags('memory=1GiB,4GiB', 'vcpus=2,8'), sizes);
    expect(points.map(({ swept }) => swept)).toEqual([
      { memory: '1GiB', vcpus: '2' },
      { memory: '1GiB', vcpus: '8' },
      { memory: '4GiB', vcpus: '2' },
      { memory: '4GiB', vcpus: '8' },
    ]);
    expect(points[3]?.flags).toMatchObject({ memory: 4 * 2 ** 30, vcpus: 8 });
  });

  it('takes a chunk in pages, and any size of a design by its name', async () => {
    const [chunk] = await sweepOf(flags('chunk=4096'), sizes);
    expect(chunk?.flags.param).toEqual({ wordsPerClear: 64 });
    const [size] = await sweepOf(flags('pages=8'), sizes);
    expect(size?.flags.param).toEqual({ pages: 8 });
  });

  it.each([
    ['chunk=33', 'BAD_PARAMETER', /multiple of 64/],
    ['memory', 'BAD_PARAMETER', /memory=1GiB,4GiB/],
    ['memory=', 'BAD_PARAMETER', /memory=1GiB,4GiB/],
    ['memory=1GiB,lots', 'BAD_PARAMETER', /4GiB or 512MB/],
    ['memroy=1GiB', 'UNKNOWN_NAME', /did you mean memory\?/],
  ])('refuses %s, and says what it wants', async (sweep, code, remedy) => {
    const error = await sweepOf(flags(sweep), sizes).catch((error: unknown) => error);
    expect(error).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
  });
});
