import Table from 'cli-table3';
import type { Report, Row } from './report.ts';
import type { Tools } from './tools.ts';

const count = (n: number): string => Math.round(n).toLocaleString('en-US');
const with2 = (n: number): string => n.toFixed(2);

const columns: readonly { readonly head: string; readonly cell: (row: Row) => string }[] = [
  { head: 'scenario', cell: ({ scenario }) => scenario },
  { head: 'vCPUs x pages,\nemulating', cell: ({ shape }) => shape },
  { head: 'engine', cell: ({ engine }) => engine },
  ...(
    [
      ['states', 'states', count],
      ['transitions', 'transitions', count],
      ['search\ns', 'searchSeconds', with2],
      ['total\ns', 'totalSeconds', with2],
      ['CPU\ns', 'cpuSeconds', with2],
      ['transitions\n/s', 'transitionsPerSecond', count],
      ['bytes\n/state', 'bytesPerState', (n) => n.toFixed(1)],
      ['search\nratio', 'searchRatio', with2],
      ['total\nratio', 'totalRatio', with2],
    ] as const satisfies readonly (readonly [string, keyof Row, (n: number) => string])[]
  ).map(([head, key, show]) => ({ head, cell: (row: Row) => (row[key] === undefined ? '' : show(row[key])) })),
];

/** Formats the report for the terminal: one table, and notes below. */
export function render(report: Report): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map((_, n) => (n < 3 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...report.rows.map((row) => columns.map(({ cell }) => cell(row))));
  return [
    table.toString(),
    'CPU: processor time of a run, with start-up, of SPIN without the compiler: compare it where other programs run too.',
    "search: the engine's own clock. total: with start-up (Node.js and precopy, or Java), and with spin -a and gcc.",
    'Ratios are times to the verdict, relative to precopy on one worker without reduction in that scenario: above 1 is slower.',
    'With symmetry one state represents all that differ by a permutation of vCPUs; SPIN has no symmetry reduction.',
    ...report.rows.flatMap(({ scenario, engine, failure }) =>
      failure ? [`${engine} in ${scenario}: ${failure}`] : [],
    ),
    ...(report.absent.some(({ tool }) => tool === 'TLC') ? [recordedTlc] : []),
    ...report.absent.map(
      ({ tool, missing }) => `No rows of ${tool}: ${missing.map((name) => howMissing[name]).join(', and ')}.`,
    ),
    ...stateSpaceLines(report),
  ].join('\n');
}

/** What TLC took on this model when it was last run, relative to the explicit search of precopy. */
const recordedTlc =
  'TLC, recorded 2026-11-30: search on one worker 31 times the time of precopy at 108,876 states and 32 times at ' +
  '789,472; with symmetry on two workers, 1,059,719 states: 46 s, and 1.7 s of precopy on one.';

const howMissing: Readonly<Record<keyof Tools, string>> = {
  spin: 'spin is not installed',
  gcc: 'gcc is not installed',
  java: 'java is not installed',
  tla2tools: 'there is no tla2tools.jar (--tlc PATH, or TLA2TOOLS_JAR=PATH)',
};

function stateSpaceLines({ stateSpaces }: Report): string[] {
  const peers = [...new Set(stateSpaces.map(({ peer }) => peer))];
  return [
    ...peers.flatMap((peer) => {
      const equal = stateSpaces.filter((one) => one.peer === peer && one.equal);
      const numbers = equal.every(({ counts }) => counts.peer.transitions === undefined)
        ? 'number of states'
        : 'numbers of states and transitions';
      const at = equal.map(({ scenario }) => scenario).join(', ');
      return equal.length > 0
        ? [`Same work: ${peer} has the same ${numbers} as precopy without reduction in ${at}.`]
        : [];
    }),
    ...stateSpaces.flatMap(({ scenario, peer, equal, counts }) =>
      equal
        ? []
        : [`NOT THE SAME WORK in ${scenario}: ${both(counts.precopy)} in precopy, ${both(counts.peer)} in ${peer}.`],
    ),
  ];
}

const both = ({ states, transitions }: { states: number; transitions: number | undefined }): string =>
  `${count(states)} states${transitions === undefined ? '' : ` and ${count(transitions)} transitions`}`;
