import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Where and for how long external commands may run. */
export interface Workplace {
  /** a folder for whatever they write */
  readonly folder: string;
  /** ends the command that is running */
  readonly signal: AbortSignal;
}

/** What a command wrote to stdout, and how long it ran. */
export interface Ran {
  readonly stdout: string;
  readonly seconds: number;
}

/**
 * Runs a command to its end.
 * @throws Error when it fails, is not found, or is not done after `limitSeconds`
 */
export async function run(
  { folder, signal }: Workplace,
  limitSeconds: number,
  command: string,
  args: readonly string[],
): Promise<Ran> {
  const start = performance.now();
  const options = { cwd: folder, signal, timeout: limitSeconds * 1000, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout } = await execute(command, args, options);
    return { stdout, seconds: secondsSince(start) };
  } catch (error) {
    if (secondsSince(start) < limitSeconds) throw error;
    throw new Error(`${command} was not done after ${limitSeconds} s`, { cause: error });
  }
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** The first line that a program says about its version; undefined where the program is not installed. */
export async function versionOf(at: Workplace, command: string, flag: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(at, 20, command, [flag]);
    return stdout.split('\n')[0]?.trim() ?? '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
