import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { aggregateRuns } from '../../src/simulate/aggregate-runs.ts';
import type { Cost, Profile } from '../../src/simulate/cost-profile.ts';
import type { Experiment } from '../../src/simulate/experiment.ts';
import type { MigrationSettings } from '../../src/simulate/migration-policy.ts';
import { realisticParams } from '../../src/simulate/realistic-params.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import type { RunFigures } from '../../src/simulate/run-figures.ts';
import type { RunObserver } from '../../src/simulate/run-observer.ts';
import { simulateRun } from '../../src/simulate/simulation-run.ts';
import type { Workload } from '../../src/simulate/workload.ts';

/** A profile in which every action costs `ns`, with exceptions by name. Messages and wake-ups take no time. */
export function flatProfile(
  design: AnyDesign,
  ns: number,
  exceptions: Readonly<Record<string, number | Cost>> = {},
): Profile {
  const origin = 'a test';
  const machines = Object.values(design.machines) as Machine[];
  const actions = machines.flatMap(({ definition }) => Object.keys(definition.actions));
  const costOf = (cost: number | Cost): Cost => (typeof cost === 'number' ? { ns: cost, origin } : cost);
  return {
    name: 'flat',
    description: 'a test',
    costs: Object.fromEntries([
      ...actions.map((action) => [action, costOf(exceptions[action] ?? ns)]),
      ...Object.entries(exceptions).map(([name, cost]) => [name, costOf(cost)]),
    ]),
    free: { actions: [], origin },
    latencies: Object.fromEntries(
      ['IPI', 'IPI_ACK', 'KICK', 'PAUSE', 'PAUSED'].map((type) => [type, costOf(exceptions[type] ?? 0)]),
    ),
    wakes: {},
    exitsPerSecond: { count: 250, origin },
    tlbEntries: { count: 1024, origin },
  };
}

export const uniform = (writesPerSecond: number): Workload => [
  { pattern: { kind: 'uniform' }, forNs: Number.POSITIVE_INFINITY, writesPerSecond },
];

/** QEMU's defaults over a link of 10 Gbit/s. */
export const migration: MigrationSettings = {
  bandwidth: 1.25e9,
  downtimeLimitNs: 300e6,
  autoConverge: false,
  zeroPages: 0,
};

/** A small experiment; by default a second of uniform writes with a collector every 100 ms. */
export function experiment(
  design: AnyDesign,
  profile: Profile,
  overrides: Partial<Experiment> & { readonly memoryBytes?: number; readonly vcpus?: number } = {},
): Experiment {
  const { memoryBytes = 4 * 2 ** 20, vcpus = 2, ...rest } = overrides;
  return {
    design,
    params: realisticParams(design, memoryBytes, { vcpus }),
    profile,
    workload: uniform(1000),
    mode: { collectEveryNs: 100e6 },
    seed: 1,
    warmUpNs: 0,
    durationNs: 1e9,
    ...rest,
  };
}

/** Runs an experiment to its end. */
export function runOf(one: Experiment, run = 0, observer?: RunObserver): RunFigures {
  return runEngine(simulateRun(one, run, observer && (() => observer)));
}

export const simulated = (one: Experiment, run = 0, observer?: RunObserver): DesignFigures =>
  aggregateRuns(one.design, [runOf(one, run, observer)], 0);
