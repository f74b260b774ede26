import Table from 'cli-table3';
import type { Report, Row } from './report.ts';

const count = (n: number): string => Math.round(n).toLocaleString('en-US');
const with2 = (n: number): string => n.toFixed(2);

const columns: readonly { readonly head: string; readonly cell: (row: Row) => string }[] = [
  { head: 'size', cell: ({ size }) => size },
  { head: 'vCPUs x pages,\nemulating', cell: ({ shape }) => shape },
  { head: 'engine', cell: ({ engine }) => engine },
  ...(
    [
      ['states', 'states', count],
      ['transitions', 'transitions', count],
      ['search\ns', 'searchSeconds', with2],
      ['total\ns', 'totalSeconds', with2],
      ['transitions\n/s', 'transitionsPerSecond', count],
      ['bytes\n/state', 'bytesPerState', (n) => n.toFixed(1)],
      ['search\nratio', 'searchRatio', with2],
      ['total\nratio', 'totalRatio', with2],
    ] as const satisfies readonly (readonly [string, keyof Row, (n: number) => string])[]
  ).map(([head, key, show]) => ({ head, cell: (row: Row) => (row[key] === undefined ? '' : show(row[key])) })),
];

/** The report for people: one table, and what to know about it. */
export function render(report: Report): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map((_, n) => (n < 3 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...report.rows.map((row) => columns.map(({ cell }) => cell(row))));
  return [
    table.toString(),
    "search: the engine's own clock. total: with Node.js and precopy loading, or with spin -a and gcc.",
    'Ratios are times to the verdict, as multiples of that of precopy on one worker without reduction at that size: above 1 is slower.',
    'With symmetry one state stands for all that differ only in which vCPU is which; SPIN keeps each of them.',
    ...report.rows.flatMap(({ size, engine, failure }) => (failure ? [`${engine} at ${size}: ${failure}`] : [])),
    ...granularityLines(report),
    'TLC is not in the table: bench/README.md says why.',
  ].join('\n');
}

function granularityLines({ missing, granularity }: Report): string[] {
  if (missing.length > 0) return [`Not installed: ${missing.join(', ')}. So nothing was compared with SPIN.`];
  const equal = granularity.filter((one) => one.equal).map(({ size }) => size);
  const differences = granularity.filter((one) => !one.equal);
  return [
    ...(equal.length > 0
      ? [
          `Same work: precopy and SPIN, both without reduction, have the same numbers of states and transitions at ${equal.join(', ')}.`,
        ]
      : []),
    ...differences.map(
      ({ size, precopy, spin }) =>
        `NOT THE SAME WORK at ${size}: ${both(precopy)} in precopy, ${both(spin)} in SPIN -DNOREDUCE.`,
    ),
  ];
}

const both = ({ states, transitions }: { states: number; transitions: number }): string =>
  `${count(states)} states and ${count(transitions)} transitions`;
