import { Command, Option } from 'commander';
import type { CompareFlags } from '../compare.ts';
import { assertOneDocument, ciFormatOption, ciNote } from '../options/ci-format-option.ts';
import { parseParam } from '../options/param-option.ts';
import { withExperimentOptions } from '../options/simulation-options.ts';
import { addHelpSections } from '../report/help-text.ts';

type Params = Readonly<Record<string, number>>;
type Flags = Omit<CompareFlags, 'params' | 'checkParams'> & { readonly param?: Params; readonly checkParam?: Params };

export function compareCommand(): Command {
  const command = new Command('compare')
    .summary('verify and simulate designs: verdicts beside times')
    .description(
      [
        'Checks each design as `check` does, with its own parameters, and simulates it as `simulate --collect-every` does, at',
        'the size of a real guest. Prints a table: the verdict of each design beside its simulated times.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts[:design]...]',
      'ids of designs or mutants, files that export designs, or single designs of a file (default: all designs)',
    )
    .addOption(
      new Option(
        '--check-param <name=value>',
        "a parameter of the checked model, as vcpus=1 or pages=3; repeatable (default: each design's own)",
      ).argParser(parseParam('--check-param')),
    );
  withExperimentOptions(
    command,
    { collectEvery: 'interval at which the dirty log is read', duration: 'simulated time (default: 10s)' },
    '1s',
  )
    .option('--json', 'one JSON document on stdout (docs/schemas/compare.schema.json), text on stderr')
    .addOption(ciFormatOption())
    .option('--quiet', 'only the table, and no progress')
    .action(async (names: string[], { param = {}, checkParam = {}, ...flags }: Flags) => {
      assertOneDocument(flags);
      const { runCompare } = await import('../compare.ts');
      process.exitCode = await runCompare(names, { ...flags, params: param, checkParams: checkParam });
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 all designs hold; 1 a property is violated; 2 wrong usage; 3 inconclusive, or Ctrl-C; ' +
        '70 an internal error.',
      ciNote,
    ],
    examples: [
      ['npx precopy compare', 'all designs, 4 GiB, the log is read every second'],
      ['npx precopy compare rmap-xchg srcu-switch --memory 10GiB', 'two designs, a larger guest'],
      ['npx precopy compare rmap-xchg rmap-xchg/no-flush', 'a design and a mutant: a bug may be fast'],
      ['npx precopy compare ./my-design.ts rmap-xchg --json', 'a design of your own, as JSON'],
    ],
  });
}
