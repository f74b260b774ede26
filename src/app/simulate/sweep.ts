import { PrecopyError } from '../../model/errors.ts';
import { nearestNames } from '../../model/nearest-name.ts';
import { orList } from '../../model/word-list.ts';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../parse-units.ts';
import type { SimulateOptions } from './simulation-options.ts';

/** A point of a sweep. */
export interface SweepPoint {
  /** the swept values, as written: `{ memory: '4GiB' }` */
  readonly swept: Readonly<Record<string, string>>;
  readonly options: SimulateOptions;
}

type Setter = (options: SimulateOptions, text: string) => SimulateOptions;

const bitsPerWord = 64;

const setters: Readonly<Record<string, Setter>> = {
  memory: (options, text) => ({ ...options, memory: parseBytes('--sweep memory')(text) }),
  vcpus: (options, text) => ({ ...options, vcpus: parseWhole('--sweep vcpus')(text) }),
  rate: (options, text) => ({ ...options, rate: parseCount('--sweep rate')(text) }),
  bandwidth: (options, text) => ({ ...options, bandwidth: parseBytes('--sweep bandwidth')(text) }),
  'downtime-limit': (options, text) => ({ ...options, downtimeLimit: parseDuration('--sweep downtime-limit')(text) }),
  'collect-every': (options, text) => ({ ...options, collectEvery: parseDuration('--sweep collect-every')(text) }),
  workload: (options, workload) => ({ ...options, workload }),
  profile: (options, profile) => ({ ...options, profile }),
  chunk: (options, text) => withParam(options, 'wordsPerClear', wordsOf(text)),
};

/** The dimensions of a sweep besides the parameters of a design. */
export const sweepDimensions: readonly string[] = Object.keys(setters);

/**
 * Expands a sweep to its points: `memory=1GiB,4GiB` and `chunk=64,512` give the four combinations. A dimension is an
 * option of `simulate`, `chunk` (pages per CLEAR_DIRTY_LOG), or a parameter of the designs. Without a sweep there is
 * one point.
 * @param params names of all parameters of the designs
 * @throws PrecopyError `UNKNOWN_NAME`, `BAD_PARAMETER`
 */
export function expandSweep(options: SimulateOptions, params: readonly string[]): SweepPoint[] {
  let points: SweepPoint[] = [{ swept: {}, options }];
  for (const sweep of options.sweep ?? []) {
    const [, name = '', list = ''] = /^([\w-]+)=(.+)$/.exec(sweep) ?? [];
    const values = list.split(',').filter((value) => value !== '');
    if (values.length === 0) {
      throw new PrecopyError('BAD_PARAMETER', `--sweep is '${sweep}'`, 'give a name and values: memory=1GiB,4GiB');
    }
    const setter = setters[name] ?? paramSetter(name, params);
    points = points.flatMap(({ swept, options: point }) =>
      values.map((value) => ({ swept: { ...swept, [name]: value }, options: setter(point, value) })),
    );
  }
  return points;
}

function paramSetter(name: string, params: readonly string[]): Setter {
  if (params.includes(name)) return (options, text) => withParam(options, name, parseWhole(`--sweep ${name}`)(text));
  const all = [...sweepDimensions, ...params];
  const near = nearestNames(name, all);
  throw new PrecopyError(
    'UNKNOWN_NAME',
    `--sweep has no dimension '${name}'`,
    near.length > 0 ? `did you mean ${orList(near)}?` : `there are ${orList(all)}`,
  );
}

const withParam = (options: SimulateOptions, name: string, value: number): SimulateOptions => ({
  ...options,
  params: { ...options.params, [name]: value },
});

/** Returns the words of the bitmap that a CLEAR of this many pages covers. */
function wordsOf(text: string): number {
  const pages = parseWhole('--sweep chunk')(text);
  if (pages > 0 && pages % bitsPerWord === 0) return pages / bitsPerWord;
  throw new PrecopyError('BAD_PARAMETER', `a chunk has ${pages} pages`, `give a multiple of ${bitsPerWord}, as 64,512`);
}
