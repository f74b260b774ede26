import { Command } from 'commander';

export function designsCommand(): Command {
  return new Command('designs')
    .summary('list designs and mutants')
    .description('Lists every shipped design and every mutant: a design with one known bug put back.')
    .option('--json', 'one JSON document on stdout (docs/schemas/designs.schema.json)')
    .option('--quiet', 'names only')
    .addHelpText(
      'after',
      `
Examples:
  npx precopy designs
  npx precopy designs --quiet
  npx precopy designs --json`,
    )
    .action(async (options: { readonly json?: boolean; readonly quiet?: boolean }) => {
      const { listDesigns } = await import('../../app/designs/list-designs.ts');
      listDesigns(options);
    });
}
