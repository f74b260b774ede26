import { Option } from 'commander';
import {
  decidesText,
  type EngineName,
  type EngineOption,
  engineNames,
  engines,
  enginesWith,
  optionSpecs,
  type SearchOptions,
} from '../../app/check/engines.ts';
import { parseBytes, parseCount, parseWhole } from '../../app/parse-units.ts';
import type { ReductionName } from '../../search/reductions.ts';
import { choiceOption } from './choice-option.ts';

/** The flags that choose and configure a strategy, as commander parses them. */
export interface StrategyFlags {
  readonly strategy: EngineName;
  readonly maxStates?: number;
  readonly maxMemory?: number;
  readonly time?: number;
  readonly checkpoint?: string;
  readonly reductions?: keyof typeof reductionChoices;
  readonly preemptions?: number;
  readonly coverage?: boolean;
  readonly all?: boolean;
  readonly seed?: number;
  readonly runs?: number;
  readonly depth?: number;
  readonly bugDepth?: number;
}

const reductionChoices = {
  none: [],
  symmetry: ['symmetry'],
  'partial-order': ['partial-order'],
  both: ['symmetry', 'partial-order'],
} as const satisfies Record<string, readonly ReductionName[]>;

/** Placeholder and parser of the value of an option. */
interface Value {
  readonly placeholder: string;
  readonly parse?: (flag: string) => (text: string) => number;
}

const values: Readonly<Partial<Record<EngineOption, Value>>> = {
  maxStates: { placeholder: '<n>', parse: parseCount },
  maxMemoryBytes: { placeholder: '<size>', parse: parseBytes },
  checkpoint: { placeholder: '<dir>' },
  reductions: { placeholder: '<which>' },
  preemptions: { placeholder: '<n>', parse: parseWhole },
  seed: { placeholder: '<n>', parse: parseWhole },
  runs: { placeholder: '<n>', parse: parseCount },
  depth: { placeholder: '<n>', parse: parseCount },
  bugDepth: { placeholder: '<n>', parse: parseCount },
};

/** Creates `--strategy`: its help has a line for each strategy of the table. */
export function strategyOption(): Option {
  const lines = engineNames.map((name) => `${name} (${decidesText(name)}): ${engines[name].summary}`);
  return choiceOption(
    '--strategy <name>',
    ['how to search (docs/search.md)', ...lines].join('\n'),
    engineNames,
  ).default('exhaustive');
}

/** Creates the flag of an option in the table of engines. Its help lists the strategies that take it, with defaults. */
export function engineOption(name: EngineOption): Option {
  const { flag, help } = optionSpecs[name];
  const value = values[name];
  const flags = value ? `${flag} ${value.placeholder}` : flag;
  const description = `${help} (${usersOf(name)})`;
  if (name === 'reductions') return choiceOption(flags, description, Object.keys(reductionChoices));
  const option = new Option(flags, description);
  return value?.parse ? option.argParser(value.parse(flag)) : option;
}

/** Formats the strategies that take an option, by their default: `bitstate, swarm: 10k; dpor: 5`. */
function usersOf(name: EngineOption): string {
  const byDefault = new Map<string, EngineName[]>();
  for (const engine of enginesWith(name)) {
    const text = defaultText(engine, name);
    byDefault.set(text, [...(byDefault.get(text) ?? []), engine]);
  }
  return [...byDefault].map(([text, users]) => `${users.join(', ')}${text}`).join('; ');
}

/** Formats a default as a person types it. */
function defaultText(engine: EngineName, name: EngineOption): string {
  const value = (engines[engine].defaults as Partial<Record<EngineOption, number>>)[name];
  if (name === 'maxMemoryBytes') return value === undefined ? ': half of the memory' : `: ${value / 2 ** 20}MiB`;
  if (value === undefined) return '';
  return `: ${value >= 1000 ? `${value / 1000}k` : value}`;
}

/** Returns the search options that the flags stand for. */
export function searchOptionsOf(flags: StrategyFlags): SearchOptions {
  const { strategy, maxMemory, time, reductions = 'none' } = flags;
  const { maxStates, checkpoint, preemptions, coverage, all, seed, runs, depth, bugDepth } = flags;
  const options = { maxStates, checkpoint, preemptions, coverage, all, seed, runs, depth, bugDepth };
  return {
    strategy,
    ...withoutUndefined({ ...options, maxMemoryBytes: maxMemory, maxSeconds: time }),
    ...(reductions !== 'none' && { reductions: reductionChoices[reductions] }),
  };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Drops the keys without a value. */
export function withoutUndefined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
