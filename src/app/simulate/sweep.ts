import type { SimulateFlags } from '../../cli/commands/simulate.ts';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../../cli/options/units.ts';
import { PrecopyError } from '../../model/errors.ts';
import { orList, suggest } from '../designs/suggestions.ts';

/** One point of a sweep: what is particular to it, as it was written, and the flags that it is run with. */
export interface SweepPoint {
  readonly swept: Readonly<Record<string, string>>;
  readonly flags: SimulateFlags;
}

type Setter = (flags: SimulateFlags, text: string) => SimulateFlags;

const bitsPerWord = 64;

const setters: Readonly<Record<string, Setter>> = {
  memory: (flags, text) => ({ ...flags, memory: parseBytes('--sweep memory')(text) }),
  vcpus: (flags, text) => ({ ...flags, vcpus: parseWhole('--sweep vcpus')(text) }),
  rate: (flags, text) => ({ ...flags, rate: parseCount('--sweep rate')(text) }),
  bandwidth: (flags, text) => ({ ...flags, bandwidth: parseBytes('--sweep bandwidth')(text) }),
  'downtime-limit': (flags, text) => ({ ...flags, downtimeLimit: parseDuration('--sweep downtime-limit')(text) }),
  'collect-every': (flags, text) => ({ ...flags, collectEvery: parseDuration('--sweep collect-every')(text) }),
  workload: (flags, workload) => ({ ...flags, workload }),
  profile: (flags, profile) => ({ ...flags, profile }),
  chunk: (flags, text) => withParam(flags, 'wordsPerClear', wordsOf(text)),
};

/**
 * All points of a sweep over `memory=1GiB,4GiB` and `chunk=64,512`: each value of the one with each of the other. A name is a flag of
 * `simulate`, `chunk` (pages of a CLEAR_DIRTY_LOG), or a size of the design. Without sweeps there is one point.
 * @param sizes names of all sizes
 * @throws PrecopyError `UNKNOWN_NAME`, `BAD_PARAMETER`
 */
export async function sweepOf(flags: SimulateFlags, sizes: readonly string[]): Promise<SweepPoint[]> {
  let points: SweepPoint[] = [{ swept: {}, flags }];
  for (const sweep of flags.sweep) {
    const [, name = '', list = ''] = /^([\w-]+)=(.+)$/.exec(sweep) ?? [];
    const values = list.split(',').filter((value) => value !== '');
    if (values.length === 0) {
      throw new PrecopyError('BAD_PARAMETER', `--sweep is '${sweep}'`, 'give a name and values: memory=1GiB,4GiB');
    }
    const setter = setters[name] ?? (await sizeSetter(name, sizes));
    points = points.flatMap(({ swept, flags }) =>
      values.map((value) => ({ swept: { ...swept, [name]: value }, flags: setter(flags, value) })),
    );
  }
  return points;
}

async function sizeSetter(name: string, sizes: readonly string[]): Promise<Setter> {
  if (sizes.includes(name)) return (flags, text) => withParam(flags, name, parseWhole(`--sweep ${name}`)(text));
  const all = [...Object.keys(setters), ...sizes];
  const near = await suggest(name, all);
  throw new PrecopyError(
    'UNKNOWN_NAME',
    `nothing called '${name}' can be swept`,
    near.length > 0 ? `did you mean ${orList(near)}?` : `there are ${orList(all)}`,
  );
}

const withParam = (flags: SimulateFlags, name: string, value: number): SimulateFlags => ({
  ...flags,
  param: { ...flags.param, [name]: value },
});

/** A chunk in pages, as the words of the bitmap that one CLEAR takes. */
function wordsOf(text: string): number {
  const pages = parseWhole('--sweep chunk')(text);
  if (pages > 0 && pages % bitsPerWord === 0) return pages / bitsPerWord;
  throw new PrecopyError('BAD_PARAMETER', `a chunk has ${pages} pages`, `give a multiple of ${bitsPerWord}, as 64,512`);
}
