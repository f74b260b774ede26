import type { CheckKind } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { andList } from '../../model/word-list.ts';
import { refuseUnsoundWithLiveness } from '../../search/reductions.ts';
import {
  type EngineName,
  type EngineOption,
  engineNames,
  engines,
  enginesWith,
  exclusiveOptions,
  optionSpecs,
  type SearchOptions,
} from './engines.ts';

/**
 * Refuses options that the engine does not take, or that exclude each other.
 * @param checks the only kind of property to check; none by default
 * @throws PrecopyError `BAD_PARAMETER`; `NOT_SOUND` for options that a liveness check cannot have
 */
export function assertCombinable(options: SearchOptions & { readonly workers?: number }, checks?: CheckKind): void {
  const { strategy = 'exhaustive', reductions = [], workers = 1 } = options;
  if (workers > 1 && !engines[strategy].hasWorkers) {
    const remedy = `--workers is for --strategy ${andList(engineNames.filter((name) => engines[name].hasWorkers))}`;
    throw new PrecopyError('BAD_PARAMETER', `--strategy ${strategy} searches on one thread, not on ${workers}`, remedy);
  }
  const given = (Object.keys(optionSpecs) as EngineOption[]).filter((name) => isGiven(options, name));
  for (const name of given) {
    if (engines[strategy].options.includes(name)) continue;
    const { flag } = optionSpecs[name];
    const remedy = `${flag} is for --strategy ${andList(enginesWith(name))}`;
    throw new PrecopyError('BAD_PARAMETER', `${flag} cannot be combined with --strategy ${strategy}`, remedy);
  }
  for (const [one, other, reason] of exclusiveOptions) {
    if (!given.includes(one) || !given.includes(other)) continue;
    const cause = `${optionSpecs[one].flag} cannot be combined with ${optionSpecs[other].flag}: ${reason}`;
    throw new PrecopyError('BAD_PARAMETER', cause, 'leave one of the two out');
  }
  assertInRange(options, given);
  if (checks === 'liveness') {
    refuseUnsoundWithLiveness(reductions);
    refuseWithLiveness(strategy, given);
  }
}

function isGiven(options: SearchOptions, name: EngineOption): boolean {
  const value = options[name];
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

const mayBeZero: readonly EngineOption[] = ['seed', 'preemptions'];

function assertInRange(options: SearchOptions, given: readonly EngineOption[]): void {
  for (const name of given) {
    const { flag, max = Number.POSITIVE_INFINITY } = optionSpecs[name];
    const value = options[name];
    if (typeof value !== 'number') continue;
    const min = mayBeZero.includes(name) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < min) {
      throw new PrecopyError('BAD_PARAMETER', `${flag} is ${value}`, `give a whole number, at least ${min}`);
    }
    if (value <= max) continue;
    throw new PrecopyError('BAD_PARAMETER', `${flag} is ${value}`, `give at most ${max}, or leave it out`);
  }
}

function refuseWithLiveness(strategy: EngineName, given: readonly EngineOption[]): void {
  const refuse = (flag: string, reason: string): never => {
    const cause = `${flag} cannot be combined with --liveness: ${reason}`;
    throw new PrecopyError('NOT_SOUND', cause, 'search exhaustively without it, or check safety only');
  };
  if (!engines[strategy].run.liveness) refuse(`--strategy ${strategy}`, 'each of its schedules is finite');
  for (const name of given) {
    const { flag, notWithLiveness } = optionSpecs[name];
    if (notWithLiveness !== undefined) refuse(flag, notWithLiveness);
  }
}

/** Returns true if a search with these options decides nothing about liveness. */
export function isSafetyOnly({ strategy = 'exhaustive', preemptions }: SearchOptions): boolean {
  return !engines[strategy].run.liveness || preemptions !== undefined;
}
