import { Command } from 'commander';
import { addHelpSections } from '../report/help-text.ts';

export function drawCommand(): Command {
  const command = new Command('draw')
    .summary('draw the statecharts of a design')
    .description('Draws the statecharts of a design as SVG: states, events, guards and actions of its machines.')
    .argument('<design>', 'a design or mutant, or a file of your own: my-designs.ts, my-designs.ts:my-design')
    .option('--out <file.svg>', 'the file to write (default: stdout)')
    .option('--machine <role>', 'only the machine of this role')
    .action(async (design: string, options: { readonly out?: string; readonly machine?: string }) => {
      const { drawDesign } = await import('../draw.ts');
      await drawDesign(design, options);
    });
  return addHelpSections(command, {
    examples: [
      ['npx precopy draw rmap-xchg --out rmap-xchg.svg'],
      ['npx precopy draw rmap-xchg --machine getDirtyLog --out get-dirty-log.svg'],
      ['npx precopy draw ./my-design.ts --out machine.svg'],
    ],
  });
}
