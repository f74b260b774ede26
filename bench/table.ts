import Table from 'cli-table3';
import { runs } from './measurement.ts';
import type { Report, Row } from './report.ts';

const columns: readonly { readonly head: string; readonly cell: (row: Row) => string }[] = [
  { head: 'vCPUs x\npages', cell: ({ size }) => size },
  { head: 'engine', cell: ({ engine }) => engine },
  { head: 'states', cell: ({ states, complete }) => count(states) + (complete ? '' : ' *') },
  { head: 'transitions', cell: ({ transitions }) => count(transitions) },
  { head: 'search\ns', cell: ({ searchSeconds }) => searchSeconds.toFixed(2) },
  { head: 'total\ns', cell: ({ totalSeconds }) => totalSeconds.toFixed(2) },
  { head: 'states\n/s', cell: ({ statesPerSecond }) => count(statesPerSecond) },
  { head: 'transitions\n/s', cell: ({ transitionsPerSecond }) => count(transitionsPerSecond) },
  { head: 'bytes\n/state', cell: ({ bytesPerState }) => bytesPerState.toFixed(1) },
  { head: 'search\nratio', cell: ({ timeRatio }) => timeRatio.toFixed(2) },
  { head: 'states\nratio', cell: ({ statesRatio }) => statesRatio.toFixed(2) },
];

/** The report for people: one table, and what to know about it. */
export function render(report: Report): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map((_, n) => (n < 2 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...report.rows.map((row) => columns.map(({ cell }) => cell(row))));
  return [
    table.toString(),
    `Best of ${runs} runs. search: the engine's own clock (precopy: compile and search in a cold process; SPIN: pan).`,
    "total: with Node.js and precopy loading, or with spin -a and gcc. Ratios are multiples of precopy's.",
    ...granularityLines(report),
    ...targetLines(report),
  ].join('\n');
}

function granularityLines({ missing, granularity, rows }: Report): string[] {
  if (missing.length > 0) return [`Not installed: ${missing.join(', ')}. So nothing was compared with SPIN.`];
  const skipped = rows.filter(({ complete }) => !complete).map(({ size }) => size);
  const sizes = granularity.map(({ size }) => size).join(', ');
  const differences = granularity
    .filter(({ equal }) => !equal)
    .map(
      ({ size, precopy, spin }) =>
        `NOT THE SAME WORK at ${size}: ${both(precopy)} in precopy, ${both(spin)} in SPIN -DNOREDUCE.`,
    );
  return [
    ...(differences.length > 0
      ? differences
      : [
          `Same work: precopy and SPIN -DNOREDUCE have the same number of states and of transitions at each of ${sizes}.`,
        ]),
    ...skipped.map((size) => `SPIN is left out at ${size}: pan has no option that stops it after a number of states.`),
  ];
}

function targetLines({ rows, targets }: Report): string[] {
  const last = rows.filter(({ engine }) => engine === 'precopy').at(-1);
  if (!last) return [];
  const { size, states, complete, transitionsPerSecond: speed, bytesPerState: bytes } = last;
  const fast = met(speed > targets.transitionsPerSecond);
  const small = met(bytes <= targets.bytesPerState);
  return [
    ...(complete ? [] : [`* precopy at ${size} was stopped at ${count(states)} states.`]),
    `precopy at ${size}: ${count(speed)} transitions/s; target over ${count(targets.transitionsPerSecond)}: ${fast}.`,
    `precopy at ${size}: ${bytes.toFixed(1)} bytes of tables a stored state; target at most ${targets.bytesPerState}: ${small}.`,
  ];
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US');
const met = (reached: boolean): string => (reached ? 'met' : 'missed');
const both = ({ states, transitions }: { states: number; transitions: number }): string =>
  `${count(states)} states and ${count(transitions)} transitions`;
