import { readFileSync } from 'node:fs';
import { designs } from '../../machines/designs.ts';
import { type Profile, parseProfile } from '../../src/clock/cost-profile.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { aggregateRuns } from '../../src/simulate/aggregate-runs.ts';
import { realisticParams } from '../../src/simulate/realistic-params.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import { type Experiment, simulateRun } from '../../src/simulate/simulation-run.ts';
import type { Workload } from '../../src/simulate/workload.ts';

const file = new URL('../../profiles/talk-2012.json', import.meta.url);
export const talk2012: Profile = parseProfile(readFileSync(file, 'utf8'), 'talk-2012');

export function designOf(id: string): AnyDesign {
  const found = (designs as readonly AnyDesign[]).find((design) => design.id === id);
  if (!found) throw new Error(`there is no design ${id}`);
  return found;
}

export const gib = 2 ** 30;

/** Writes to pages drawn at random, so many a second on each vCPU. */
const uniform = (writesPerSecond: number): Workload => [
  { pattern: { kind: 'uniform' }, forNs: Number.POSITIVE_INFINITY, writesPerSecond },
];

/** Carries out one run to its end. */
export function run(
  id: string,
  said: Pick<Experiment, 'workload' | 'mode' | 'durationNs'> & {
    readonly memoryBytes: number;
    readonly vcpus: number;
    readonly params?: Readonly<Record<string, number>>;
    readonly profile?: Profile;
  },
): DesignFigures {
  const { memoryBytes, vcpus, params, profile = talk2012, ...rest } = said;
  const design = designOf(id);
  const experiment = { design, params: realisticParams(design, memoryBytes, { vcpus, ...params }), profile, ...rest };
  const engine = simulateRun({ ...experiment, seed: 1, warmUpNs: 0 }, 0);
  return aggregateRuns(design, [runEngine(engine)], 0);
}

/** The log is taken once a second, three times; 4 vCPUs write at random. */
export const collected = (id: string, memoryGib: number, writesPerSecond: number): DesignFigures =>
  run(id, {
    memoryBytes: memoryGib * gib,
    vcpus: 4,
    workload: uniform(writesPerSecond / 4),
    mode: { collectEveryNs: 1e9 },
    durationNs: 3.2e9,
  });

/**
 * One GET_DIRTY_LOG of a guest with one vCPU, of whose pages so many are dirty, spread evenly. Where all are, they are so from the start.
 */
export function oneGet(id: string, memoryBytes: number, dirtyPages: number): DesignFigures {
  const pages = memoryBytes / 4096;
  const all = dirtyPages === pages;
  const evenly = Int32Array.from({ length: all ? 1 : dirtyPages }, (_, n) => Math.floor((n * pages) / dirtyPages));
  const recorded = (list: Int32Array) => ({ kind: 'recorded', source: 'talk', pages: list }) as const;
  // A fifth longer than it takes on average: after the last page comes the first one again, so that all are dirty and no others.
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
