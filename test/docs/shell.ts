import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { root } from './pages.ts';

const ids: readonly string[] = [...designs, ...mutants].map(({ id }) => id);

/** Returns the commands of a block that npm or npx runs, without comments. */
export const commandsIn = (text: string): string[] =>
  [...text.matchAll(/\b(npx precopy|npm)\b[^#;&|\n]*/g)].map(([command]) => command.trim());

/**
 * Checks that a command could run: its subcommand, options and their values, designs, files and scripts exist. The
 * names of a reader's own designs begin with `my-`.
 * @param page the page that has the command: its project is that of the nearest package.json
 * @throws Error of commander, PrecopyError of an option, or Error
 */
export async function assertRunnable(command: string, page: string): Promise<void> {
  const [program, ...args] = wordsOf(command.replace(/ > \S+$/, ''));
  if (program === 'npm') return assertScript(args, page);
  const [, name = 'check', ...rest] = args;
  const parsed = (await commandNamed(name)).parse(rest, { from: 'user' });
  if (!['check', 'simulate', 'compare'].includes(name)) return;
  for (const design of parsed.args) {
    const [file = ''] = design.split(':');
    if (!ids.includes(design) && !existsSync(join(projectOf(page), file)) && !/^(\.\/)?my-/.test(design)) {
      throw new Error(`${command}: there is no design and no file '${design}'`);
    }
  }
}

export const wordsOf = (command: string): string[] =>
  (command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^['"]|['"]$/g, '').replace(/^\$\w+$/, '1'));

function assertScript([verb, name = '']: readonly string[], page: string): void {
  const script = verb === 'run' ? name : verb === 'test' ? 'test' : undefined;
  const { scripts } = JSON.parse(readFileSync(join(projectOf(page), 'package.json'), 'utf8')) as { scripts: object };
  if (script !== undefined && !(script in scripts)) throw new Error(`the package.json of ${page} has no '${script}'`);
}

/** Returns the nearest folder around a page that has a package.json. */
export function projectOf(page: string): string {
  const folder = dirname(page);
  return existsSync(join(root, folder, 'package.json')) ? join(root, folder) : projectOf(folder);
}

/** Returns a command of precopy that does nothing, and does not end the process. */
async function commandNamed(name: string): Promise<Command> {
  const path = `../../src/cli/commands/${name}.ts`;
  const { [`${name}Command`]: make } = (await import(path)) as Record<string, () => Command>;
  if (make === undefined) throw new Error(`there is no command '${name}'`);
  const command = make();
  for (const one of withSubcommands(command)) {
    one
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .action(() => {});
  }
  return command;
}

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];
