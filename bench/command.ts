import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** time between SIGINT and SIGKILL */
const graceMs = 2000;

/** Working directory and cancellation of external commands. */
export interface CommandContext {
  /** working directory */
  readonly folder: string;
  /** ends the running command when it is aborted */
  readonly signal: AbortSignal;
}

/** The output of a command, and its elapsed time. */
export interface CommandOutput {
  readonly stdout: string;
  readonly seconds: number;
  /** processor time of the command and of what it started and waited for; undefined without /proc */
  readonly cpuSeconds: number | undefined;
}

/**
 * Runs a command to its end. On abort or after `limitSeconds` its whole process group is ended, as pan starts processes
 * of its own.
 * @param exitCodes exit codes that are no failure
 * @throws Error if the command is not found, fails or takes too long; its property `stdout` is the output of a command
 *   that failed
 */
export async function runCommand(
  { folder, signal }: CommandContext,
  limitSeconds: number,
  command: string,
  args: readonly string[],
  exitCodes: readonly (number | null)[] = [0],
): Promise<CommandOutput> {
  signal.throwIfAborted();
  const start = performance.now();
  const cpuBefore = cpuSecondsOfChildren();
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    endGroup(child.pid, 'SIGINT');
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs).unref();
  };
  const late = setTimeout(stop, limitSeconds * 1000);
  signal.addEventListener('abort', stop);
  try {
    const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    signal.throwIfAborted();
    if (isStopped) throw new Error(`${command} was not done after ${limitSeconds} s`);
    if (exitCodes.includes(code))
      return { stdout, seconds: secondsSince(start), cpuSeconds: difference(cpuSecondsOfChildren(), cpuBefore) };
    const said = stderr.trim().split('\n')[0];
    throw Object.assign(new Error(`${command} failed: ${said || `it ended with ${code}`}`), { stdout });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    if (isStopped) endGroup(child.pid, 'SIGKILL');
  }
}

/** Sends a signal to a process group, which has the id of its first process. */
function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A tick of the clock that /proc counts in, on all Linux systems of today. */
const secondsPerTick = 0.01;
/** Places of `cutime` and `cstime` behind the name of the process (proc_pid_stat(5)). */
const childTimes = [13, 14] as const;

/** Returns the processor time of all commands that have ended; undefined without /proc. */
function cpuSecondsOfChildren(): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const text = readFileSync('/proc/self/stat', 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return childTimes.reduce((sum, place) => sum + Number(fields[place]), 0) * secondsPerTick;
}

const difference = (after: number | undefined, before: number | undefined): number | undefined =>
  after === undefined || before === undefined ? undefined : after - before;

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Returns the first line of a program's version text, or undefined if the program is not installed. */
export async function findVersion(at: CommandContext, command: string, flag: string): Promise<string | undefined> {
  try {
    const { stdout } = await runCommand(at, 20, command, [flag]);
    return stdout.split('\n')[0]?.trim() ?? '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
