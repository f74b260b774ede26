import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandContext, runCommand } from '../command.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A commit, checked out and built. */
export interface Checkout {
  /** the name that the user gave, such as `HEAD~1` */
  readonly revision: string;
  /** abbreviated hash and subject */
  readonly commit: string;
  readonly folder: string;
}

/** Time limits in seconds. */
const limits = { git: 120, install: 600, build: 120 };

/**
 * Checks a commit out into a folder of its own and builds it. The clone borrows the objects of the repository, so
 * nothing is left in the repository when the folder is removed. Borrows `node_modules` as well if the lock files are
 * equal, else installs.
 * @throws Error when there is no such commit, or it cannot be installed or built
 */
export async function checkOut(at: CommandContext, revision: string, name: string): Promise<Checkout> {
  const git = async (folder: string, ...args: readonly string[]): Promise<string> =>
    (await runCommand({ ...at, folder }, limits.git, 'git', args)).stdout.trim();
  const hash = await git(repository, 'rev-parse', '--verify', `${revision}^{commit}`);
  const folder = join(at.folder, name);
  await mkdir(folder);
  await git(folder, 'clone', '--quiet', '--shared', '--no-checkout', repository, '.');
  await git(folder, 'checkout', '--quiet', '--detach', hash);
  const there = { ...at, folder };
  if (await haveEqualLockFiles(folder)) {
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
    await runCommand(there, limits.build, 'npm', ['run', '--silent', 'prepare']);
  } else {
    await runCommand(there, limits.install, 'npm', ['ci', '--no-audit', '--no-fund']);
  }
  return { revision, commit: await git(folder, 'log', '-1', '--format=%h %s'), folder };
}

async function haveEqualLockFiles(folder: string): Promise<boolean> {
  const read = (root: string): Promise<string> => readFile(join(root, 'package-lock.json'), 'utf8');
  return (await read(folder)) === (await read(repository));
}
