import { measured } from '../../host/measure/statistics.ts';
import type { Outcome } from '../../host/validate/grid.ts';
import type { ValidatedCell, ValidationError } from './documents.ts';

/** What is compared, and at most how large the median error is to be. */
export const metrics: readonly { readonly metric: keyof Outcome; readonly title: string; readonly aim: number }[] = [
  { metric: 'getNs', title: 'GET', aim: 0.15 },
  { metric: 'clearNs', title: 'CLEAR', aim: 0.15 },
  { metric: 'worstWriteNs', title: 'longest write', aim: 0.3 },
  { metric: 'writesPerSecond', title: 'writes a second', aim: 0.15 },
  { metric: 'dirtyPages', title: 'dirty pages', aim: 0.15 },
];

const relative = (one: number, other: number): number => Math.abs(one - other) / other;

/** The errors of predictions over cells, beside how much the second measurement of a cell differs from the first. */
export function errorsOf(cells: readonly ValidatedCell[]): ValidationError[] {
  return metrics.flatMap(({ metric }) => {
    const there = cells.filter(({ observed }) => observed[metric] > 0);
    if (there.length === 0) return [];
    const errors = there.map(({ observed, predicted }) => relative(predicted[metric], observed[metric]));
    const again = there.flatMap(({ passes: [first, second] }) =>
      first && second && first[metric] > 0 ? [relative(second[metric], first[metric])] : [],
    );
    return [
      {
        metric,
        medianError: measured(errors).median,
        worstError: Math.max(...errors),
        ...(again.length > 0 && { againError: measured(again).median }),
        cells: there.length,
      },
    ];
  });
}

/** Whether all median errors are within the aim. */
export function isAimReached(errors: readonly ValidationError[]): boolean {
  return errors.every(
    ({ metric, medianError }) => medianError <= (metrics.find((one) => one.metric === metric)?.aim ?? 0),
  );
}

/** Cells in groups of a kind: each size of memory and number of vCPUs, and each way to take the log. */
export function groupsOfCells(
  cells: readonly ValidatedCell[],
): readonly (readonly [string, readonly ValidatedCell[]])[] {
  const groups = new Map<string, ValidatedCell[]>();
  const add = (name: string, cell: ValidatedCell): void => void groups.set(name, [...(groups.get(name) ?? []), cell]);
  for (const cell of cells) {
    const { memoryBytes, vcpus } = cell.cell;
    add(`${memoryBytes / 2 ** 20} MiB, ${vcpus} vCPU${vcpus > 1 ? 's' : ''}`, cell);
  }
  for (const cell of cells) add(takingOf(cell), cell);
  for (const cell of cells) add(cell.cell.pattern, cell);
  return [['all', cells], ...groups];
}

/** `GET`, `CLEAR 512` or `CLEAR whole`. */
export function takingOf({ cell: { taking, memoryBytes } }: ValidatedCell): string {
  if (taking.kind === 'get') return 'GET';
  return taking.chunkPages * 4096 === memoryBytes ? 'CLEAR whole' : `CLEAR ${taking.chunkPages}`;
}
