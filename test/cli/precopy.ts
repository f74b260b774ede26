import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const executable = fileURLToPath(new URL('../../bin/precopy.js', import.meta.url));

/** The words that start this precopy from a folder outside of it, as it prints them. */
export const invoked = `node ${executable}`;

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Where {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly executable?: string;
}

/** Runs a command line in a process of its own. */
export function precopy(args: readonly string[], where: Where = {}): Promise<Finished> {
  return start(args, where).finished;
}

const inTurn = fileURLToPath(new URL('./in-turn.js', import.meta.url));

/** Runs several command lines in one process: for commands that fail before they start. */
export async function precopyInTurn(all: readonly (readonly string[])[], where: Where): Promise<Finished[]> {
  const { stdout, stderr } = await precopy([JSON.stringify(all)], { ...where, executable: inTurn });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Finished[];
}

/** Starts a command line, for tests that interact with the running process. */
export function start(args: readonly string[], { cwd, env, executable: path = executable }: Where = {}): Running {
  return new Running(
    spawn(process.execPath, [path, ...args], {
      cwd: cwd ?? emptyFolder(),
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

export class Running {
  readonly finished: Promise<Finished>;
  private stdout = '';
  private stderr = '';

  constructor(readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.finished = new Promise((resolve) => {
      child.on('close', (exitCode) => resolve({ exitCode, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits for a text on stdout or stderr. */
  async prints(text: string): Promise<void> {
    const has = (): boolean => this.stdout.includes(text) || this.stderr.includes(text);
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (has()) resolve();
      };
      this.child.stdout.on('data', look);
      this.child.stderr.on('data', look);
      this.child.on('close', () => reject(new Error(`it ended without '${text}': ${this.stdout}${this.stderr}`)));
      look();
    });
  }
}

/** Creates a directory, which test/support/scratch-setup.ts removes. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'precopy-'));
}

/** Creates a directory outside of the package, with some files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Params at which the built-in designs are checked quickly. */
export const small = ['--vcpus', '1', '--pages', '1', '--param', 'loggingOn=1'];
