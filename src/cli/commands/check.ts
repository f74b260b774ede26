import { Command, Option } from 'commander';
import { parseDuration, parseWhole } from '../../app/parse-units.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type MemoryModel, memoryModels } from '../../model/store-buffer.ts';
import { maxWorkers } from '../../search/parallel/worker-barrier.ts';
import { textFormatNames } from '../../trace/renderers.ts';
import type { CheckOptions } from '../check.ts';
import { ciFormatNames } from '../ci/outcomes.ts';
import { choiceOption } from '../options/choice-option.ts';
import { assertOneDocument, ciNote } from '../options/ci-format-option.ts';
import { parseParam } from '../options/param-option.ts';
import { addQuestionOptions, type QuestionFlags, questionOf } from '../options/question-flags.ts';
import {
  engineOption,
  type StrategyFlags,
  searchOptionsOf,
  strategyOption,
  withoutUndefined,
} from '../options/strategy-flags.ts';
import { addHelpSections } from '../report/help-text.ts';

/** Parses `--vcpus`: a number, or `any`. */
const parseVcpus = (text: string): number | 'any' => (text === 'any' ? text : parseWhole('--vcpus')(text));

/**
 * Returns the strategy that proves something for any number of vCPUs, if that is asked for.
 * @throws PrecopyError `BAD_PARAMETER` for another strategy, and for views of a number that is given
 */
function strategyForAny(vcpus: Flags['vcpus'], { strategy, param }: Flags): { strategy?: 'views' } {
  if (vcpus !== 'any') {
    if (strategy !== 'views' || (vcpus === undefined && param?.['vcpus'] === undefined)) return {};
    throw new PrecopyError('BAD_PARAMETER', 'views prove something for any number of vCPUs', 'give --vcpus any');
  }
  if (strategy === 'exhaustive' || strategy === 'views') return { strategy: 'views' };
  const cause = `--vcpus any cannot be combined with --strategy ${strategy}`;
  throw new PrecopyError('BAD_PARAMETER', cause, 'leave one of the two out');
}

interface Flags extends StrategyFlags, QuestionFlags {
  readonly mutants?: boolean;
  readonly large?: boolean;
  readonly liveness?: boolean;
  readonly vcpus?: number | 'any';
  readonly pages?: number;
  readonly bitsPerWord?: number;
  readonly param?: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  readonly workers?: number;
  readonly format: CheckOptions['format'];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly html?: string;
  readonly verbose?: boolean;
}

export function checkCommand(): Command {
  const command = new Command('check')
    .summary('model-check designs: every interleaving, the shortest counterexample')
    .description(
      [
        'Explores every reachable state of a design, and decides whether its properties hold. The search is exhaustive: it',
        'needs no seed and always gives the same answer. A counterexample is a shortest one, and is confirmed on live actors',
        'before it is reported. Liveness is checked after safety, in every fair run. Its',
        'counterexample is an infinite run.',
        '\n\nWithout arguments: all built-in designs, and then all mutants, each of which has to be killed.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts[:design]...]',
      'ids of designs or mutants (`precopy designs` lists them), files that export designs, or single designs of a file',
    )
    .optionsGroup('What to check:')
    .option('--mutants', 'check the mutants of the designs instead, and print which property kills each')
    .addOption(
      new Option(
        '--large',
        'the designs of docs/talk.md at 2 vCPUs and 4 pages with the log on, billions of states each: safety, by ' +
          'symbolic search, 85 s for each (names, params and limits take the place of these)',
      ).conflicts(['mutants', 'strategy', 'liveness', 'until', 'show']),
    )
    .option('--liveness', 'check only liveness: what has to happen eventually, in every fair run')
    .option('--no-liveness', 'check only safety: what must never happen');
  addQuestionOptions(command)
    .option('--vcpus <n|any>', 'number of vCPUs; any: prove safety for every number (docs/any-number.md)', parseVcpus)
    .option('--pages <n>', 'pages of guest memory', parseWhole('--pages'))
    .option('--bits-per-word <n>', 'bits of a word of the dirty bitmap', parseWhole('--bits-per-word'))
    .option('--param <name=value>', 'another parameter of a design; repeatable', parseParam('--param'))
    .addOption(
      choiceOption(
        '--memory-model <model>',
        'when plain stores reach memory: at once (sc), or through x86 store buffers (tso) (default: sc, or that of the mutant)',
        memoryModels,
      ),
    )
    .optionsGroup('How to search:')
    .addOption(strategyOption())
    .addOption(engineOption('reductions'))
    .addOption(engineOption('preemptions'))
    .addOption(engineOption('seed'))
    .addOption(engineOption('runs'))
    .addOption(engineOption('depth'))
    .addOption(engineOption('bugDepth'))
    .optionsGroup('Limits and resources, of each search:')
    .option('--time <time>', 'stop after this time (30s, 5min)', parseDuration('--time'))
    .addOption(engineOption('maxStates'))
    .addOption(engineOption('maxMemoryBytes'))
    .addOption(engineOption('checkpoint'))
    .option(
      '--workers <n>',
      'threads of exhaustive and swarm (default: the number of cores)',
      parseWhole('--workers', { min: 1, max: maxWorkers }),
    )
    .optionsGroup('What to print:')
    .addOption(engineOption('all'))
    .addOption(engineOption('coverage'))
    .addOption(
      choiceOption(
        '--format <format>',
        'format of a counterexample; or a document for a CI system on stdout, text on stderr: junit, github',
        [...textFormatNames, ...ciFormatNames],
      ).default('columns'),
    )
    .option('--json', 'one JSON document on stdout (docs/schemas/check.schema.json), text on stderr')
    .option('--html <file>', 'write a report: verdicts, figures, coverage, and each race as lanes; one file')
    .option('--verbose', 'describe each search, also where several designs are checked, and the bug of each mutant')
    .option('--quiet', 'only verdicts, and no progress')
    .action(async (names: string[], flags: Flags) => {
      const question = questionOf(flags);
      const isGoal = question.until !== undefined || question.show !== undefined;
      const run = isGoal ? (await import('../goal.ts')).runGoal : (await import('../check.ts')).runCheck;
      const {
        vcpus,
        pages,
        bitsPerWord,
        param,
        mutants,
        liveness,
        memoryModel,
        workers,
        format,
        json,
        quiet,
        verbose,
        html,
      } = flags;
      assertOneDocument(flags);
      const options: CheckOptions = {
        ...searchOptionsOf(flags),
        ...strategyForAny(vcpus, flags),
        onlyMutants: mutants === true,
        checks: liveness === undefined ? undefined : liveness ? 'liveness' : 'safety',
        ...question,
        params: { ...withoutUndefined({ vcpus: vcpus === 'any' ? undefined : vcpus, pages, bitsPerWord }), ...param },
        memoryModel,
        ...(workers !== undefined && { workers }),
        format,
        json: json === true,
        quiet: quiet === true,
        verbose: verbose === true,
        ...(html !== undefined && { html }),
      };
      const check = flags.large
        ? (await import('../../app/check/large-check.ts')).largeCheck(names, options)
        : { names, options };
      process.exitCode = await run(check.names, check.options);
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 all properties hold; 1 a property is violated, or a mutant survived; 2 wrong usage, or a mistake ' +
        'in a design; 3 inconclusive, because of a limit or Ctrl-C; 70 an internal error.',
      'With --until and --show: 0 there is such a run; 1 it is proved that there is none.',
      'Safety and liveness are two searches, each with its own limits.',
      ciNote,
    ],
    examples: [
      ['npx precopy check', 'all designs, all mutants'],
      ['npx precopy check rmap-xchg --vcpus 2 --pages 3', 'one design, larger'],
      ['npx precopy check rmap-xchg/no-flush', 'a known bug, and how it loses a write'],
      ['npx precopy check rmap-xchg --property no-lost-write', 'one property'],
      ["npx precopy check rmap-xchg --until 'vcpu0 in host.lockMmu and getDirtyLog in flushTlbs'", 'a run to a state'],
      ['npx precopy check rmap-xchg/no-flush --all', 'all properties that a bug violates, and in how many states'],
      ['npx precopy check ./my-designs.ts:my-design', 'one design of a file'],
      ['npx precopy check rmap-xchg --format junit > check.xml', 'for a CI system'],
      ['npx precopy check --large', 'the designs of the talk at sizes of billions of states'],
      ['npx precopy check --liveness --vcpus 2 --pages 1', 'does everything terminate'],
      ['npx precopy check --mutants srcu-switch --json', 'a table of bugs, for a program'],
      ['npx precopy check rmap-xchg --memory-model tso --pages 1', 'with store buffers'],
      ['npx precopy check ./my-design.ts --time 30s', 'a design of your own'],
      ['npx precopy check ./my-design.ts --coverage', 'where its states come from, and what it never does'],
      ['npx precopy check rmap-xchg --vcpus 3 --preemptions 1', 'races that need one preemption'],
      [
        'npx precopy check rmap-xchg --vcpus 4 --pages 8 --strategy pct --runs 1M',
        'sampled schedules, where there are too many states',
      ],
      [
        'npx precopy check rmap-xchg --vcpus 3 --strategy swarm --time 5min',
        'eight depth-first searches with three bits a state',
      ],
    ],
  });
}
