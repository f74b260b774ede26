import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { designsCommand } from './commands/designs.ts';
import { hostCommand } from './commands/host.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { ExitCode } from './exit-codes.ts';
import { oneLine, reportFailure } from './report/error-report.ts';

/** Runs one command line. The exit code is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWhenNobodyReads();
  // Node would end with 1, which says that a property is violated.
  process.on('uncaughtException', (error) => process.exit(reportFailure(error).exitCode));
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? exitCodeOf(error) : reportFailure(error).exitCode;
  }
}

function program(): Command {
  const top = new Command('precopy')
    .description('Model-checks KVM dirty logging and QEMU precopy live migration: what can any interleaving lose?')
    .version(version(), '--version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  npx precopy check                        prove the shipped designs, catch the bugs that they replaced
  npx precopy check rmap-xchg/no-flush     see a known bug lose a write
  npx precopy check ./my-design.ts         check a design of your own
  npx precopy simulate --memory 10GiB      how long a vCPU waits, design by design
  npx precopy designs                      what there is`,
    );
  const commands = [
    designsCommand(),
    checkCommand(),
    simulateCommand(),
    compareCommand(),
    replayCommand(),
    hostCommand(),
  ];
  for (const command of commands) top.addCommand(command);
  for (const command of withSubcommands(top)) {
    command.exitOverride().configureOutput({
      outputError: (text) => {
        process.stderr.write(`${usageLine(text, command)}\n`);
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
  return `precopy: ${cause}. \`npx ${pathOf(command)} --help\` shows what there is`;
}

/** `precopy host probe` */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** Help and version are what was asked for; everything else that commander throws is wrong usage. */
function exitCodeOf({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? ExitCode.holds : ExitCode.usage;
}

function version(): string {
  const path = new URL(import.meta.resolve('#package/package.json'));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** `precopy check | head -1`: when the pipe breaks, nothing that is still to be found has a reader. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}
