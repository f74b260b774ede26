import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The environment of a shell: without what `npm run` and vitest add to it, and without colours. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_|INIT_CWD|FORCE_COLOR)/i.test(name)),
  ),
  NO_COLOR: '1',
};

/** Runs a command in a folder, and returns what it printed. */
export function run(cwd: string, command: string, ...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (error) throw error;
  return { exitCode: status, stdout, stderr };
}

/**
 * Runs a command that has to succeed, and returns its stdout.
 * @throws Error with what it printed
 */
export function succeed(cwd: string, command: string, ...args: readonly string[]): string {
  const { exitCode, stdout, stderr } = run(cwd, command, ...args);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`);
  return stdout;
}

/** Installs packages from the cache of npm where it has them. */
export const npmInstall = (cwd: string, ...packages: readonly string[]): string =>
  succeed(cwd, 'npm', 'install', '--save-dev', '--prefer-offline', '--no-audit', '--no-fund', ...packages);

/** Writes files into a new folder outside of the repository, which is removed at the end. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'system-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
