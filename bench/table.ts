import Table from 'cli-table3';
import type { Report, Row } from './report.ts';
import type { Tools } from './tools.ts';

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
    "search: the engine's own clock. total: with Node.js and precopy loading, with spin -a and gcc, or with Java starting.",
    'Ratios are times to the verdict, as multiples of that of precopy on one worker without reduction at that size: above 1 is slower.',
    'With symmetry one state stands for all that differ only in which vCPU is which; SPIN has none, and keeps each of them.',
    ...report.rows.flatMap(({ size, engine, failure }) => (failure ? [`${engine} at ${size}: ${failure}`] : [])),
    ...report.absent.map(
      ({ tool, missing }) => `No rows of ${tool}: ${missing.map((name) => without[name]).join(', and ')}.`,
    ),
    ...granularityLines(report),
  ].join('\n');
}

const without: Readonly<Record<keyof Tools, string>> = {
  spin: 'spin is not installed',
  gcc: 'gcc is not installed',
  java: 'java is not installed',
  tla2tools: 'no tla2tools.jar is given (--tlc PATH, or TLA2TOOLS_JAR=PATH)',
};

function granularityLines({ granularity }: Report): string[] {
  const peers = [...new Set(granularity.map(({ peer }) => peer))];
  return [
    ...peers.flatMap((peer) => {
      const equal = granularity.filter((one) => one.peer === peer && one.equal);
      const numbers = equal.every(({ counts }) => counts.peer.transitions === undefined)
        ? 'number of states'
        : 'numbers of states and transitions';
      const at = equal.map(({ size }) => size).join(', ');
      return equal.length > 0
        ? [`Same work: ${peer} has the same ${numbers} as precopy without reduction at ${at}.`]
        : [];
    }),
    ...granularity.flatMap(({ size, peer, equal, counts }) =>
      equal
        ? []
        : [`NOT THE SAME WORK at ${size}: ${both(counts.precopy)} in precopy, ${both(counts.peer)} in ${peer}.`],
    ),
  ];
}

const both = ({ states, transitions }: { states: number; transitions: number | undefined }): string =>
  `${count(states)} states${transitions === undefined ? '' : ` and ${count(transitions)} transitions`}`;
