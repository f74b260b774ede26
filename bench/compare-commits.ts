import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { CommandContext } from './command.ts';
import { checkOut } from './commits/checkout.ts';
import { compareSamples } from './commits/comparison.ts';
import { type CommitReport, renderComparison } from './commits/comparison-table.ts';
import { type Figure, figures } from './commits/figures.ts';
import { measureInTurns } from './commits/measure.ts';
import { inScratchFolder } from './scratch.ts';

const usage = `Usage: npm run bench:commits -- [BASE [HEAD]] [--rounds N | --quick] [--only PREFIX] [--json]
Measures two commits in turns on this machine: search, simulator, start-up. BASE is HEAD~1 and HEAD is HEAD by default.
Both are checked out and built in a temporary folder, which is removed at the end.
  --rounds <n>     rounds; 7 by default, about a minute each
  --quick          3 rounds
  --only <prefix>  only figures whose names begin so: ${figures.map(({ name }) => `"${name}"`).join(', ')}
  --json           one JSON document on stdout instead of a table
  --help           this text
Exit codes: 0; 1 when a figure is slower than the noise, was not measured, or was not of the same work; 2 wrong usage; 130 interrupted.
`;

interface Options {
  readonly base: string;
  readonly head: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws Error for wrong usage */
function parseOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [base = 'HEAD~1', head = 'HEAD', ...more] = positionals;
  if (more.length > 0) throw new Error('two commits are compared, and no more');
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: ${values.rounds} is no number of rounds`);
  const chosen = figures.filter(({ name }) => name.startsWith(values.only));
  if (chosen.length === 0) throw new Error(`--only: no figure begins with "${values.only}"`);
  return { base, head, rounds, figures: chosen, json: values.json, help: values.help };
}

async function compareCommits(at: CommandContext, options: Options): Promise<CommitReport> {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  tell(`building ${options.base} and ${options.head}`);
  const base = await checkOut(at, options.base, 'base');
  const head = await checkOut(at, options.head, 'head');
  const samples = await measureInTurns(at, { base, head }, options.figures, options.rounds, (round) =>
    tell(`round ${round + 1} of ${options.rounds}`),
  );
  return {
    environment: { cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
    rounds: options.rounds,
    base: base.commit,
    head: head.commit,
    figures: samples.map(compareSamples),
  };
}

async function main(options: Options): Promise<number> {
  const report = await inScratchFolder((at) => compareCommits(at, options));
  process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : renderComparison(report)}\n`);
  const isFine = report.figures.every(
    ({ verdict, otherWork }) => !otherWork && (verdict === 'faster' || verdict === 'within noise'),
  );
  return isFine ? 0 : 1;
}

let options: Options | undefined;
try {
  options = parseOptions();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
if (options?.help) {
  process.stdout.write(usage);
} else if (options) {
  try {
    process.exitCode = await main(options);
  } catch (error) {
    const isInterrupted = (error as Error).name === 'AbortError';
    process.stderr.write(isInterrupted ? 'interrupted\n' : `${(error as Error).message}\n`);
    process.exitCode = isInterrupted ? 130 : 1;
  }
}
