import { randomInt } from 'node:crypto';
import type { SearchLimits } from '../../app/check/engine-driver.ts';
import { orList } from '../../app/designs/suggestions.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { StrategyName } from '../../search/random/scheduler.ts';
import { type ReductionName, refuseUnsoundWithLiveness } from '../../search/reductions.ts';

type Strategy = StrategyName | 'exhaustive' | 'bitstate' | 'swarm' | 'dpor';

const drawn = ['random', 'pct', 'pos'] as const satisfies readonly StrategyName[];

export const strategyNames: readonly Strategy[] = ['exhaustive', ...drawn, 'bitstate', 'swarm', 'dpor'];

/** The options of the command line that say how to search. */
export interface StrategyFlags {
  readonly strategy: Strategy;
  readonly seed?: number;
  readonly runs?: number;
  readonly depth?: number;
  readonly bugDepth?: number;
  readonly maxStates?: number;
  readonly maxMemory?: number;
  readonly preemptions?: number;
  readonly coverage?: boolean;
  readonly reductions?: 'none' | ReductionName | 'both';
  readonly checkpoint?: string;
  readonly liveness?: boolean;
}

/** More are no bound, and more than there is room for in a state. */
const mostPreemptions = 1000;

/** The options that not every strategy has a use for, and those that have. */
const meantFor = {
  seed: [...drawn, 'bitstate', 'swarm'],
  runs: [...drawn, 'swarm'],
  depth: [...drawn, 'bitstate', 'swarm', 'dpor'],
  bugDepth: ['pct'],
  maxStates: ['exhaustive'],
  reductions: ['exhaustive'],
  preemptions: ['exhaustive'],
  coverage: ['exhaustive'],
  checkpoint: ['exhaustive'],
} as const satisfies Partial<Record<keyof StrategyFlags, readonly Strategy[]>>;

/** Options of which only one can be given, and why. */
const exclusive: readonly (readonly [keyof StrategyFlags, keyof StrategyFlags, string])[] = [
  ['reductions', 'coverage', 'a reduced search counts what stands for more than itself'],
  ['reductions', 'preemptions', 'who was preempted is not the same in what it takes for one'],
];

/**
 * How to search, as far as these options say.
 * @throws PrecopyError `BAD_PARAMETER` for an option that the strategy or another option has no use for, `NOT_SOUND` for one that liveness has none for
 */
export function strategyOf(
  flags: StrategyFlags,
): Pick<SearchLimits, 'sampling' | 'bitstate' | 'swarm' | 'dpor' | 'reductions' | 'preemptions' | 'coverage'> {
  const { strategy, preemptions, coverage, liveness } = flags;
  const given = { ...flags, reductions: flags.reductions === 'none' ? undefined : flags.reductions };
  for (const [option, strategies] of Object.entries(meantFor) as [keyof typeof meantFor, readonly Strategy[]][]) {
    if (flags[option] === undefined || strategies.includes(strategy)) continue;
    const others = `it is for --strategy ${andList(strategies)}`;
    throw new PrecopyError('BAD_PARAMETER', `${nameOf(option)} means nothing to --strategy ${strategy}`, others);
  }
  for (const [one, other, because] of exclusive) {
    if (given[one] === undefined || given[other] === undefined) continue;
    throw new PrecopyError(
      'BAD_PARAMETER',
      `${nameOf(one)} and ${nameOf(other)}: ${because}`,
      'leave one of the two out',
    );
  }
  if (preemptions !== undefined && preemptions > mostPreemptions) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `--preemptions is ${preemptions}`,
      `give at most ${mostPreemptions}, or leave it out`,
    );
  }
  const reductions: readonly ReductionName[] = reductionsOf(given.reductions);
  if (liveness) {
    refuseUnsoundWithLiveness(reductions);
    refuseWithLiveness(flags);
  }
  return {
    ...howToVisit(flags),
    ...(reductions.length > 0 && { reductions }),
    ...(preemptions !== undefined && { preemptions }),
    ...(coverage && { coverage }),
  };
}

function howToVisit({
  strategy,
  seed = randomInt(2 ** 31),
  runs,
  depth,
  bugDepth = 3,
  maxMemory = 2 ** 28,
}: StrategyFlags): Pick<SearchLimits, 'sampling' | 'bitstate' | 'swarm' | 'dpor'> {
  const deep = { seed, depth: depth ?? 10_000 };
  if (strategy === 'exhaustive') return {};
  if (strategy === 'dpor') return { dpor: { depth: depth ?? 5 } };
  if (strategy === 'bitstate') return { bitstate: { ...deep, bytes: maxMemory } };
  if (strategy !== 'swarm')
    return { sampling: { strategy, seed, runs: runs ?? 10_000, depth: depth ?? 200, bugDepth } };
  const members = runs ?? 8;
  return { swarm: { ...deep, members, bytes: maxMemory / members } };
}

function reductionsOf(asked: Exclude<StrategyFlags['reductions'], 'none'>): readonly ReductionName[] {
  if (asked === undefined) return [];
  return asked === 'both' ? ['symmetry', 'partial-order'] : [asked];
}

function refuseWithLiveness({ strategy, preemptions, coverage, checkpoint }: StrategyFlags): void {
  const refuse = (cause: string): never => {
    throw new PrecopyError('NOT_SOUND', cause, 'visit all states, or check safety alone');
  };
  if (strategy !== 'exhaustive')
    refuse(`--strategy ${strategy} says nothing of liveness: each of its schedules has an end`);
  if (preemptions !== undefined) refuse('a fair run may have any number of preemptions');
  if (coverage) refuse('the search for liveness counts no transitions');
  if (checkpoint !== undefined) refuse('the search for liveness keeps no checkpoints');
}

/** `bugDepth`: `--bug-depth` */
const nameOf = (option: string): string => `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const andList = (names: readonly string[]): string => orList(names).replace(/ or (?=\w+$)/, ' and ');
