import { describe, expect, it } from 'vitest';
import type { ValidatedCell } from '../../src/app/host/host-documents.ts';
import { errorsOf, isAimReached } from '../../src/app/host/validation-errors.ts';
import { validationTables } from '../../src/cli/report/validation-tables.ts';
import type { CellMetrics } from '../../src/host/results.ts';

const outcome = (getNs: number, clearNs = 0): CellMetrics => ({
  getNs,
  clearNs,
  worstWriteNs: 1e6,
  writesPerSecond: 1000,
  dirtyPages: 10,
});

const cell = (predicted: CellMetrics, first: CellMetrics, second: CellMetrics): ValidatedCell => ({
  name: 'a cell',
  cell: { memoryBytes: 2 ** 28, vcpus: 1, intervalMs: 100, pattern: 'hot', method: { kind: 'get' }, rounds: 3 },
  observed: { ...first, unloggedWritesPerSecond: 1e6 },
  passes: [first, second],
  predicted,
});

const cells = [cell(outcome(150), outcome(100), outcome(120)), cell(outcome(100), outcome(100), outcome(100))];

describe('the errors of a validation', () => {
  it('are medians over cells, of predictions and of second measurements', () => {
    const [get] = errorsOf(cells);
    expect(get).toMatchObject({ metric: 'getNs', medianError: 0.25, worstError: 0.5, cells: 2 });
    expect(get?.repeatError).toBeCloseTo(0.1);
  });

  it('have no repeat error without a second measurement', () => {
    const [once] = errorsOf([{ ...cell(outcome(1), outcome(1), outcome(1)), passes: [outcome(1)] }]);
    expect(once).not.toHaveProperty('repeatError');
  });

  it('omit metrics that were not measured', () => {
    expect(errorsOf(cells).map(({ metric }) => metric)).not.toContain('clearNs');
  });

  it('miss the aim if one metric does; the longest write has a wider aim', () => {
    const of = (change: Partial<CellMetrics>) =>
      isAimReached(errorsOf([cell({ ...outcome(100), ...change }, outcome(100), outcome(100))]));
    expect(of({ worstWriteNs: 1.25e6 })).toBe(true);
    expect(of({ worstWriteNs: 1.35e6 })).toBe(false);
    expect(of({ getNs: 120 })).toBe(false);
  });

  it('are a Markdown table, with empty cells for missing metrics', () => {
    const host = { kernel: '6.18', processor: 'some', cpus: 2, mmu: 'some MMU', date: '2026-01-01' };
    const document = {
      format: 'precopy-host-validate',
      version: 2,
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
