import { summarize } from '../../host/measure/statistics.ts';
import type { CellMetrics } from '../../host/results.ts';
import type { ValidatedCell, ValidationError } from './host-documents.ts';

/** The compared metrics, and the largest median error that is aimed at. */
export const metrics: readonly { readonly metric: keyof CellMetrics; readonly title: string; readonly aim: number }[] =
  [
    { metric: 'getNs', title: 'GET', aim: 0.15 },
    { metric: 'clearNs', title: 'CLEAR', aim: 0.15 },
    { metric: 'worstWriteNs', title: 'longest write', aim: 0.3 },
    { metric: 'writesPerSecond', title: 'writes per second', aim: 0.15 },
    { metric: 'dirtyPages', title: 'dirty pages', aim: 0.15 },
  ];

const relative = (one: number, other: number): number => Math.abs(one - other) / other;

/**
 * Returns the prediction errors of each metric, and how much the second measurement of a cell differs from the first.
 */
export function errorsOf(cells: readonly ValidatedCell[]): ValidationError[] {
  return metrics.flatMap(({ metric }) => {
    const measured = cells.filter(({ observed }) => observed[metric] > 0);
    if (measured.length === 0) return [];
    const errors = measured.map(({ observed, predicted }) => relative(predicted[metric], observed[metric]));
    const repeated = measured.flatMap(({ passes: [first, second] }) =>
      first && second && first[metric] > 0 ? [relative(second[metric], first[metric])] : [],
    );
    return [
      {
        metric,
        medianError: summarize(errors).median,
        worstError: Math.max(...errors),
        ...(repeated.length > 0 && { repeatError: summarize(repeated).median }),
        cells: measured.length,
      },
    ];
  });
}

/** Returns true if all median errors are within the aim. */
export function isAimReached(errors: readonly ValidationError[]): boolean {
  return errors.every(
    ({ metric, medianError }) => medianError <= (metrics.find((one) => one.metric === metric)?.aim ?? 0),
  );
}

/** Groups cells by memory and vCPUs, by log method, and by pattern. The first group has all cells. */
export function groupsOfCells(
  cells: readonly ValidatedCell[],
): readonly (readonly [string, readonly ValidatedCell[]])[] {
  const groups = new Map<string, ValidatedCell[]>();
  const add = (name: string, cell: ValidatedCell): void => void groups.set(name, [...(groups.get(name) ?? []), cell]);
  for (const cell of cells) {
    const { memoryBytes, vcpus } = cell.cell;
    add(`${memoryBytes / 2 ** 20} MiB, ${vcpus} vCPU${vcpus === 1 ? '' : 's'}`, cell);
  }
  for (const cell of cells) add(methodName(cell), cell);
  for (const cell of cells) add(cell.cell.pattern, cell);
  return [['all', cells], ...groups];
}

/** Returns the name of a cell's log method: `GET`, `CLEAR 512` or `CLEAR whole`. */
export function methodName({ cell: { method, memoryBytes } }: ValidatedCell): string {
  if (method.kind === 'get') return 'GET';
  return method.chunkPages * 4096 === memoryBytes ? 'CLEAR whole' : `CLEAR ${method.chunkPages}`;
}
