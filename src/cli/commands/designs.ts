import { Command } from 'commander';
import { addHelpSections } from '../report/help-text.ts';

export function designsCommand(): Command {
  const command = new Command('designs')
    .summary('list designs and mutants')
    .description('Lists the built-in designs and mutants. A mutant is a design with one known bug.')
    .option('--json', 'one JSON document on stdout (docs/schemas/designs.schema.json)')
    .option('--quiet', 'only ids')
    .action(async (options: { readonly json?: boolean; readonly quiet?: boolean }) => {
      const { listDesigns } = await import('../designs.ts');
      listDesigns(options);
    });
  return addHelpSections(command, {
    examples: [['npx precopy designs'], ['npx precopy designs --quiet'], ['npx precopy designs --json']],
  });
}
