import { Command } from 'commander';
import { type FormatName, formatNames } from '../../trace/renderers.ts';
import { choiceOption } from '../options/choice-option.ts';
import { addHelpSections } from '../report/help-text.ts';

interface Flags {
  readonly file?: string;
  readonly property?: readonly string[];
  readonly format: FormatName;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function replayCommand(): Command {
  const command = new Command('replay')
    .summary('run a schedule on live actors, step by step')
    .description(
      'Runs a schedule on live actors, and shows each step. It ends at the first step that violates a property.',
    )
    .argument('<schedule>', 'a schedule, or a file with one: text, a document of `check --json`, or a JSON trace')
    .option(
      '--file <design.ts>',
      'the file that exports the design, if it is your own; or one design of it: my-designs.ts:my-design',
    )
    .option(
      '--property <id>',
      'check only this property, and go on where others are violated; repeatable',
      (id: string, ids: readonly string[] = []) => [...ids, id],
    )
    .addOption(choiceOption('--format <format>', 'format of the trace', formatNames).default('columns'))
    .option('--json', 'the same as --format json (docs/schemas/trace.schema.json)')
    .option('--quiet', 'only the violated property')
    .action(async (schedule: string, flags: Flags) => {
      const { runReplay } = await import('../replay.ts');
      process.exitCode = await runReplay(schedule, { ...flags, format: flags.json ? 'json' : flags.format });
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 no property is violated; 1 a property is violated; 2 wrong usage, or a schedule of another model.',
    ],
    examples: [
      ['npx precopy replay rmap-xchg/no-flush@vcpus=2,pages=2,…', 'what `precopy check` printed last'],
      ['npx precopy replay --format mermaid report.json > race.mmd'],
      ['npx precopy replay --format perfetto report.json > race.pftrace', 'for ui.perfetto.dev'],
      ['npx precopy replay --file ./my-design.ts my-design@…'],
    ],
  });
}
