import { expect, it } from 'vitest';
import { ExitCode, worstExitCode } from '../../src/cli/exit-codes.ts';

it('are part of the public API', () => {
  expect(ExitCode).toEqual({ holds: 0, violated: 1, usage: 2, inconclusive: 3, internal: 70, unfinished: 75 });
});

it('are ranked: an internal error is the worst, then a violation, then an inconclusive verdict', () => {
  expect(worstExitCode([0, 3, 1, 70])).toBe(70);
  expect(worstExitCode([0, 3, 1])).toBe(1);
  expect(worstExitCode([0, 3])).toBe(3);
  expect(worstExitCode([])).toBe(0);
  expect(worstExitCode([0, 1, 75])).toBe(75);
});
