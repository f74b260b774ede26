import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quote } from '../../app/shell-quote.ts';

interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** path of the executable of precopy */
  readonly executable: string;
}

/**
 * Returns the words that start this precopy in a shell: `npx precopy` where npx finds it from the working directory,
 * `precopy` where the PATH has it, else `node` with the path of the executable.
 */
export function findInvocation({ cwd, env, executable }: Shell): string {
  const isOwn = (path: string): boolean => existsSync(path) && realpathSync(path) === realpathSync(executable);
  const folders = ancestorsOf(cwd);
  const project = folders.find((folder) => isIn(folder, 'package.json') || isIn(folder, 'node_modules'));
  const isOwnProject = project !== undefined && isOwn(join(project, 'bin/precopy.js'));
  const isInstalled = folders.some((folder) => isOwn(join(folder, 'node_modules/.bin/precopy')));
  // npx has it from its cache
  const isFromNpx = env['npm_lifecycle_event'] === 'npx' && /^'?precopy\b/.test(env['npm_lifecycle_script'] ?? '');
  if (isOwnProject || isInstalled || isFromNpx) return 'npx precopy';
  const onPath = (env['PATH'] ?? '').split(delimiter).find((folder) => isIn(folder, 'precopy'));
  if (onPath !== undefined && isOwn(join(onPath, 'precopy'))) return 'precopy';
  const fromHere = relative(cwd, executable);
  return `node ${quote(fromHere.length < executable.length ? fromHere : executable)}`;
}

const ownExecutable = fileURLToPath(new URL('bin/precopy.js', import.meta.resolve('#package/package.json')));
let found: string | undefined;

/** Returns the words that start this precopy in the shell of the process, as `findInvocation`. */
export function invocation(): string {
  found ??= findInvocation({ cwd: process.cwd(), env: process.env, executable: ownExecutable });
  return found;
}

/** Returns a command line that starts this precopy with some arguments. */
export const commandLineOf = (args: readonly string[]): string => [invocation(), ...args.map(quote)].join(' ');

/** Returns the command line of this process, as a person types it. */
export const commandLine = (): string => commandLineOf(process.argv.slice(2));

/**
 * Returns the command line that replays a schedule.
 * @param properties ids of the only properties to check; all by default
 */
export function replayCommandLine(
  schedule: string,
  file: string | undefined,
  properties: readonly string[] = [],
): string {
  const fromFile = file === undefined ? [] : ['--file', file];
  const only = properties.flatMap((id) => ['--property', id]);
  return commandLineOf(['replay', ...fromFile, ...only, ...(schedule.startsWith('-') ? ['--'] : []), schedule]);
}

function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

const isIn = (folder: string, name: string): boolean => existsSync(join(folder, name));
