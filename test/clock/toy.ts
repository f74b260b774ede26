import type { Cost, Profile } from '../../src/clock/cost-profile.ts';
import type { ClockObserver } from '../../src/clock/observer.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { aggregateRuns } from '../../src/simulate/aggregate-runs.ts';
import type { MigrationSettings } from '../../src/simulate/migration-policy.ts';
import { realisticParams } from '../../src/simulate/realistic-params.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import { type Experiment, type RunFigures, simulateRun } from '../../src/simulate/simulation-run.ts';
import type { Workload } from '../../src/simulate/workload.ts';

/** Every action of a design costs `ns`, but for those that are named. Messages take no time, and nobody is slow to wake. */
export function flatProfile(
  design: AnyDesign,
  ns: number,
  others: Readonly<Record<string, number | Cost>> = {},
): Profile {
  const origin = 'a test';
  const machines = Object.values(design.machines) as Machine[];
  const actions = machines.flatMap(({ definition }) => Object.keys(definition.actions));
  const costOf = (cost: number | Cost): Cost => (typeof cost === 'number' ? { ns: cost, origin } : cost);
  return {
    name: 'flat',
    says: 'a test',
    costs: Object.fromEntries([
      ...actions.map((action) => [action, costOf(others[action] ?? ns)]),
      ...Object.entries(others).map(([name, cost]) => [name, costOf(cost)]),
    ]),
    free: { actions: [], origin },
    latencies: Object.fromEntries(
      ['IPI', 'IPI_ACK', 'KICK', 'PAUSE', 'PAUSED'].map((type) => [type, costOf(others[type] ?? 0)]),
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

/** A small experiment; what is not said is a second of uniform writes with a collector every 100 ms. */
export function experiment(
  design: AnyDesign,
  profile: Profile,
  said: Partial<Experiment> & { readonly memoryBytes?: number; readonly vcpus?: number } = {},
): Experiment {
  const { memoryBytes = 4 * 2 ** 20, vcpus = 2, ...rest } = said;
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

/** Carries a run out to its end. */
export function runOf(one: Experiment, run = 0, observer?: ClockObserver): RunFigures {
  return runEngine(simulateRun(one, run, observer && (() => observer)));
}

export const simulated = (one: Experiment, run = 0, observer?: ClockObserver): DesignFigures =>
  aggregateRuns(one.design, [runOf(one, run, observer)], 0);
