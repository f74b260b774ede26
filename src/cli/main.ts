import { Command, CommanderError, Option } from 'commander';
import { version } from '../app/files/own-version.ts';
import { parseWhole } from '../app/parse-units.ts';
import { oneLine } from '../app/wording.ts';
import { PrecopyError } from '../model/errors.ts';
import { campaignCommand } from './commands/campaign.ts';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { completeWordsCommand, completionCommand } from './commands/completion.ts';
import { designsCommand } from './commands/designs.ts';
import { drawCommand } from './commands/draw.ts';
import { exploreCommand } from './commands/explore.ts';
import { hostCommand } from './commands/host.ts';
import { newCommand } from './commands/new.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { ExitCode } from './exit-codes.ts';
import { runGuarded } from './process-end.ts';
import { leastWidth, pipeWidth, setOutputWidth } from './report/console-output.ts';
import { reportFailure } from './report/error-report.ts';
import { addHelpSections, wrapHelp } from './report/help-text.ts';
import { printable } from './report/printable.ts';
import { commandLineOf } from './report/shell-command.ts';

export { endProcess } from './process-end.ts';

/** Runs a command line. Sets `process.exitCode`. */
export function main(argv: readonly string[]): Promise<void> {
  return runGuarded(async () => {
    try {
      await program().parseAsync(argv);
      return Number(process.exitCode ?? ExitCode.holds);
    } catch (error) {
      return error instanceof CommanderError ? exitCodeOf(error) : reportFailure(error).exitCode;
    }
  });
}

/** Creates the commands and their options. */
export function program(): Command {
  const top = new Command('precopy')
    .description('Model-checks KVM dirty logging and QEMU precopy live migration: what can any interleaving lose?')
    .version(version(), '--version', 'print the version')
    .helpCommand(false)
    .addOption(
      new Option(
        '--width <columns>',
        `wrap text at this width (default: that of the terminal, ${pipeWidth} in a pipe)`,
      ).argParser(parseWidth),
    )
    .on('option:width', (text: string) => setOutputWidth(parseWidth(text)));
  addHelpSections(top, {
    examples: [
      ['npx precopy check', 'prove the built-in designs, kill all mutants'],
      ['npx precopy check rmap-xchg/no-flush', 'see a known bug lose a write'],
      ['npx precopy check ./my-design.ts', 'check a design of your own'],
      ['npx precopy explore rmap-xchg', 'step through its interleavings in a browser'],
      ['npx precopy simulate --memory 10GiB', 'how long a vCPU waits, design by design'],
      ['npx precopy designs', 'list designs and mutants'],
    ],
  });
  const commands = [
    designsCommand(),
    checkCommand(),
    simulateCommand(),
    compareCommand(),
    replayCommand(),
    exploreCommand(),
    drawCommand(),
    campaignCommand(),
    hostCommand(),
    completionCommand(),
    newCommand(),
  ];
  for (const command of commands) top.addCommand(command);
  top.addCommand(completeWordsCommand(), { hidden: true });
  for (const command of withSubcommands(top)) {
    wrapHelp(command.exitOverride()).configureOutput({
      outputError: (text) => {
        process.stderr.write(`${printable(usageLine(text, command))}\n`);
      },
    });
  }
  return top;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function usageLine(text: string, command: Command): string {
  const cause = oneLine(text)
    .replace(/^error: /, '')
    .replace(/\.$/, '');
  return `precopy: ${cause}. \`${commandLineOf([...namesOf(command), '--help'])}\` shows what there is`;
}

function parseWidth(text: string): number {
  const width = parseWhole('--width')(text);
  if (width >= leastWidth) return width;
  throw new PrecopyError('BAD_PARAMETER', `--width is ${width}`, `give at least ${leastWidth} columns`);
}

/** Returns the names of a command and those that it is part of, without that of the executable: `host`, `probe`. */
function namesOf(command: Command): string[] {
  return command.parent ? [...namesOf(command.parent), command.name()] : [];
}

/** Returns the exit code of an error of commander: 0 for help and version, otherwise wrong usage. */
function exitCodeOf({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? ExitCode.holds : ExitCode.usage;
}
