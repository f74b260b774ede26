/**
 * One simulation run of `npm run bench:clock`, in a process of its own, so that its memory is known: rmap-xchg, vCPUs
 * that each dirty 25,000 pages a second at random, GET every second. Arguments: GiB, vCPUs, simulated seconds. Prints
 * one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { rmapXchg } from '../machines/designs/index.ts';
import { parseProfile } from '../src/simulate/cost-profile.ts';
import { realisticParams } from '../src/simulate/realistic-params.ts';
import { simulateRun } from '../src/simulate/simulation-run.ts';

/** The figures of a run. Times are elapsed times but for `simulatedSeconds`. */
export interface ClockRun {
  readonly pages: number;
  readonly steps: number;
  readonly simulatedSeconds: number;
  /** compilation, memory layout and initialisation */
  readonly setUpSeconds: number;
  /** from the first step to the last */
  readonly steppingSeconds: number;
  /** all phases, including the final check of every page */
  readonly wallSeconds: number;
  /** peak memory of the process */
  readonly memoryBytes: number;
}

const [gib, vcpus, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
const profile = new URL('../profiles/epyc-2026.json', import.meta.url);
const engine = simulateRun(
  {
    design: rmapXchg,
    params: realisticParams(rmapXchg, gib * 2 ** 30, { vcpus }),
    profile: parseProfile(readFileSync(profile, 'utf8'), 'epyc-2026'),
    workload: [{ pattern: { kind: 'uniform' }, forNs: Number.POSITIVE_INFINITY, writesPerSecond: 25_000 }],
    mode: { collectEveryNs: 1e9 },
    seed: 1,
    warmUpNs: 0,
    durationNs: seconds * 1e9,
  },
  0,
);
const start = performance.now();
let turn = engine.next();
const ready = performance.now();
let last = ready;
while (!turn.done) {
  last = performance.now();
  turn = engine.next(undefined);
}
const { steps, simulatedNs, params } = turn.value;
const run: ClockRun = {
  pages: params['pages'] as number,
  steps,
  simulatedSeconds: simulatedNs / 1e9,
  setUpSeconds: (ready - start) / 1000,
  steppingSeconds: (last - ready) / 1000,
  wallSeconds: (performance.now() - start) / 1000,
  memoryBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(run));
