import { describe, expect, it } from 'vitest';
import { assignRanges, claimIndices } from '../../../src/search/parallel/work-stealing.ts';

const control = new Int32Array(16 * 4);

describe('the tasks of a phase', () => {
  it('are claimed in order: first those of the worker, then what is left of others', () => {
    assignRanges(control, 3, 7);
    const [first, second, third] = [0, 1, 2].map((me) => claimIndices(control, me, 3, 7)) as [Units, Units, Units];
    expect([first.next().value, second.next().value]).toEqual([0, 2]);
    expect([...third]).toEqual([4, 5, 6, 1, 3]);
    expect([...first, ...second]).toEqual([]);
  });

  it('are all claimed if there are fewer tasks than workers', () => {
    assignRanges(control, 3, 2);
    expect([...claimIndices(control, 1, 3, 2)]).toEqual([0, 1]);
  });
});

type Units = Generator<number>;
