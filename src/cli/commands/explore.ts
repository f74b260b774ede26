import { Command } from 'commander';
import { parseWhole } from '../../app/parse-units.ts';
import { memoryModels } from '../../model/store-buffer.ts';
import type { ExploreOptions } from '../explore.ts';
import { choiceOption } from '../options/choice-option.ts';
import { parseParam } from '../options/param-option.ts';
import { addHelpSections } from '../report/help-text.ts';

export function exploreCommand(): Command {
  const command = new Command('explore')
    .summary('step through interleavings on a page of the browser')
    .description(
      'Opens a page on which you step through the interleavings of a design: all choices of every actor, and why a guard refuses one; memory, properties, searches from any state; runs that fork, undo, links to share.',
    )
    .argument('[what]', 'a design, a file of your own, a schedule, or a file with a schedule or a saved situation')
    .option('--vcpus <n>', 'number of vCPUs', parseWhole('--vcpus'))
    .option('--pages <n>', 'number of pages', parseWhole('--pages'))
    .option('--param <name=value>', 'another parameter of the design; repeatable', parseParam('--param'))
    .addOption(choiceOption('--memory-model <model>', 'when plain stores reach memory', memoryModels))
    .option('--file <design.ts>', 'the file that exports the design of a schedule, if it is your own')
    .option('--out <file.html>', 'write the explorer to one file, which needs no server and no network')
    .option(
      '--port <n>',
      'port on the loopback address (default: a free one)',
      parseWhole('--port', { min: 1, max: 65_535 }),
    )
    .option('--no-open', 'only print the address')
    .action(async (what: string | undefined, flags: ExploreOptions) => {
      const { runExplore } = await import('../explore.ts');
      process.exitCode = await runExplore(what, flags);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 the page was written, or the server ended by Ctrl-C; 2 wrong usage.'],
    examples: [
      ['npx precopy explore', 'the shipped designs'],
      ['npx precopy explore rmap-xchg/no-flush --vcpus 1 --pages 1'],
      ['npx precopy explore ./my-design.ts', 'loaded anew when you save it'],
      ['npx precopy explore report.json', 'the counterexample in a document of `check --json`'],
      ['npx precopy explore rmap-xchg --out explorer.html', 'for a bug report, or a talk'],
    ],
  });
}
