import { Command, Option } from 'commander';
import { type ClockFlags, withClockOptions } from '../options/simulation-options.ts';
import { addParam } from './check.ts';

export interface CompareFlags extends ClockFlags {
  readonly collectEvery: number;
  readonly checkParam: Readonly<Record<string, number>>;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .summary('what a design proves and what it costs, side by side')
    .description(
      [
        'Checks each design as `check` does, at its own sizes, and runs it under the clock as `simulate` does, at the size of a real',
        'guest, with a collector that takes the dirty log. One line a design: the verdict beside the times.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts...]',
      'designs or mutants by name, or files that export designs; all shipped designs unless told',
    )
    .addOption(
      new Option('--check-param <name=value>', 'a size of the check, as vcpus=1 or pages=3; may be repeated')
        .argParser(addParam)
        .default({}, "each design's own"),
    );
  return withClockOptions(
    command,
    { collectEvery: 'how often the dirty log is taken', duration: 'simulated time (10s)' },
    1,
  )
    .option('--json', 'one JSON document on stdout (docs/schemas/compare.schema.json), text on stderr')
    .option('--quiet', 'the table only, and no progress')
    .addHelpText(
      'after',
      `
Exit codes: 0 all hold; 1 a property is violated; 2 wrong usage; 3 inconclusive, or Ctrl-C;
70 a bug of ours.

Examples:
  npx precopy compare                                        all designs, 4 GiB, the log once a second
  npx precopy compare rmap-xchg srcu-switch --memory 10GiB   two of them, larger
  npx precopy compare rmap-xchg rmap-xchg/no-flush           a bug may be fast, too
  npx precopy compare ./my-design.ts rmap-xchg --json        a design of your own, for a program`,
    )
    .action(async (names: string[], flags: CompareFlags) => {
      const { compare } = await import('../compare.ts');
      process.exitCode = await compare(names, flags);
    });
}
