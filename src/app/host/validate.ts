import { setImmediate } from 'node:timers/promises';
import { kernelOfToday } from '../../../machines/designs/kernel-of-today.ts';
import { identifyHost, probe } from '../../host/probe.ts';
import type { GridCell } from '../../host/results.ts';
import { cellName, createGrid, medianMetrics } from '../../host/validate/grid.ts';
import { type CellObservation, machineKey, observe } from '../../host/validate/observe.ts';
import { predict } from '../../host/validate/predict.ts';
import { hostProcessors } from '../../host/validate/processors.ts';
import { fitsInMemory } from '../../host/vm/memory.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Profile } from '../../simulate/cost-profile.ts';
import { loadProfile } from '../simulate/profiles.ts';
import type { HostValidateDocument, ValidatedCell } from './host-documents.ts';
import { measureHost, today } from './measure.ts';
import { errorsOf } from './validation-errors.ts';

/** Options of `validateHost`. */
export interface ValidateOptions {
  /** name or file of a profile of this host; measured by default */
  readonly profile?: string;
  /** guest memory in bytes; by default 256 MiB, 1 GiB and 4 GiB, as far as they fit */
  readonly memory?: readonly number[];
  readonly vcpus: readonly number[];
  /** rounds of a cell */
  readonly rounds: number;
  /** length of the long rounds in seconds */
  readonly long: number;
  readonly device: string;
}

/** Observers of `validateHost`, and the signals that end its two phases. */
export interface ValidateHooks {
  /** Creates the signal that aborts a phase: the measurement, and then the prediction. */
  readonly createSignal: () => AbortSignal;
  readonly onBenchmark?: (name: string, memoryBytes: number) => void;
  readonly onMeasured?: (cell: GridCell, pass: number) => void;
  readonly onPredictionStart?: () => void;
  readonly onPredicted?: (cell: ValidatedCell) => void;
}

/** The result of a validation, and the size of the grid. */
export interface ValidationResult {
  readonly document: HostValidateDocument;
  readonly gridCells: number;
}

const defaultMemoryBytes = [2 ** 28, 2 ** 30, 2 ** 32];

/** Measurements of each cell. The difference between two of them bounds the accuracy of any prediction. */
export const passes = 2;

/**
 * Measures a grid of cells on the kernel of this host, simulates the same cells, and computes the prediction errors.
 * @throws PrecopyError `HOST_UNAVAILABLE`; `BAD_FILE` for a profile of another host
 */
export async function validateHost(options: ValidateOptions, hooks: ValidateHooks): Promise<ValidationResult> {
  const { manualProtect } = await probe(options.device);
  const profile = options.profile === undefined ? undefined : await loadProfileOfHost(options.profile);
  const memoryBytes = options.memory ?? defaultMemoryBytes.filter((bytes, n) => n === 0 || fitsInMemory(bytes));
  const grid = createGrid({ ...options, memoryBytes, longMs: options.long * 1e3 }).filter(
    ({ method }) => method.kind === 'get' || manualProtect,
  );
  const { observations, profiles } = await measureGrid(grid, options.device, profile, hooks);
  hooks.onPredictionStart?.();
  const cells = await predictGrid({ observations, profiles }, hooks);
  const document: HostValidateDocument = {
    format: 'precopy-host-validate',
    version: 2,
    host: { ...identifyHost(), date: today() },
    profiles: [...profiles].map(([memoryBytes, profile]) => ({ memoryBytes, profile })),
    cells,
    errors: errorsOf(cells),
    complete: grid.every((cell) => observations.get(cell)?.length === passes) && cells.length === grid.length,
  };
  return { document, gridCells: grid.length };
}

interface Measurements {
  readonly observations: ReadonlyMap<GridCell, readonly CellObservation[]>;
  /** by guest memory in bytes */
  readonly profiles: ReadonlyMap<number, Profile>;
}

/** Measures all cells, pass by pass, until the signal aborts. */
async function measureGrid(
  grid: readonly GridCell[],
  device: string,
  given: Profile | undefined,
  { createSignal, onBenchmark, onMeasured }: ValidateHooks,
): Promise<Measurements> {
  const signal = createSignal();
  const profiles = new Map<number, Profile>();
  const observations = new Map<GridCell, CellObservation[]>();
  for (let pass = 1; pass <= passes; pass++) {
    for (const group of groupByMachine(grid)) {
      if (signal.aborted) break;
      const memoryBytes = group[0]?.memoryBytes as number;
      if (!profiles.has(memoryBytes)) {
        // A small guest fits into caches and a large one does not, so each size has a profile of its own.
        const measure = () =>
          measureHost({ memoryBytes, repeats: 5, device }, (name) => onBenchmark?.(name, memoryBytes));
        profiles.set(memoryBytes, given ?? (await measure()).profile);
      }
      for await (const [cell, observation] of observe(group, device)) {
        observations.set(cell, [...(observations.get(cell) ?? []), observation]);
        onMeasured?.(cell, pass);
        if (signal.aborted) break;
      }
    }
  }
  return { observations, profiles };
}

/** Simulates the measured cells, until the signal aborts. */
async function predictGrid(
  { observations, profiles }: Measurements,
  { createSignal, onPredicted }: ValidateHooks,
): Promise<ValidatedCell[]> {
  const signal = createSignal();
  const cells: ValidatedCell[] = [];
  for (const [cell, measurements] of observations) {
    const [first] = measurements;
    if (signal.aborted || first === undefined) break;
    const { unloggedWritesPerSecond } = first;
    const profile = profiles.get(cell.memoryBytes) as Profile;
    const processors = await hostProcessors(cell.vcpus);
    const validated: ValidatedCell = {
      name: cellName(cell),
      cell,
      observed: { ...medianMetrics(measurements.flatMap(({ rounds }) => rounds)), unloggedWritesPerSecond },
      passes: measurements.map(({ rounds }) => medianMetrics(rounds)),
      predicted: predict(cell, unloggedWritesPerSecond, kernelOfToday, profile, processors),
    };
    cells.push(validated);
    onPredicted?.(validated);
    await setImmediate();
  }
  return cells;
}

/** Loads a profile that was measured on this host. */
async function loadProfileOfHost(name: string): Promise<Profile> {
  const here = identifyHost();
  const profile = await loadProfile(name);
  const { host } = profile;
  if (host && host.kernel === here.kernel && host.processor === here.processor && host.mmu === here.mmu) return profile;
  throw new PrecopyError(
    'BAD_FILE',
    host
      ? `profile ${name} is of another host: ${host.processor}, ${host.mmu}, Linux ${host.kernel}; this host is ${here.processor}, ${here.mmu}, Linux ${here.kernel}`
      : `profile ${name} was not measured on a host`,
    'measure this host: `npx precopy host measure --out profile.json`',
  );
}

/** Groups cells that one virtual machine can serve. */
function groupByMachine(cells: readonly GridCell[]): GridCell[][] {
  const groups = new Map<string, GridCell[]>();
  for (const cell of cells) {
    const key = machineKey(cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}
