import { expect, it } from 'vitest';
import { ExitCode, worstExitCode } from '../../src/cli/exit-codes.ts';

it('has the exit codes of the contract', () => {
  expect(ExitCode).toEqual({ holds: 0, violated: 1, usage: 2, inconclusive: 3, internal: 70 });
});

it('ends with the gravest of what happened: a bug of ours, a violation, something left open', () => {
  expect(worstExitCode([0, 3, 1, 70])).toBe(70);
  expect(worstExitCode([0, 3, 1])).toBe(1);
  expect(worstExitCode([0, 3])).toBe(3);
  expect(worstExitCode([])).toBe(0);
});
