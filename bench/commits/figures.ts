/** One figure: a command of precopy, and the work whose speed counts. */
export interface Figure {
  readonly name: string;
  readonly unit: 'transitions' | 'steps' | 'starts';
  readonly args: readonly string[];
}

/** One measurement of one figure. */
export interface Sample {
  readonly seconds: number;
  /** units of work done in that time */
  readonly work: number;
  /** counts that depend on the program and not on its speed, to compare between commits */
  readonly counts: string;
}

const check = (name: string, ...args: readonly string[]): Figure => ({
  name,
  unit: 'transitions',
  args: ['check', 'rmap-xchg', ...args, '--json', '--quiet'],
});
const alike = ['--param', 'emulatingVcpus=0'];
const simulation = '--memory 1GiB --vcpus 4 --rate 25000 --workload uniform --collect-every 1s --duration 5s';

/** The figures that two commits are compared at. */
export const figures: readonly Figure[] = [
  check('search, 1 worker', '--no-liveness', '--workers', '1', '--reductions', 'none'),
  check('search, 2 workers', '--no-liveness', '--workers', '2', '--reductions', 'none'),
  check('search, symmetry', '--no-liveness', '--workers', '1', '--reductions', 'symmetry', '--pages', '3', ...alike),
  check('search, partial order', '--no-liveness', '--workers', '1', '--reductions', 'partial-order', ...alike),
  check('liveness', '--liveness', '--workers', '1', '--vcpus', '2', '--pages', '2', ...alike),
  check('dpor', '--strategy', 'dpor', '--workers', '1', '--vcpus', '1', '--pages', '1', '--depth', '5'),
  check('random', '--strategy', 'random', '--workers', '1', '--seed', '1', '--runs', '4000'),
  {
    name: 'simulator',
    unit: 'steps',
    args: ['simulate', 'rmap-xchg', ...simulation.split(' '), '--seed', '1', '--workers', '1', '--json', '--quiet'],
  },
  { name: 'start, --help', unit: 'starts', args: ['--help'] },
  { name: 'start, designs', unit: 'starts', args: ['designs'] },
];

/** How often a command that only starts is run for one sample: a single start is too short to time. */
export const startsOfSample = 5;

/**
 * The fields that are read of a document of `check --json` or `simulate --json`. Their names have changed between
 * commits.
 */
const aliases = {
  seconds: ['seconds', 'wallSeconds', 'searchSeconds'],
  transitions: ['transitions'],
  states: ['states'],
  steps: ['steps'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * Reads a sample of a search or a simulation from the JSON document of one design.
 * @throws Error when the document lacks the time or the work
 */
export function readSample(unit: Exclude<Figure['unit'], 'starts'>, json: string): Sample {
  const { designs } = JSON.parse(json) as { designs?: readonly Readonly<Record<string, unknown>>[] };
  const [entry] = designs ?? [];
  const read = (field: keyof typeof aliases): number | undefined => {
    const value = aliases[field].map((name) => entry?.[name]).find((found) => typeof found === 'number');
    return value as number | undefined;
  };
  const seconds = read('seconds');
  const work = read(unit);
  if (seconds === undefined || work === undefined) throw new Error(`its JSON document has no seconds or no ${unit}`);
  const states = read('states');
  return { seconds, work, counts: `${states === undefined ? '' : `${states} states, `}${work} ${unit}` };
}
