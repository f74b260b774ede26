import { Command, Option } from 'commander';
import { type PatternName, patternNames } from '../../host/stress/pattern-names.ts';
import { parseBytes, parseDuration, parseWhole } from '../options/units.ts';

interface ProbeFlags {
  readonly device: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function hostCommand(): Command {
  return new Command('host')
    .summary('the real kernel: measure it, predict it, hold it to the same properties')
    .description(
      'Puts the questions of the model to the KVM of this machine, with a guest of its own. It needs Linux on x86-64, /dev/kvm, and the optional package koffi.',
    )
    .helpCommand(false)
    .addCommand(probeCommand())
    .addCommand(measureCommand())
    .addCommand(validateCommand())
    .addCommand(stressCommand());
}

function probeCommand(): Command {
  return new Command('probe')
    .summary('what the KVM of this machine offers')
    .description(
      'Says what the KVM of this machine offers for dirty logging, or why it cannot be used and what to do about it. Runs a guest for some milliseconds.',
    )
    .option('--device <path>', 'the device of KVM', '/dev/kvm')
    .option('--json', 'one JSON document on stdout (docs/schemas/host-probe.schema.json)')
    .option('--quiet', 'one line')
    .addHelpText(
      'after',
      `
Exit codes: 0 guests can be run; 2 they cannot, and the reason; 70 a bug of ours.

Examples:
  npx precopy host probe
  npx precopy host probe --json | jq .dirtyRingEntries`,
    )
    .action(async (flags: ProbeFlags) => {
      const { hostProbe } = await import('../host/probe.ts');
      await hostProbe(flags);
    });
}

interface MeasureFlags extends ProbeFlags {
  readonly out?: string;
  readonly memory: number;
  readonly repeats: number;
}

function measureCommand(): Command {
  return new Command('measure')
    .summary('the cost profile of this host')
    .description(
      [
        'Measures what the steps of dirty logging cost on this host, and makes a cost profile of it for `precopy simulate` and',
        '`precopy host validate`. Each figure is a median, with the median absolute deviation as its spread. Let nothing else run.',
      ].join(' '),
    )
    .option('--out <file>', 'where to write the profile (docs/schemas/profile.schema.json)')
    .option('--memory <size>', 'memory of the larger guest', parseBytes('--memory'), 256 * 2 ** 20)
    .option('--repeats <n>', 'how often the longer measurements are repeated', parseWhole('--repeats'), 7)
    .option('--device <path>', 'the device of KVM', '/dev/kvm')
    .option('--json', 'the profile on stdout, text on stderr')
    .option('--quiet', 'figures only')
    .addHelpText(
      'after',
      `
Exit codes: 0 measured; 2 wrong usage, or KVM cannot be used; 70 a bug of ours.

Examples:
  npx precopy host measure --out profile.json
  npx precopy simulate manual-clear --profile profile.json`,
    )
    .action(async (flags: MeasureFlags) => {
      const { hostMeasure } = await import('../host/measure.ts');
      await hostMeasure(flags);
    });
}

interface ValidateFlags extends ProbeFlags {
  readonly profile?: string;
  readonly memory?: readonly number[];
  readonly vcpus: readonly number[];
  readonly rounds: number;
  readonly long: number;
  readonly html?: string;
  readonly markdown?: string;
}

/** `256MiB,1GiB`: several values, separated by commas. */
const list =
  (parse: (text: string) => number) =>
  (text: string): number[] =>
    text.split(',').map((one) => parse(one.trim()));

function validateCommand(): Command {
  return new Command('validate')
    .summary('predicted and measured, side by side')
    .description(
      [
        'Runs a grid on the real kernel: memory, vCPUs, intervals, patterns of writing, GET_DIRTY_LOG against CLEAR_DIRTY_LOG in',
        'chunks. Runs the clock on the same grid with the profile of this host, and shows both: predicted / measured.',
      ].join(' '),
    )
    .option('--profile <file>', 'a profile of this host, made by `precopy host measure`; measured first unless told')
    .addOption(
      new Option(
        '--memory <sizes>',
        'memory of the guests: 256MiB,1GiB,4GiB, as far as they fit, unless told',
      ).argParser(list(parseBytes('--memory'))),
    )
    .addOption(
      new Option('--vcpus <counts>', 'numbers of vCPUs').argParser(list(parseWhole('--vcpus'))).default([1, 2], '1,2'),
    )
    .option('--rounds <n>', 'rounds a cell', parseWhole('--rounds'), 7)
    .addOption(
      new Option('--long <time>', 'length of the long rounds, after which much is dirty')
        .argParser(parseDuration('--long'))
        .default(2, '2s'),
    )
    .option('--html <file>', 'write a report with predicted over measured')
    .option('--markdown <file>', 'write tables of it, as docs/validation-tables.md')
    .option('--device <path>', 'the device of KVM', '/dev/kvm')
    .option('--json', 'one JSON document on stdout (docs/schemas/host-validate.schema.json), text on stderr')
    .option('--quiet', 'errors only')
    .addHelpText(
      'after',
      `
Exit codes: 0 the grid was run; 2 wrong usage, KVM cannot be used, or a profile
of another host; 3 Ctrl-C, the grid is partial; 70 a bug of ours.

Examples:
  npx precopy host validate --html validation.html
  npx precopy host validate --profile profile.json --memory 256MiB --vcpus 1`,
    )
    .action(async (flags: ValidateFlags) => {
      const { hostValidate } = await import('../host/validate.ts');
      process.exitCode = await hostValidate(flags);
    });
}

interface StressFlags extends ProbeFlags {
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
  return new Command('stress')
    .summary('does the real kernel lose a write?')
    .description(
      [
        'vCPUs write while a collector takes the dirty log and reads the pages that it gives. Every few rounds the vCPUs are',
        'stopped, the log is taken once more, and every page is compared with what was read of it last: they have to be equal.',
        '\n\nCollectors: get, clear, clear-initially-set, ring; without a name, those that this host offers. With --mutants,',
        'user spaces that are broken on purpose, each of which has to be caught. The seed chooses patterns, pauses and kicks;',
        'what happens then is up to the machine, so the same seed need not find the same write.',
      ].join(' '),
    )
    .argument('[collector...]', 'how the log is taken')
    .option('--mutants', 'run the collectors that are broken on purpose')
    .option('--memory <size>', 'memory of the guest', parseBytes('--memory'), 64 * 2 ** 20)
    .option('--vcpus <n>', 'how many vCPUs', parseWhole('--vcpus'), 2)
    .option('--time <time>', 'how long each collector is stressed (10s, 5min)', parseDuration('--time'), 10)
    .option('--seed <n>', 'what chooses', parseWhole('--seed'), 1)
    .addOption(new Option('--pattern <pattern>', 'how the guest writes').choices(patternNames).default('mixed'))
    .option('--kicks <n>', 'signals to the threads of the vCPUs after each round', parseWhole('--kicks'), 1)
    .option(
      '--chunk <pages>',
      'pages a call of CLEAR_DIRTY_LOG, a multiple of 64; else the seed chooses',
      parseWhole('--chunk'),
    )
    .option('--ring <entries>', 'entries of a dirty ring, a power of two', parseWhole('--ring'), 1024)
    .option('--huge-pages', 'back the guest with huge pages')
    .option('--device <path>', 'the device of KVM', '/dev/kvm')
    .option('--json', 'one JSON document on stdout (docs/schemas/host-stress.schema.json), text on stderr')
    .option('--quiet', 'verdicts only')
    .addHelpText(
      'after',
      `
Exit codes: 0 no write was lost, or each broken collector was caught; 1 a write
was lost, or a broken collector survived; 2 wrong usage, or KVM cannot be used;
3 inconclusive, as Ctrl-C was pressed; 70 a bug of ours.

Examples:
  npx precopy host stress                               each way that this host offers, 10 s
  npx precopy host stress clear --time 5min --kicks 20  one way, long
  npx precopy host stress --mutants --time 5s           does the oracle see anything?`,
    )
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
}
