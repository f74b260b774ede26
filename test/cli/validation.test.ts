import { describe, expect, it } from 'vitest';
import type { ValidatedCell } from '../../src/cli/host/documents.ts';
import { errorsOf, isAimReached } from '../../src/cli/host/validation-errors.ts';
import { validationTables } from '../../src/cli/host/validation-tables.ts';
import type { Outcome } from '../../src/host/validate/grid.ts';

const outcome = (getNs: number, clearNs = 0): Outcome => ({
  getNs,
  clearNs,
  worstWriteNs: 1e6,
  writesPerSecond: 1000,
  dirtyPages: 10,
});

const cell = (predicted: Outcome, first: Outcome, second: Outcome): ValidatedCell => ({
  name: 'a cell',
  cell: { memoryBytes: 2 ** 28, vcpus: 1, intervalMs: 100, pattern: 'hot', taking: { kind: 'get' }, rounds: 3 },
  observed: { ...first, freeWritesPerSecond: 1e6 },
  passes: [first, second],
  predicted,
});

const cells = [cell(outcome(150), outcome(100), outcome(120)), cell(outcome(100), outcome(100), outcome(100))];

describe('the errors of a validation', () => {
  it('are medians over cells, of predictions and of the second measurement', () => {
    const [get] = errorsOf(cells);
    expect(get).toMatchObject({ metric: 'getNs', medianError: 0.25, worstError: 0.5, cells: 2 });
    expect(get?.againError).toBeCloseTo(0.1);
  });

  it('say nothing of a second measurement that was not made', () => {
    const [once] = errorsOf([{ ...cell(outcome(1), outcome(1), outcome(1)), passes: [outcome(1)] }]);
    expect(once).not.toHaveProperty('againError');
  });

  it('leave out what was not measured', () => {
    expect(errorsOf(cells).map(({ metric }) => metric)).not.toContain('clearNs');
  });

  it('miss the aim when one figure does, and the longest write may be further off', () => {
    const of = (change: Partial<Outcome>) =>
      isAimReached(errorsOf([cell({ ...outcome(100), ...change }, outcome(100), outcome(100))]));
    expect(of({ worstWriteNs: 1.25e6 })).toBe(true);
    expect(of({ worstWriteNs: 1.35e6 })).toBe(false);
    expect(of({ getNs: 120 })).toBe(false);
  });

  it('are a table in Markdown, with what a group has not left empty', () => {
    const host = { kernel: '6.18', processor: 'some', cpus: 2, mmu: 'some MMU', date: '2026-01-01' };
    const document = {
      format: 'precopy-host-validate',
      version: 1,
      host,
      profiles: [],
      errors: [],
      complete: true,
    } as const;
    const lines = validationTables({ ...document, cells }).split('\n');
    expect(lines).toContain('| all | 2 | 25 % (10 %) |  | 0 % (0 %) | 0 % (0 %) | 0 % (0 %) |');
    expect(lines).toContain('| a cell | 0 us / 0 us |  | 1.0 ms / 1.0 ms | 1,000 / 1,000 | 10 / 10 |');
  });
});
