import type { Outcome } from '../../host/validate/grid.ts';
import type { HostValidateDocument, ValidatedCell } from './documents.ts';
import { errorsOf, groupsOfCells, metrics } from './validation-errors.ts';

/** The result as a page in Markdown, as docs/validation-tables.md is one: median errors by group, and all cells of rounds of 100 ms. */
export function validationTables({ host, cells }: HostValidateDocument): string {
  const titles = metrics.map(({ title }) => title);
  const { processor, cpus, mmu, kernel, date } = host;
  const [rounds = 0] = cells.map(({ cell }) => cell.rounds);
  return [
    '# Predicted and measured',
    '',
    'Written by `npx precopy host validate --markdown`; [validation.md](validation.md) says how it is done and what it teaches.',
    '',
    `${date}: ${processor}, ${cpus} CPUs, ${mmu}, Linux ${kernel}; ${cells.length} cells, each of ${rounds} rounds${cells.every(({ passes }) => passes.length > 1) ? ', measured twice' : ''}.`,
    'Median of |predicted - measured| / measured, and in brackets of |measured again - measured| / measured:',
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
      : `${percent(error.medianError)}${error.againError === undefined ? '' : ` (${percent(error.againError)})`}`;
  });
}

function rowOf({ name, observed, predicted }: ValidatedCell): string {
  const pair = (metric: keyof Outcome): string => {
    if (observed[metric] === 0) return '';
    const show = metric.endsWith('Ns') ? time : count;
    return `${show(predicted[metric])} / ${show(observed[metric])}`;
  };
  return row([name, ...metrics.map(({ metric }) => pair(metric))]);
}

const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
const percent = (fraction: number): string => `${(100 * fraction).toFixed(0)} %`;
const time = (ns: number): string => (ns < 1e6 ? `${(ns / 1e3).toFixed(0)} us` : `${(ns / 1e6).toFixed(1)} ms`);
const count = (value: number): string => Math.round(value).toLocaleString('en');
