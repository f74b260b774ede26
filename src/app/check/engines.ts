import { randomInt } from 'node:crypto';
import type { Program } from '../../compile/program.ts';
import type { SearchServices } from '../../search/bfs/breadth-first-search.ts';
import type { CheckpointStore } from '../../search/checkpoint-store.ts';
import type { ReductionName } from '../../search/reductions.ts';
import type { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import type { SymbolicCheckpoint } from '../../search/symbolic/symbolic-checkpoint.ts';
import type { ProgramRef } from '../workers/worker-protocol.ts';
import { type DriveOptions, driveEngine, type SearchResult } from './engine-driver.ts';
import { memoryBudget } from './machine-resources.ts';

/** The name of a search strategy. */
export type EngineName = 'exhaustive' | 'symbolic' | 'views' | 'random' | 'pct' | 'pos' | 'bitstate' | 'swarm' | 'dpor';

/**
 * Options of a search. The strategy decides which of them it takes (`engines`).
 * @example
 * const options: SearchOptions = { strategy: 'pct', runs: 100_000, seed: 7 };
 */
export interface SearchOptions {
  /** `exhaustive` by default */
  readonly strategy?: EngineName;
  /** wall-clock limit of each search */
  readonly maxSeconds?: number;
  readonly maxStates?: number;
  /** of tables and frontier; of bitstate and swarm, the size of the bit array */
  readonly maxMemoryBytes?: number;
  /** directory of the checkpoints */
  readonly checkpoint?: string;
  readonly reductions?: readonly ReductionName[];
  /** most preemptions of a schedule */
  readonly preemptions?: number;
  /** count the transitions taken */
  readonly coverage?: boolean;
  /** go on after the first violation, and count all of them */
  readonly all?: boolean;
  /** a 32-bit number; drawn by default */
  readonly seed?: number;
  /** schedules to sample, or members of a swarm */
  readonly runs?: number;
  /** longest schedule, in steps; of dpor, steps of each actor */
  readonly depth?: number;
  /** depth of the bugs that pct looks for */
  readonly bugDepth?: number;
}

/** An option that not every strategy takes. */
export type EngineOption = Exclude<keyof SearchOptions, 'strategy' | 'maxSeconds'>;

interface OptionSpec {
  /** as on the command line */
  readonly flag: string;
  readonly help: string;
  readonly max?: number;
  /** Why a liveness check cannot have the option; absent if it can. */
  readonly notWithLiveness?: string;
}

/** The options that not every strategy takes: their flags, help, and limits. */
export const optionSpecs: Readonly<Record<EngineOption, OptionSpec>> = {
  maxStates: { flag: '--max-states', help: 'stop each search after n states (10M, 2k)' },
  maxMemoryBytes: {
    flag: '--max-memory',
    help: 'memory limit of each search (4GiB), or the size of the bit array',
  },
  checkpoint: {
    flag: '--checkpoint',
    help: 'save each search in this directory every minute and when it stops; resume what is saved there',
    notWithLiveness: 'the search for fair cycles writes no checkpoints',
  },
  reductions: {
    flag: '--reductions',
    help: 'identify states that differ in a permutation of vCPUs; explore one order of independent steps',
  },
  preemptions: {
    flag: '--preemptions',
    help: 'only schedules that preempt an actor at most n times while it could continue',
    max: 1000,
    notWithLiveness: 'a fair run may have any number of preemptions',
  },
  coverage: {
    flag: '--coverage',
    help: 'count how often each transition is taken; list unreached transitions and constant cells',
    notWithLiveness: 'the search for fair cycles counts no transitions',
  },
  all: {
    flag: '--all',
    help: 'go on after the first violation: count the states that violate each property, and the terminal states',
    notWithLiveness: 'the search for fair cycles ends with the first one',
  },
  seed: { flag: '--seed', help: 'random seed; drawn and printed by default' },
  runs: { flag: '--runs', help: 'number of sampled schedules, or of searches of a swarm' },
  depth: { flag: '--depth', help: 'longest schedule, in steps; with dpor: most steps of each actor' },
  bugDepth: { flag: '--bug-depth', help: 'ordering constraints of the bugs that pct guarantees to find' },
};

/** Options that exclude each other, and why. */
export const exclusiveOptions: readonly (readonly [EngineOption, EngineOption, string])[] = [
  ['reductions', 'coverage', 'a reduced search counts representatives, not states'],
  ['all', 'reductions', 'a reduced search counts representatives, not states'],
  ['all', 'preemptions', 'a bounded search counts a state once for each number of preemptions'],
  ['all', 'checkpoint', 'a checkpoint has no counts of violations'],
  ['reductions', 'preemptions', 'symmetric states may differ in their preemption count'],
];

/** A search that is ready to run. */
interface EngineJob extends DriveOptions {
  readonly program: Program;
  /** tells worker threads where the program comes from */
  readonly ref: ProgramRef;
  readonly options: ResolvedOptions;
  readonly workers: number;
  readonly services: SearchServices;
  /** records the states of sampled schedules and of bitstate, to be counted together with those of other seeds */
  readonly sketch?: HyperLogLog | undefined;
}

type EngineRun = (job: EngineJob) => Promise<SearchResult>;

interface EngineSpec {
  readonly summary: string;
  /** `proof`: may end with `holds`. `bugs`: finds violations, and proves nothing. */
  readonly goal: 'proof' | 'bugs';
  /** whether it samples choices; other engines enumerate all choices of a state */
  readonly samples: boolean;
  /** whether it searches for safety on several threads */
  readonly hasWorkers: boolean;
  readonly options: readonly EngineOption[];
  readonly defaults: Pick<SearchOptions, 'maxMemoryBytes' | 'runs' | 'depth' | 'bugDepth'>;
  /** How to run it, by the kind of property that it decides. */
  readonly run: { readonly safety: EngineRun; readonly liveness?: EngineRun };
}

const sampling = { goal: 'bugs', samples: true, hasWorkers: false, defaults: { runs: 10_000, depth: 200 } } as const;
const bitstateDefaults = { depth: 10_000, maxMemoryBytes: 2 ** 28 } as const;

/** Every strategy: what it decides, the options that it takes, and how to run it. */
export const engines: Readonly<Record<EngineName, EngineSpec>> = {
  exhaustive: {
    summary: 'visit every reachable state, breadth first: a proof, or a shortest counterexample',
    goal: 'proof',
    samples: false,
    hasWorkers: true,
    options: ['maxStates', 'maxMemoryBytes', 'reductions', 'preemptions', 'all', 'coverage', 'checkpoint'],
    defaults: {},
    run: { safety: searchAllStates, liveness: searchFairCycles },
  },
  symbolic: {
    summary: 'visit sets of states, as decision diagrams: a proof, or a shortest counterexample',
    goal: 'proof',
    samples: false,
    hasWorkers: false,
    options: ['maxStates', 'maxMemoryBytes', 'checkpoint'],
    defaults: {},
    run: { safety: searchSymbolically, liveness: searchFairCyclesSymbolically },
  },
  views: {
    summary: 'the same as --vcpus any: a proof for any number of vCPUs, by view abstraction',
    goal: 'proof',
    samples: false,
    hasWorkers: false,
    options: ['maxStates', 'maxMemoryBytes'],
    defaults: {},
    run: { safety: searchViews },
  },
  random: {
    ...sampling,
    summary: 'random walks: every enabled choice is equally likely',
    options: ['seed', 'runs', 'depth'],
    run: { safety: (job) => sampleSchedules('random', job) },
  },
  pct: {
    ...sampling,
    summary: 'probabilistic concurrency testing: random priorities, with a lower bound on the chance of detection',
    options: ['seed', 'runs', 'depth', 'bugDepth'],
    defaults: { ...sampling.defaults, bugDepth: 3 },
    run: { safety: (job) => sampleSchedules('pct', job) },
  },
  pos: {
    ...sampling,
    summary: 'partial order sampling: random priorities of racing events',
    options: ['seed', 'runs', 'depth'],
    run: { safety: (job) => sampleSchedules('pos', job) },
  },
  bitstate: {
    summary: 'depth-first search with bitstate hashing: three bits a state',
    goal: 'bugs',
    samples: false,
    hasWorkers: false,
    options: ['seed', 'depth', 'maxMemoryBytes'],
    defaults: bitstateDefaults,
    run: { safety: searchWithBitstate },
  },
  swarm: {
    summary: 'several bitstate searches with different seeds',
    goal: 'bugs',
    samples: false,
    hasWorkers: true,
    options: ['seed', 'runs', 'depth', 'maxMemoryBytes'],
    defaults: { ...bitstateDefaults, runs: 8 },
    run: { safety: searchWithSwarm },
  },
  dpor: {
    summary: 'dynamic partial order reduction: one schedule of each Mazurkiewicz trace',
    goal: 'proof',
    samples: false,
    hasWorkers: false,
    options: ['depth', 'maxMemoryBytes'],
    defaults: { depth: 5 },
    run: { safety: searchWithDpor },
  },
};

export const engineNames = Object.keys(engines) as EngineName[];

/** Returns the strategies that take an option. */
export const enginesWith = (option: EngineOption): EngineName[] =>
  engineNames.filter((name) => engines[name].options.includes(option));

/** Formats what a strategy decides: `proves safety and liveness`, `refutes safety`. */
export function decidesText(name: EngineName): string {
  const { goal, run } = engines[name];
  return `${goal === 'proof' ? 'proves' : 'refutes'} safety${run.liveness ? ' and liveness' : ''}`;
}

/** Options in which nothing that an engine needs is missing. */
type ResolvedOptions = SearchOptions &
  Required<Pick<SearchOptions, 'maxMemoryBytes' | 'seed' | 'runs' | 'depth' | 'bugDepth'>>;

/** Fills in the defaults of the strategy. The seed is drawn by default. */
export function withDefaults(options: SearchOptions): ResolvedOptions {
  return {
    maxMemoryBytes: memoryBudget(),
    seed: randomInt(2 ** 31),
    runs: 1,
    depth: Number.POSITIVE_INFINITY,
    bugDepth: 1,
    ...engines[options.strategy ?? 'exhaustive'].defaults,
    ...options,
  };
}

// Each engine is loaded when it runs: `--help` needs none of them.

async function searchAllStates({ program, options, services, ...drive }: EngineJob): Promise<SearchResult> {
  const { searchModeOf, startSearch } = await import('./search-mode.ts');
  const limits = { ...options, partialOrder: options.reductions?.includes('partial-order') === true };
  return driveEngine(startSearch(searchModeOf(options), program, limits, services), drive);
}

async function searchSymbolically({ program, options, services, ...drive }: EngineJob): Promise<SearchResult> {
  const { symbolicSearch } = await import('../../search/symbolic/symbolic-search.ts');
  // A checkpoint is refused unless it is of the same strategy, so its snapshots are those of this search.
  const checkpoints = services.checkpoints as unknown as CheckpointStore<SymbolicCheckpoint> | undefined;
  return driveEngine(symbolicSearch(program, options, { checkpoints }), drive);
}

async function searchFairCyclesSymbolically({ program, options, ...drive }: EngineJob): Promise<SearchResult> {
  const { symbolicLiveness } = await import('../../search/symbolic/fair-cycles/symbolic-liveness.ts');
  return driveEngine(symbolicLiveness(program, options), drive);
}

async function searchViews({ program, options, ...drive }: EngineJob): Promise<SearchResult> {
  const { proveForAnyNumber } = await import('../../search/views/any-number.ts');
  return driveEngine(proveForAnyNumber(program, options), drive);
}

/** Reductions, coverage and checkpoints are those of the safety search. */
async function searchFairCycles({ program, options, ...drive }: EngineJob): Promise<SearchResult> {
  const { liveness } = await import('../../search/liveness/liveness.ts');
  return driveEngine(liveness(program, options), drive);
}

async function sampleSchedules(
  strategy: 'random' | 'pct' | 'pos',
  { program, options, sketch, ...drive }: EngineJob,
): Promise<SearchResult> {
  const { sampleSchedules } = await import('../../search/random/schedule-sampling.ts');
  return driveEngine(sampleSchedules(program, { ...options, strategy }, sketch), drive);
}

async function searchWithBitstate({ program, options, sketch, ...drive }: EngineJob): Promise<SearchResult> {
  const { bitstate } = await import('../../search/dfs/bitstate.ts');
  const { seed, depth, maxMemoryBytes: bytes } = options;
  return driveEngine(bitstate(program, { seed, depth, bytes }, sketch), drive);
}

/** The members share the memory. */
async function searchWithSwarm({ ref, options, ...job }: EngineJob): Promise<SearchResult> {
  const { searchBySwarm } = await import('../workers/swarm-worker-pool.ts');
  const { seed, depth, runs: members, maxMemoryBytes } = options;
  return searchBySwarm(ref, { seed, depth, members, bytes: maxMemoryBytes / members }, job);
}

async function searchWithDpor({ program, options, ...drive }: EngineJob): Promise<SearchResult> {
  const { dpor } = await import('../../search/dpor/dpor.ts');
  return driveEngine(dpor(program, options), drive);
}
