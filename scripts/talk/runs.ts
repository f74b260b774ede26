import { readFileSync } from 'node:fs';
import { designs } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { aggregateRuns } from '../../src/simulate/aggregate-runs.ts';
import { type Profile, parseProfile } from '../../src/simulate/cost-profile.ts';
import type { Experiment } from '../../src/simulate/experiment.ts';
import { realisticParams } from '../../src/simulate/realistic-params.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import { simulateRun } from '../../src/simulate/simulation-run.ts';
import type { Workload } from '../../src/simulate/workload.ts';

const file = new URL('../../profiles/talk-2012.json', import.meta.url);
export const talk2012: Profile = parseProfile(readFileSync(file, 'utf8'), 'talk-2012');

export function designOf(id: string): AnyDesign {
  const found = (designs as readonly AnyDesign[]).find((design) => design.id === id);
  if (!found) throw new Error(`there is no design ${id}`);
  return found;
}

export const gib = 2 ** 30;

/** Returns a workload of writes to random pages, at a rate per vCPU. */
const uniform = (writesPerSecond: number): Workload => [
  { pattern: { kind: 'uniform' }, forNs: Number.POSITIVE_INFINITY, writesPerSecond },
];

/** Simulates one run to its end. */
export function run(
  id: string,
  settings: Pick<Experiment, 'workload' | 'mode' | 'durationNs'> & {
    readonly memoryBytes: number;
    readonly vcpus: number;
    readonly params?: Readonly<Record<string, number>>;
    readonly profile?: Profile;
  },
): DesignFigures {
  const { memoryBytes, vcpus, params, profile = talk2012, ...rest } = settings;
  const design = designOf(id);
  const experiment = { design, params: realisticParams(design, memoryBytes, { vcpus, ...params }), profile, ...rest };
  const engine = simulateRun({ ...experiment, seed: 1, warmUpNs: 0 }, 0);
  return aggregateRuns(design, [runEngine(engine)], 0);
}

/** Simulates 4 vCPUs that write at random, and three GET_DIRTY_LOG, one a second. */
export const collected = (id: string, memoryGib: number, writesPerSecond: number): DesignFigures =>
  run(id, {
    memoryBytes: memoryGib * gib,
    vcpus: 4,
    workload: uniform(writesPerSecond / 4),
    mode: { collectEveryNs: 1e9 },
    durationNs: 3.2e9,
  });

/**
 * Simulates one GET_DIRTY_LOG of a guest with one vCPU. The dirty pages are spread evenly; if all pages are dirty, they
 * are dirty from the start.
 */
export function oneGet(id: string, memoryBytes: number, dirtyPages: number): DesignFigures {
  const pages = memoryBytes / 4096;
  const all = dirtyPages === pages;
  const evenly = Int32Array.from({ length: all ? 1 : dirtyPages }, (_, n) => Math.floor((n * pages) / dirtyPages));
  const recorded = (list: Int32Array) => ({ kind: 'recorded', source: 'talk', pages: list }) as const;
  // a fifth longer than the average: after the last page the first one is written again, so exactly these are dirty
  const writingNs = evenly.length * 12e3 + 1e6;
  return run(id, {
    memoryBytes,
    vcpus: 1,
    workload: [
      { pattern: recorded(evenly), forNs: writingNs, writesPerSecond: 1e5 },
      { pattern: recorded(Int32Array.of(0)), forNs: Number.POSITIVE_INFINITY, writesPerSecond: 10 },
    ],
    mode: { collectEveryNs: writingNs + 50e6 },
    durationNs: writingNs + 90e6,
    params: { initiallySet: all ? 1 : 0 },
  });
}
