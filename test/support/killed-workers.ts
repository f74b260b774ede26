import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '../../src/search/random/random.ts';

const executable = fileURLToPath(new URL('../../bin/precopy.js', import.meta.url));

/** How workers ended. */
export interface Ended {
  readonly kills: number;
  /** exit codes of the workers that nobody killed */
  readonly exitCodes: readonly (number | null)[];
}

/**
 * Runs workers of a campaign until each ends by itself. A random one is killed with SIGKILL, and replaced, again and
 * again, until this number have been.
 */
export async function runKilledWorkers(
  folder: string,
  { workers, kills: mostKills, everyMs, seed }: { workers: number; kills: number; everyMs: number; seed: number },
): Promise<Ended> {
  const random = new Random(seed);
  const alive: ChildProcess[] = [];
  const exitCodes: (number | null)[] = [];
  let kills = 0;
  await new Promise<void>((resolve) => {
    const start = (): void => {
      const child = spawn(process.execPath, [executable, 'campaign', 'run', folder, '--next', '--quiet'], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      alive.push(child);
      child.on('close', (code, signal) => {
        alive.splice(alive.indexOf(child), 1);
        if (signal === 'SIGKILL') start();
        else exitCodes.push(code);
        if (alive.length === 0) resolve();
      });
    };
    const timer = setInterval(() => {
      const victim = alive[random.below(Math.max(1, alive.length))];
      if (kills >= mostKills || !victim) return;
      kills++;
      victim.kill('SIGKILL');
    }, everyMs);
    timer.unref();
    for (let n = 0; n < workers; n++) start();
  });
  return { kills, exitCodes };
}
