import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areExpected, copyOf, executable, planned, resultsOf, resultsOfOneProcess, workerOf } from './campaign.ts';
import { root, succeed } from './command.ts';
import { SlurmCluster } from './slurm-cluster.ts';
import { until } from './until.ts';

const tasks = [1, 2, 3, 4];

describe.runIf(areExpected('sbatch', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged'))(
  'an array of Slurm',
  { timeout: 80_000 },
  () => {
    const cluster = new SlurmCluster();
    let plan: string;
    const submit = (folder: string): string => {
      const script = succeed(
        root,
        executable,
        'campaign',
        'export',
        'slurm',
        folder,
        '--tasks',
        '4',
        '--memory',
        '1GiB',
      );
      return cluster.submit(script, cluster.folder);
    };
    const worker = async (folder: string, task: number): Promise<number> => {
      await until(`task ${task} runs`, () => workerOf(folder, `${task}/4`) !== undefined);
      return workerOf(folder, `${task}/4`) as number;
    };
    const ended = (job: string) => () =>
      tasks.every((task) => !/PENDING|RUNNING|COMPLETING/.test(cluster.taskOf(job, task).state));

    beforeAll(async () => {
      plan = planned();
      await cluster.start();
    });

    afterAll(() => cluster.stop());

    it('loses nothing when tasks are killed and interrupted and a node is drained, and does not retry a violation', async () => {
      const job = submit(plan);
      process.kill(await worker(plan, 1), 'SIGKILL');
      await worker(plan, 2);
      // Slurm signals only the shell of a task whose time limit is near.
      cluster.control('scancel', '--batch', '--signal=TERM', `${job}_2`);
      const { node } = cluster.taskOf(job, 3);
      await worker(plan, 3);
      cluster.control('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test');
      cluster.control('scontrol', 'requeue', `${job}_3`);
      for (const task of [1, 2, 3]) await cluster.startAgain(job, task, 1);
      await until('the array is over', ended(job), 60_000);
      const [, , third] = tasks.map((task) => cluster.taskOf(job, task));
      expect(third?.node).not.toBe(node);
      cluster.control('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
      expect(tasks.map((task) => cluster.taskOf(job, task))).toMatchObject([
        { state: 'COMPLETED', restarts: 1 },
        { state: 'COMPLETED', restarts: 1 },
        { state: 'COMPLETED', restarts: 1 },
        { state: 'FAILED', restarts: 0, exitCode: '1:0' },
      ]);
      expect(resultsOf(plan)).toEqual(resultsOfOneProcess(plan));
    });

    it('does not run a task again that was cancelled', async () => {
      const copy = copyOf(plan);
      const job = submit(copy);
      await worker(copy, 1);
      cluster.control('scancel', job);
      await until('the array is over', ended(job));
      expect(tasks.map((task) => cluster.taskOf(job, task).state)).toEqual(tasks.map(() => 'CANCELLED'));
      expect(cluster.control('squeue', '-h')).toBe('');
    });
  },
);
