import Table from 'cli-table3';
import type { FigureComparison, Side } from './comparison.ts';

/** The outcome of `bench:commits`. */
export interface CommitReport {
  readonly environment: { readonly cpu: string; readonly node: string };
  readonly rounds: number;
  readonly base: string;
  readonly head: string;
  readonly figures: readonly FigureComparison[];
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`;

/** Formats the report for the terminal: one row a figure, and notes below. */
export function renderComparison({ environment, rounds, base, head, figures }: CommitReport): string {
  const table = new Table({
    head: ['', 'unit', 'base', '±', 'head', '±', 'time,\nhead / base', 'interval', 'verdict'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...figures.map(rowOf));
  const confidence = figures.find(({ interval }) => interval)?.interval?.confidence;
  return [
    `base: ${base}`,
    `head: ${head}`,
    `${environment.cpu}, Node.js ${environment.node}, ${rounds} rounds in turns`,
    table.toString(),
    'base, head: medians; ±: half the range. A time ratio above 1 is slower.',
    ...(confidence === undefined
      ? []
      : [
          `interval: of the median of the ratios of the rounds, with a confidence of ${percent(confidence)}: of equal commits, ${percent(1 - confidence)} of the`,
          'figures are called slower or faster. More rounds make that less.',
        ]),
    ...figures.flatMap(({ figure, failure }) => (failure ? [`${figure}: not measured: ${failure}`] : [])),
    ...figures.flatMap(({ figure, otherWork }) =>
      otherWork ? [`${figure}: NOT THE SAME WORK: ${otherWork.base} and ${otherWork.head}`] : [],
    ),
  ].join('\n');
}

function rowOf({ figure, unit, base, head, ratio, interval, verdict }: FigureComparison): string[] {
  const sides = [base, head].flatMap((side) => (side ? [show(side, unit), percent(side.spread)] : ['', '']));
  return [
    figure,
    unit === 'starts' ? 'ms a start' : `${unit}/s`,
    ...sides,
    ratio?.toFixed(3) ?? '',
    interval ? `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}` : '',
    verdict,
  ];
}

const show = ({ seconds }: Side, unit: FigureComparison['unit']): string =>
  unit === 'starts' ? (seconds * 1000).toFixed(0) : Math.round(1 / seconds).toLocaleString('en-US');
