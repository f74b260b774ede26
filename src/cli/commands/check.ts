import { Command, Option } from 'commander';
import { PrecopyError } from '../../model/errors.ts';
import { type MemoryModel, memoryModels } from '../../model/store-buffer.ts';
import { maxThreads } from '../../search/parallel/max-workers.ts';
import { type TextFormatName, textFormatNames } from '../../trace/format-names.ts';
import { type StrategyFlags, strategyNames, strategyOf } from '../options/strategy-flags.ts';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../options/units.ts';

interface Flags extends StrategyFlags {
  readonly mutants?: boolean;
  readonly vcpus?: number;
  readonly pages?: number;
  readonly bitsPerWord?: number;
  readonly param: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  readonly maxMemory?: number;
  readonly time?: number;
  readonly workers?: number;
  readonly format: TextFormatName;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function checkCommand(): Command {
  return new Command('check')
    .summary('model-check designs: every interleaving, the shortest counterexample')
    .description(
      [
        'Explores every state that a design can reach, and says whether its properties hold in all of them. The search is',
        'exhaustive, so it needs no seed and gives the same answer each time. A counterexample is one of the shortest, and',
        'is replayed on live actors before it is reported. Then what has to come in the end, in every fair run, is checked:',
        'at smaller sizes, unless you ask for some. A counterexample to that is a run without an end.',
        '\n\nWithout arguments: all shipped designs, and then all mutants,',
        'each of which has to be caught.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts...]',
      'designs or mutants by name (`precopy designs` lists them), or files that export designs',
    )
    .option('--mutants', 'check the mutants of the designs instead, and print a table of what caught them')
    .option('--liveness', 'check only what has to come in the end, in every fair run')
    .option('--no-liveness', 'check only what must never happen')
    .option('--vcpus <n>', 'how many vCPUs', parseWhole('--vcpus'))
    .option('--pages <n>', 'how many pages of guest memory', parseWhole('--pages'))
    .option('--bits-per-word <n>', 'how many bits of the dirty bitmap one xchg takes', parseWhole('--bits-per-word'))
    .addOption(
      new Option('--param <name=value>', 'any other size of a design; may be repeated')
        .argParser(addParam)
        .default({}, 'none'),
    )
    .addOption(
      new Option(
        '--memory-model <model>',
        'when plain stores reach memory: at once (sc), or through x86 store buffers (tso); sc unless a mutant needs tso',
      ).choices(memoryModels),
    )
    .option('--max-states <n>', 'stop each search after so many states (10M, 2k)', parseCount('--max-states'))
    .option(
      '--max-memory <size>',
      "stop each search before it takes more (4GiB); half of the machine's unless told; a long frontier goes to the disk before; of bitstate and swarm, their bits (256MiB)",
      parseBytes('--max-memory'),
    )
    .option('--workers <n>', 'how many threads search; as many as there are cores unless told', parseWorkers)
    .option(
      '--checkpoint <dir>',
      'keep each search in this folder every minute and when it is stopped, and go on with what is kept there',
    )
    .option(
      '--preemptions <n>',
      'only schedules in which at most so many steps interrupt an actor that could have gone on',
      parseWhole('--preemptions'),
    )
    .option(
      '--coverage',
      'count how often each transition is taken, and tell which are not, and which cells never change',
    )
    .option('--time <time>', 'stop each search after so long (30s, 5min)', parseDuration('--time'))
    .addOption(
      new Option(
        '--strategy <name>',
        'visit all states, draw schedules, keep bits, or take one schedule of each trace; each is told in docs/search.md',
      )
        .choices(strategyNames)
        .default('exhaustive'),
    )
    .addOption(
      new Option(
        '--reductions <which>',
        'take states for one that differ only in which vCPU is which; take steps that commute in one order (docs/search.md)',
      ).choices(['none', 'symmetry', 'partial-order', 'both']),
    )
    .option('--seed <n>', 'of a strategy that takes chances; drawn and printed unless told', parseWhole('--seed'))
    .option('--runs <n>', 'how many schedules to draw (10k), or searches of a swarm (8)', parseCount('--runs'))
    .option(
      '--depth <n>',
      'the most steps of a schedule: drawn (200), or with bitstate and swarm (10k); with dpor, of each actor (5)',
      parseCount('--depth'),
    )
    .option('--bug-depth <n>', 'how many ordering constraints pct looks for (3)', parseCount('--bug-depth'))
    .addOption(
      new Option('--format <format>', 'how to show a counterexample').choices(textFormatNames).default('columns'),
    )
    .option('--json', 'one JSON document on stdout (docs/schemas/check.schema.json), text on stderr')
    .option('--quiet', 'verdicts only, and no progress')
    .addHelpText(
      'after',
      `
Exit codes: 0 it holds; 1 a property is violated, or a mutant survived; 2 wrong
usage; 3 inconclusive, as a limit was hit or Ctrl-C was pressed; 70 a bug of ours.

What must never happen and what has to come in the end are two searches. --time,
--max-states and --max-memory are for each of them.

Examples:
  npx precopy check                                   all designs, all mutants
  npx precopy check rmap-xchg --vcpus 2 --pages 3     one design, larger
  npx precopy check rmap-xchg/no-flush                a known bug, and how it loses a write
  npx precopy check --liveness --vcpus 2 --pages 1    does it always come to an end
  npx precopy check --mutants srcu-switch --json      a table of bugs, for a program
  npx precopy check rmap-xchg --memory-model tso --pages 1   with store buffers
  npx precopy check ./my-design.ts --time 30s         a design of your own
  npx precopy check ./my-design.ts --coverage         what makes it large, and what it never does
  npx precopy check rmap-xchg --vcpus 3 --preemptions 1      the races that one preemption shows
  npx precopy check rmap-xchg --vcpus 4 --pages 8 --strategy pct --runs 1M
                                                      schedules of a size that has too many states
  npx precopy check rmap-xchg --vcpus 3 --strategy swarm --time 5min
                                                      eight deep searches that keep three bits a state`,
    )
    .action(async (names: string[], flags: Flags) => {
      const { check } = await import('../check.ts');
      const { vcpus, pages, bitsPerWord, param, maxStates, maxMemory, time, ...options } = flags;
      const strategy = strategyOf(flags);
      process.exitCode = await check(names, {
        ...options,
        params: { ...defined({ vcpus, pages, bitsPerWord }), ...param },
        limits: {
          ...defined({ maxStates, maxMemoryBytes: maxMemory, maxSeconds: time }),
          ...strategy,
        },
      });
    });
}

/** At least one thread, and no more than a search can use. */
function parseWorkers(text: string): number {
  const workers = parseWhole('--workers')(text);
  if (workers >= 1 && workers <= maxThreads) return workers;
  throw new PrecopyError('BAD_PARAMETER', `--workers is ${text}`, `give a number from 1 to ${maxThreads}`);
}

export function addParam(text: string, params: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, name, value] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `--param is '${text}'`,
      'give a name and a whole number, such as --param rms=5',
    );
  }
  return { ...params, [name]: Number(value) };
}

/** Without the keys that have no value. */
function defined<K extends string>(record: Readonly<Record<K, number | undefined>>): Partial<Record<K, number>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, number>
  >;
}
