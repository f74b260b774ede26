/**
 * `npm run bench:clock`: speed and memory of the simulator on guests of realistic size; then precopy and SimPy in turns
 * on one model, the queueing core of rmap-xchg. Fails if the figures of the two differ, and leaves SimPy out if it is
 * not installed. `--memory 1GiB,10GiB` leaves out the terabyte, `--memory none` all guests of realistic size.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ClockRun } from './clock-run.ts';
import { queueingCore, simulateQueueingCore } from './queueing-core.ts';
import { median } from './statistics.ts';

const peer = fileURLToPath(new URL('peers/queueing_core.py', import.meta.url));
const oneRun = fileURLToPath(new URL('clock-run.ts', import.meta.url));
const rounds = 3;

/** GiB, vCPUs and simulated seconds of the guests of realistic size. */
const realisticGuests: Readonly<Record<string, readonly [number, number, number]>> = {
  '1GiB': [1, 4, 10],
  '10GiB': [10, 4, 60],
  '1TiB': [1024, 8, 10],
};

interface PeerFigures {
  readonly writes: number;
  readonly faults: number;
  readonly rounds: number;
  readonly getNs: number;
  readonly longestWriteNs: number;
  readonly longestWaitNs: number;
  readonly longestHoldNs: number;
  readonly seconds: number;
  readonly steps: number;
  readonly version: string;
}

/** Runs SimPy once. Returns undefined if it is not installed. */
function simpy(): PeerFigures | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout, stderr } = spawnSync(python, [peer], {
      input: JSON.stringify(queueingCore),
      encoding: 'utf8',
    });
    if (status === 0) return JSON.parse(stdout) as PeerFigures;
    if (status !== null && !stderr.includes("No module named 'simpy'")) throw new Error(stderr);
  }
  return undefined;
}

const perSecond = (count: number, seconds: number): string => `${Math.round(count / seconds / 1000)}k`;

/** Prints speed and memory for guests of realistic size. */
function reportRealisticGuests(names: readonly string[]): void {
  console.log('rmap-xchg, each vCPU dirties 25,000 pages a second at random, GET every second');
  const speeds = new Map<string, number>();
  for (const name of names) {
    const guest = realisticGuests[name];
    if (guest === undefined) throw new Error(`--memory: ${name} is none of ${Object.keys(realisticGuests).join(', ')}`);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', oneRun, ...guest.map(String)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const run = JSON.parse(stdout) as ClockRun;
    const stepsPerSecond = run.steps / run.steppingSeconds;
    speeds.set(name, stepsPerSecond);
    console.log(
      [
        name.padStart(7),
        `${guest[1]} vCPUs`,
        `${perSecond(run.steps, run.steppingSeconds)} steps/s`,
        `${(run.simulatedSeconds / run.steppingSeconds).toFixed(2)} simulated s a second`,
        `(${(run.simulatedSeconds / run.wallSeconds).toFixed(2)} with set-up and the final check of all pages)`,
        `${(run.memoryBytes / run.pages).toFixed(1)} bytes a page`,
        `${(run.memoryBytes / 2 ** 30).toFixed(2)} GiB`,
      ].join('  '),
    );
  }
  const [small, large] = [speeds.get('1GiB'), speeds.get('1TiB')];
  if (small !== undefined && large !== undefined)
    console.log(`steps/s at 1 GiB over those at 1 TiB: ${(small / large).toFixed(2)}`);
}

const { memory } = parseArgs({
  options: { memory: { type: 'string', default: Object.keys(realisticGuests).join(',') } },
}).values;
if (memory !== 'none') reportRealisticGuests(memory.split(','));

const { vcpus, pages, durationNs } = queueingCore;
console.log(`${vcpus} vCPUs sweep over ${pages} pages for ${durationNs / 1e6} ms, rmap-xchg takes the log`);
const ours: ReturnType<typeof simulateQueueingCore>[] = [];
const theirs: PeerFigures[] = [];
for (let n = 0; n < rounds; n++) {
  ours.push(simulateQueueingCore());
  const other = simpy();
  if (other) theirs.push(other);
}
const [one] = ours as [ReturnType<typeof simulateQueueingCore>];
const seconds = median(ours.map(({ seconds }) => seconds));
console.log(`precopy        ${perSecond(one.steps, seconds)} steps/s, median of ${rounds}`);
const [other] = theirs;
if (other === undefined) {
  console.log(
    'SimPy          not installed (Debian: python3-simpy3; python3-simpy is version 2, with another interface)',
  );
} else {
  const { version, seconds: _, steps, ...figures } = other;
  const peerSeconds = median(theirs.map(({ seconds }) => seconds));
  console.log(`SimPy ${version}   ${perSecond(steps, peerSeconds)} steps/s, median of ${rounds}`);
  console.log(`the same simulated time: SimPy takes ${(peerSeconds / seconds).toFixed(1)} times as long`);
  const ofOurs: Readonly<Record<string, number>> = one.figures;
  const differences = Object.entries(figures).filter(
    ([name, value]) => !(Math.abs(value - (ofOurs[name] ?? Number.NaN)) <= 1e-6 * value),
  );
  for (const [name, value] of differences)
    console.log(`NOT THE SAME: ${name} is ${ofOurs[name]} here and ${value} in SimPy`);
  if (differences.length > 0) process.exitCode = 1;
  else console.log(`the same figures: ${JSON.stringify(figures)}`);
}
