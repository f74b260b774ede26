import type { HostValidateDocument, ValidatedCell } from '../../app/host/host-documents.ts';
import { errorsOf, groupsOfCells, metrics } from '../../app/host/validation-errors.ts';
import type { CellMetrics } from '../../host/results.ts';

/** Formats a validation as docs/validation-tables.md: median errors by group, and the cells with rounds of 100 ms. */
export function validationTables({ host, cells }: HostValidateDocument): string {
  const titles = metrics.map(({ title }) => title);
  const { processor, cpus, mmu, kernel, date } = host;
  const [rounds = 0] = cells.map(({ cell }) => cell.rounds);
  return [
    '# Predicted and measured',
    '',
    'Written by `npx precopy host validate --markdown tables.md`; [validation.md](validation.md) describes the method and the results.',
    '',
    `${date}: ${processor}, ${cpus} CPUs, ${mmu}, Linux ${kernel}; ${cells.length} cells, each of ${rounds} rounds${cells.every(({ passes }) => passes.length > 1) ? ', measured twice' : ''}.`,
    'Median of |predicted - measured| / measured, and in brackets of |second pass - first pass| / first pass:',
    '',
    row(['', 'cells', ...titles]),
    row(['---', ...titles.map(() => '---'), '---']),
    ...groupsOfCells(cells).map(([name, group]) => row([name, `${group.length}`, ...errorCells(group)])),
    '',
    'Predicted / measured, medians over rounds of 100 ms:',
    '',
    row(['', ...titles]),
    row(['---', ...titles.map(() => '---')]),
    ...cells.filter(({ cell }) => cell.intervalMs === 100).map(rowOf),
    '',
  ].join('\n');
}

function errorCells(group: readonly ValidatedCell[]): string[] {
  const errors = errorsOf(group);
  return metrics.map(({ metric }) => {
    const error = errors.find((one) => one.metric === metric);
    return error === undefined
      ? ''
      : `${percent(error.medianError)}${error.repeatError === undefined ? '' : ` (${percent(error.repeatError)})`}`;
  });
}

function rowOf({ name, observed, predicted }: ValidatedCell): string {
  const pair = (metric: keyof CellMetrics): string => {
    if (observed[metric] === 0) return '';
    const show = metric.endsWith('Ns') ? time : count;
    return `${show(predicted[metric])} / ${show(observed[metric])}`;
  };
  return row([name, ...metrics.map(({ metric }) => pair(metric))]);
}

const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
/** Formats a fraction: `15 %`. */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(0)} %`;
const time = (ns: number): string => (ns < 1e6 ? `${(ns / 1e3).toFixed(0)} us` : `${(ns / 1e6).toFixed(1)} ms`);
const count = (value: number): string => Math.round(value).toLocaleString('en');
