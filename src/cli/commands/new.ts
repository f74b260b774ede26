import { Command } from 'commander';
import { addHelpSections } from '../report/help-text.ts';

export function newCommand(): Command {
  const command = new Command('new')
    .summary('write a project with a design of your own and its test')
    .description(
      'Writes a small project: a design that changes one statechart of rmap-xchg, a mutant, and a test of both.',
    )
    .argument('<name>', 'name of the package and of the design')
    .option('--dir <folder>', 'where to write it; an empty folder, or none yet (default: ./<name>)')
    .action(async (name: string, { dir }: { readonly dir?: string }) => {
      const { runNew } = await import('../new.ts');
      runNew(name, dir);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 it is written; 2 a bad name, or a folder that is not empty.'],
    examples: [['npx precopy new my-design'], ['npx precopy new my-design --dir ~/designs/first']],
  });
}
