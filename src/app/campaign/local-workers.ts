import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { memoryBudget } from '../check/machine-resources.ts';

const executable = fileURLToPath(new URL('bin/precopy.js', import.meta.resolve('#package/package.json')));
/** exit code of a process that V8 ends when its heap is full */
const outOfMemory = 134;
/** A machine on which workers die this often is not fit for the campaign. */
const maxDeaths = 100;

/** Returns how many workers this machine has cores and memory for, when none takes more than this, in bytes. */
export function workersFor(memoryBytes: number, shards: number): number {
  const byMemory =
    memoryBytes > 0 ? Math.floor((2 * memoryBudget() * memoryShare) / memoryBytes) : Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(availableParallelism(), byMemory, shards));
}

/** Share of the memory of the machine that workers may take together. */
const memoryShare = 0.8;

/** Memory that searches of each of so many workers may take, in bytes, where the plan does not limit them. */
export const memoryForEach = (workers: number): number => Math.floor((2 * memoryBudget() * memoryShare) / workers);

interface LocalOptions {
  readonly workers: number;
  /** further arguments of the workers that no other one is replaced by */
  readonly firstArgs: readonly string[];
  /** ends the workers: each saves its search, and gives its shard back */
  readonly signal: AbortSignal;
}

/**
 * Runs worker processes on this machine until all have ended. One that is killed, or runs out of memory, is replaced.
 * @param args of each worker: a command line of precopy
 * @returns how often a worker died
 */
export async function runLocalWorkers(
  args: readonly string[],
  { workers, firstArgs, signal }: LocalOptions,
): Promise<number> {
  let deaths = 0;
  const runOne = async (): Promise<void> => {
    for (let more = firstArgs; deaths < maxDeaths && !signal.aborted; more = []) {
      const hasDied = await diesOf([...args, ...more], signal);
      if (!hasDied) return;
      deaths++;
    }
  };
  await Promise.all(Array.from({ length: workers }, runOne));
  return deaths;
}

/** Runs a worker. Returns true if it was killed, or ran out of memory. */
function diesOf(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [...process.execArgv, executable, ...args], {
      // The channel tells a worker when this process has ended, even by SIGKILL.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Ctrl-C is for this process, which ends its workers: a second signal would kill them.
      detached: true,
    });
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', stop);
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code === null || code === outOfMemory);
    });
  });
}
