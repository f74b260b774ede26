import { Command, type Option } from 'commander';
import { parseBytes, parseDuration, parseWhole } from '../../app/parse-units.ts';
import { type PatternName, patternNames } from '../../host/stress/pattern-names.ts';
import type { MeasureFlags } from '../host/measure.ts';
import type { HostFlags } from '../host/probe.ts';
import type { ValidateFlags } from '../host/validate.ts';
import { choiceOption } from '../options/choice-option.ts';
import { optionWithDefault } from '../options/units.ts';
import { addHelpSections } from '../report/help-text.ts';

export function hostCommand(): Command {
  return new Command('host')
    .summary('the kernel of this host: measure it, predict it, stress it')
    .description(
      [
        'Runs a guest on the KVM of this host to measure and check its dirty logging. Needs Linux on x86-64, /dev/kvm, and',
        'the optional package koffi.',
      ].join(' '),
    )
    .helpCommand(false)
    .addCommand(probeCommand())
    .addCommand(measureCommand())
    .addCommand(validateCommand())
    .addCommand(stressCommand());
}

const deviceOption = (): Option => optionWithDefault('--device <path>', 'KVM device', '/dev/kvm', String);

function probeCommand(): Command {
  const command = new Command('probe')
    .summary('what the KVM of this host offers')
    .description(
      [
        'Reports what the KVM of this host offers for dirty logging, or why it is unavailable and how to change that. Runs a',
        'guest for some milliseconds.',
      ].join(' '),
    )
    .addOption(deviceOption())
    .option('--json', 'one JSON document on stdout (docs/schemas/host-probe.schema.json), text on stderr')
    .option('--quiet', 'one line')
    .action(async (flags: HostFlags) => {
      const { hostProbe } = await import('../host/probe.ts');
      await hostProbe(flags);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 KVM is available; 2 it is not, with the reason; 70 an internal error.'],
    examples: [['npx precopy host probe'], ['npx precopy host probe --json | jq .dirtyRingEntries']],
  });
}

function measureCommand(): Command {
  const command = new Command('measure')
    .summary('measure the cost profile of this host')
    .description(
      [
        'Measures the costs of dirty logging on this host and creates a cost profile for `precopy simulate` and `precopy host',
        'validate`. Each figure is a median, with the median absolute deviation as its spread. The host should be idle.',
      ].join(' '),
    )
    .option('--out <file>', 'write the profile (docs/schemas/profile.schema.json)')
    .addOption(optionWithDefault('--memory <size>', 'memory of the larger guest', '256MiB', parseBytes('--memory')))
    .addOption(optionWithDefault('--repeats <n>', 'samples of the longer measurements', '7', parseWhole('--repeats')))
    .addOption(deviceOption())
    .option('--json', 'the profile on stdout, text on stderr')
    .option('--quiet', 'only figures')
    .action(async (flags: MeasureFlags) => {
      const { hostMeasure } = await import('../host/measure.ts');
      await hostMeasure(flags);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 measured; 2 wrong usage, or KVM is unavailable; 70 an internal error.'],
    examples: [
      ['npx precopy host measure --out profile.json'],
      ['npx precopy simulate manual-clear --profile profile.json'],
    ],
  });
}

/** Returns a parser of comma-separated values: `256MiB,1GiB`. */
const parseList =
  (parse: (text: string) => number) =>
  (text: string): number[] =>
    text.split(',').map((one) => parse(one.trim()));

function validateCommand(): Command {
  const command = new Command('validate')
    .summary('compare simulated with measured times')
    .description(
      [
        'Measures a grid on the kernel of this host: memory, vCPUs, intervals, write patterns, GET_DIRTY_LOG and',
        'CLEAR_DIRTY_LOG in chunks. Simulates the same grid with the cost profile of this host, and reports both:',
        'predicted / measured.',
      ].join(' '),
    )
    .option('--profile <file>', 'a profile of this host, by `precopy host measure` (default: measured first)')
    .option(
      '--memory <sizes>',
      'memory of the guests (default: 256MiB,1GiB,4GiB as far as they fit)',
      parseList(parseBytes('--memory')),
    )
    .addOption(optionWithDefault('--vcpus <counts>', 'numbers of vCPUs', '1,2', parseList(parseWhole('--vcpus'))))
    .addOption(optionWithDefault('--rounds <n>', 'rounds of each cell', '7', parseWhole('--rounds')))
    .addOption(
      optionWithDefault(
        '--long <time>',
        'length of the long rounds, which leave much of the memory dirty',
        '2s',
        parseDuration('--long'),
      ),
    )
    .option('--html <file>', 'write a report with charts of predicted over measured')
    .option('--markdown <file>', 'write tables, as docs/validation-tables.md')
    .addOption(deviceOption())
    .option('--json', 'one JSON document on stdout (docs/schemas/host-validate.schema.json), text on stderr')
    .option('--quiet', 'only the errors')
    .action(async (flags: ValidateFlags) => {
      const { hostValidate } = await import('../host/validate.ts');
      process.exitCode = await hostValidate(flags);
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 the grid is complete; 2 wrong usage, KVM is unavailable, or the profile is of another host; ' +
        '3 Ctrl-C, the grid is partial; 70 an internal error.',
    ],
    examples: [
      ['npx precopy host validate --html validation.html'],
      ['npx precopy host validate --profile profile.json --memory 256MiB --vcpus 1'],
    ],
  });
}

/** Flags of `host stress`, as commander parses them. */
interface StressFlags extends HostFlags {
  readonly mutants?: boolean;
  readonly memory: number;
  readonly vcpus: number;
  readonly time: number;
  readonly seed: number;
  readonly pattern: PatternName;
  readonly kicks: number;
  readonly chunk?: number;
  readonly ring: number;
  readonly hugePages?: boolean;
}

function stressCommand(): Command {
  const command = new Command('stress')
    .summary('does the kernel of this host lose a write?')
    .description(
      [
        'vCPUs write while a collector reads the dirty log and copies the pages that it reports. Every few rounds the vCPUs',
        'are stopped, the log is read once more, and every page has to equal its last copy.',
        '\n\nCollectors: get, clear, clear-initially-set, ring; by default those that this host supports. With --mutants,',
        'collectors with a known bug, each of which has to be caught. The seed determines patterns, pauses and kicks, but',
        'not the interleaving: equal seeds need not find the same lost write.',
      ].join(' '),
    )
    .argument('[collector...]', 'ids of collectors')
    .option('--mutants', 'run the collectors with a known bug')
    .addOption(optionWithDefault('--memory <size>', 'guest memory', '64MiB', parseBytes('--memory')))
    .addOption(optionWithDefault('--vcpus <n>', 'number of vCPUs', '2', parseWhole('--vcpus')))
    .addOption(optionWithDefault('--time <time>', 'time for each collector', '10s', parseDuration('--time')))
    .addOption(optionWithDefault('--seed <n>', 'random seed', '1', parseWhole('--seed')))
    .addOption(choiceOption('--pattern <pattern>', 'write pattern', patternNames).default('mixed'))
    .addOption(
      optionWithDefault('--kicks <n>', 'signals to the vCPU threads after each round', '1', parseWhole('--kicks')),
    )
    .option(
      '--chunk <pages>',
      'pages per CLEAR_DIRTY_LOG, a multiple of 64 (default: drawn by the seed)',
      parseWhole('--chunk'),
    )
    .addOption(
      optionWithDefault('--ring <entries>', 'entries of a dirty ring, a power of two', '1024', parseWhole('--ring')),
    )
    .option('--huge-pages', 'back the guest with huge pages')
    .addOption(deviceOption())
    .option('--json', 'one JSON document on stdout (docs/schemas/host-stress.schema.json), text on stderr')
    .option('--quiet', 'only verdicts')
    .action(async (names: string[], flags: StressFlags) => {
      const { hostStress } = await import('../host/stress.ts');
      const { memory, time, chunk, ring, hugePages = false, ...options } = flags;
      process.exitCode = await hostStress(names, {
        ...options,
        memoryBytes: memory,
        seconds: time,
        hugePages,
        ringEntries: ring,
        ...(chunk !== undefined && { chunkPages: chunk }),
      });
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 no write was lost, and each mutant was caught; 1 a write was lost, or a mutant survived; 2 wrong ' +
        'usage, or KVM is unavailable; 3 inconclusive, or Ctrl-C; 70 an internal error.',
    ],
    examples: [
      ['npx precopy host stress', 'each supported collector for 10 s'],
      ['npx precopy host stress clear --time 5min --kicks 20', 'one collector, long'],
      ['npx precopy host stress --mutants --time 5s', 'does the oracle catch the mutants?'],
    ],
  });
}
