import { createHash } from 'node:crypto';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import { resolveTargets, type Target } from '../designs/design-registry.ts';
import { loadedFilesWith } from '../designs/load-designs.ts';
import { type PlannedExperiment, planExperiments } from '../simulate/experiments.ts';
import { builtInProfiles } from '../simulate/profiles.ts';
import { modeOf } from '../simulate/simulate.ts';
import type { SimulateOptions } from '../simulate/simulation-options.ts';
import { expandSweep, type SweepPoint } from '../simulate/sweep.ts';
import type { SimulateGroup } from './campaign-schema.ts';
import { ownVersion } from './code-version.ts';
import { combinationsOf } from './combinations.ts';
import { simulateLabel } from './label.ts';
import { type Folders, fromCampaignPath, fromPlanPath, toPlanPath } from './plan-paths.ts';
import type { SimulateTask } from './plan-schema.ts';

/** A task that is not estimated yet, and its experiment. */
export interface PreparedSimulation {
  readonly task: Omit<SimulateTask, 'estimate' | 'file'>;
  readonly experiment: PlannedExperiment;
}

/** The defaults of `precopy simulate`. */
const defaults = {
  memory: 4 * 2 ** 30,
  vcpus: 4,
  workload: 'uniform',
  rate: 25_000,
  profile: 'epyc-2026',
  slice: 0.003,
  seed: 1,
} as const;

/**
 * Returns the points of the sweep of a group; one without a sweep.
 * @throws PrecopyError as `expandSweep`
 */
export function pointsOf(group: SimulateGroup, targets: readonly Target[], { campaign }: Folders): SweepPoint[] {
  const { designs: _, sweep = {}, runs: __, rate, ...options } = group;
  combinationsOf(sweep);
  const params = targets.flatMap(({ design }) => Object.keys(design.system.spec.params));
  const base: SimulateOptions = {
    ...defaults,
    ...options,
    ...(rate !== undefined && { rate: rate === 'max' ? Number.POSITIVE_INFINITY : rate }),
    sweep: Object.entries(sweep).map(([name, values]) => `${name}=${values.join(',')}`),
  };
  return expandSweep(base, [...new Set(params)]).map(({ swept, options: { sweep: _, ...point } }) => ({
    swept,
    options: withPaths(point, (path) => fromCampaignPath(path, campaign)),
  }));
}

/**
 * Plans the experiment of a design at a point of a sweep.
 * @throws PrecopyError as `planExperiments`
 */
export async function prepareSimulation(
  target: Target,
  { swept, options }: SweepPoint,
  folders: Folders,
): Promise<PreparedSimulation> {
  const [experiment] = (await planExperiments([target], options, modeOf(options))) as [PlannedExperiment];
  const { design } = target;
  const invariants = (design.properties as readonly Property[]).filter(({ kind }) => kind === 'invariant');
  const fromHere = { campaign: '.', plan: folders.plan };
  const task = {
    kind: 'simulate',
    hash: hashOf(experiment),
    design: design.id,
    label: simulateLabel({ design: design.id, swept }),
    title: design.title,
    invariants: invariants.map(({ id }) => id),
    params: experiment.params,
    swept,
    options: toJson(withPaths(options, (path) => toPlanPath(path, fromHere))),
  } as const;
  return { task, experiment };
}

/**
 * Plans the experiment of a task of a plan.
 * @param folder of the plan
 * @throws PrecopyError `BAD_FILE` if it is not the one that was planned
 */
export async function experimentOf(task: SimulateTask, folder: string): Promise<PlannedExperiment> {
  const { design: id, file } = task;
  const path = file === undefined ? undefined : fromPlanPath(file, folder);
  const [target] = (await resolveTargets([path === undefined ? id : `${path}:${id}`])) as [Target];
  const options = withPaths(fromJson(task.options), (other) => fromPlanPath(other, folder));
  const [experiment] = (await planExperiments([target], options, modeOf(options))) as [PlannedExperiment];
  if (hashOf(experiment) === task.hash) return experiment;
  const cause = `${path ?? id}, its cost profile or its recorded pages here are not those that were planned`;
  throw new PrecopyError('BAD_FILE', cause, 'use the same files, or plan anew');
}

/** Hashes everything that a run depends on. The path of recorded pages does not count, nor how much memory is free. */
function hashOf({ design, file, maxMemoryBytes: _, ...experiment }: PlannedExperiment): string {
  const inputs = [ownVersion().code, file && loadedFilesWith(file)?.hash, design.id, design.memoryModel, experiment];
  const text = JSON.stringify(inputs, (key, value: unknown) => {
    if (key === 'source') return undefined;
    return value === Number.POSITIVE_INFINITY ? 'infinite' : value;
  });
  return createHash('sha256').update(text).digest('hex');
}

/** Converts the paths in options: of a profile that is not built in, and of recorded pages. */
function withPaths(options: SimulateOptions, convert: (path: string) => string): SimulateOptions {
  const { profile, workload } = options;
  return {
    ...options,
    profile: builtInProfiles().includes(profile) ? profile : convert(profile),
    workload: workload.replaceAll(/(^|,\s*)file:([^,]+)/g, (_, before: string, path: string) => {
      return `${before}file:${convert(path.trim())}`;
    }),
  };
}

const toJson = (options: SimulateOptions): SimulateTask['options'] =>
  ({ ...options, ...(options.rate === Number.POSITIVE_INFINITY && { rate: 'max' }) }) as SimulateTask['options'];

const fromJson = (options: SimulateTask['options']): SimulateOptions =>
  ({ ...options, ...(options['rate'] === 'max' && { rate: Number.POSITIVE_INFINITY }) }) as unknown as SimulateOptions;
