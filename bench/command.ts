import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A command that is asked to end gets so long before it is made to. */
const graceMs = 2000;

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
 * Runs a command to its end. When that is asked for or takes too long, it ends with all processes that it has started: pan starts some.
 * @throws Error when it fails, which has what it wrote to `stdout`, is not found, or is not done after `limitSeconds`
 */
export async function run(
  { folder, signal }: Workplace,
  limitSeconds: number,
  command: string,
  args: readonly string[],
  exitCodes: readonly (number | null)[] = [0],
): Promise<Ran> {
  signal.throwIfAborted();
  const start = performance.now();
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
    if (exitCodes.includes(code)) return { stdout, seconds: secondsSince(start) };
    const said = stderr.trim().split('\n')[0];
    throw Object.assign(new Error(`${command} failed: ${said || `it ended with ${code}`}`), { stdout });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    if (isStopped) endGroup(child.pid, 'SIGKILL');
  }
}

/** A process and those that it has started are a group, which has its number. */
function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
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
