import { type ChildProcessByStdio, fork, spawn } from 'node:child_process';
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

/** Runs a command line in a process of its own: for what outlives a command, or could. */
export function precopyAlone(args: readonly string[], where: Where = {}): Promise<Finished> {
  return start(args, where).finished;
}

/** A process that runs one command line after the other. It ends with the thread that made it. */
export class CommandProcess {
  private readonly child = fork(fileURLToPath(new URL('./in-turn.js', import.meta.url)), {
    env: { PATH: process.env['PATH'] },
    execArgv: [],
  });
  private readonly waiting: { resolve(finished: Finished): void; reject(error: Error): void }[] = [];
  private exitCode: number | null | undefined;

  constructor() {
    this.child.on('message', (finished: Finished) => this.waiting.shift()?.resolve(finished));
    this.child.on('exit', (exitCode) => {
      this.exitCode = exitCode;
      for (const { reject } of this.waiting.splice(0)) reject(this.hasEnded());
    });
    this.child.unref();
    this.child.channel?.unref();
  }

  /** Runs a command line after those before it. Rejects if one of them ends the process. */
  run(args: readonly string[], cwd = emptyFolder()): Promise<Finished> {
    return new Promise((resolve, reject) => {
      if (this.exitCode !== undefined) return reject(this.hasEnded());
      this.waiting.push({ resolve, reject });
      this.child.send({ args, cwd });
    });
  }

  private hasEnded(): Error {
    return new Error(`a command line of this thread has ended its process with ${this.exitCode}: use precopyAlone`);
  }
}

let shared: CommandProcess | undefined;

/** Runs a command line in the process that runs all of this thread: for commands of which nothing remains. */
export function precopy(args: readonly string[], { cwd }: { readonly cwd?: string } = {}): Promise<Finished> {
  shared ??= new CommandProcess();
  return shared.run(args, cwd);
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
