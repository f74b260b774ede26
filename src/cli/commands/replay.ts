import { Command, Option } from 'commander';
import { type FormatName, formatNames } from '../../trace/format-names.ts';

interface Flags {
  readonly file?: string;
  readonly format: FormatName;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function replayCommand(): Command {
  return new Command('replay')
    .summary('run a schedule on live actors, step by step')
    .description(
      'Takes the steps of a schedule on live actors and shows what each did. It ends at the first step that breaks a property.',
    )
    .argument('<schedule>', 'a schedule, or a file with one: text, a document of `check --json`, or a JSON trace')
    .option('--file <design.ts>', 'the file with the design, if it is your own')
    .addOption(new Option('--format <format>', 'how to show the run').choices(formatNames).default('columns'))
    .option('--json', 'the same as --format json (docs/schemas/trace.schema.json)')
    .option('--quiet', 'say only what breaks')
    .addHelpText(
      'after',
      `
Exit codes: 0 no property breaks; 1 one does; 2 wrong usage, or a schedule for
something else.

Examples:
  npx precopy replay rmap-xchg/no-flush@vcpus=2,pages=2,…     what \`precopy check\` printed last
  npx precopy replay --format mermaid report.json > race.mmd
  npx precopy replay --format perfetto report.json > race.pftrace     for ui.perfetto.dev
  npx precopy replay --file ./my-design.ts my-design@…`,
    )
    .action(async (schedule: string, flags: Flags) => {
      const { replaySchedule } = await import('../../app/check/replay-schedule.ts');
      process.exitCode = await replaySchedule(schedule, { ...flags, format: flags.json ? 'json' : flags.format });
    });
}
