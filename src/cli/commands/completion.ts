import { Command } from 'commander';
import { shells, wordsCommand } from '../completion/scripts.ts';
import { choiceArgument } from '../options/choice-option.ts';
import { addHelpSections } from '../report/help-text.ts';

export function completionCommand(): Command {
  const command = new Command('completion')
    .summary('print a script that completes command lines in a shell')
    .description(
      'Prints a script for a shell, which then completes commands, options, designs, strategies, params and properties.',
    )
    .addArgument(choiceArgument('<shell>', 'the shell', shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { scripts } = await import('../completion/scripts.ts');
      process.stdout.write(`${scripts[shell]}\n`);
    });
  return addHelpSections(command, {
    notes: ['`precopy` has to be on the PATH: npm install --global, or npm link in a clone.'],
    examples: [
      ['source <(precopy completion bash)', 'in ~/.bashrc'],
      ['source <(precopy completion zsh)', 'in ~/.zshrc, after compinit'],
      ['precopy completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  });
}

/** Creates the hidden command that the scripts call: it prints what the last of some words may be. */
export function completeWordsCommand(): Command {
  return new Command(wordsCommand).argument('[words...]').action(async (words: string[], _: unknown, self: Command) => {
    const [{ completeWords }, { knownNames }] = await Promise.all([
      import('../completion/complete-words.ts'),
      import('../completion/known-names.ts'),
    ]);
    const found = await completeWords(self.parent as Command, words, knownNames);
    process.stdout.write(found.map((word) => `${word}\n`).join(''));
  });
}
