import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { areExpected, executable, planned, resultsOf, resultsOfOneProcess, workerOf } from './campaign.ts';
import { folderWith, root, succeed } from './command.ts';
import { until } from './until.ts';

let parallel: ChildProcess | undefined;

afterEach(() => {
  if (parallel?.pid !== undefined && parallel.exitCode === null) process.kill(-parallel.pid, 'SIGKILL');
});

it.runIf(areExpected('parallel'))(
  'GNU parallel loses nothing when it is interrupted and a worker is killed, and does not retry a violation',
  { timeout: 80_000 },
  async () => {
    const plan = planned();
    const script = succeed(root, executable, 'campaign', 'export', 'parallel', plan, '--tasks', '4');
    const cwd = folderWith({ 'parallel.sh': script });
    const start = (): ChildProcess => {
      parallel = spawn('bash', ['parallel.sh', '--jobs', '4'], { cwd, stdio: 'ignore', detached: true });
      return parallel;
    };
    const interrupted = start();
    await until('a worker runs', () => workerOf(plan, '1/4') !== undefined);
    // The first signal lets running tasks end, the second one ends them.
    for (const _ of [1, 2]) interrupted.kill('SIGTERM');
    await once(interrupted, 'exit');
    expect([1, 2, 3, 4].map((task) => workerOf(plan, `${task}/4`))).toEqual([1, 2, 3, 4].map(() => undefined));

    const resumed = start();
    await until('a worker runs', () => workerOf(plan, '1/4') !== undefined);
    process.kill(workerOf(plan, '1/4') as number, 'SIGKILL');
    const [exitCode] = await once(resumed, 'exit');
    expect(exitCode, 'number of failed tasks').toBe(1);
    expect(resultsOf(plan)).toEqual(resultsOfOneProcess(plan));
  },
);
