import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planOf } from '../app/campaign/plan-of.ts';
import { emptyFolder, precopy } from './precopy.ts';

/** A folder with the plan of a campaign of 3,000 shards. */
const cwd = emptyFolder();
mkdirSync(join(cwd, 'nightly.campaign'));
writeFileSync(join(cwd, 'nightly.campaign/plan.json'), JSON.stringify(planOf(3000)));

const exported = (scheduler: string, ...args: readonly string[]) =>
  precopy(['campaign', 'export', scheduler, 'nightly.campaign', ...args], { cwd });

it('a script alone is on stdout, so that it can be piped, and what it runs is on stderr', async () => {
  const { exitCode, stdout, stderr } = await exported('slurm', '--tasks', '30', '--time', '90min');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'nightly: 3,000 shards in 30 tasks of up to 100 shards, 4.0 GiB each\n',
  });
  expect(stdout).toMatch(/^#!\/bin\/bash\n#SBATCH /);
  expect(stdout).toContain('#SBATCH --time=90\n#SBATCH --signal=B:TERM@60\n');
  expect(stdout).toContain(`campaign=${join(cwd, 'nightly.campaign')}\n`);
});

it('a workflow names the campaign as it lies in the repository, in at most 256 jobs', async () => {
  const { stdout, stderr } = await exported('github');
  expect(stdout).toContain('npx precopy campaign run nightly.campaign --shard ${'.concat('{ matrix.shard }}/256'));
  expect(stderr).toContain('256 tasks of up to 12 shards');
});

it.each([
  [['slurm', '--tasks', '1001'], '--tasks is 1001. give at most 1000'],
  [['github', '--tasks', '257'], '--tasks is 257. give at most 256'],
  [['kubernetes', '--image', 'precopy'], "required option '--claim <name>' not specified"],
  [['parallel', '--time', '1h'], "unknown option '--time'"],
  [['slurm', '--retries', '-1'], "--retries is '-1'"],
])('wrong usage is reported: %s', async ([scheduler = '', ...args], message) => {
  const { exitCode, stdout, stderr } = await exported(scheduler, ...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});

it('a campaign outside of the repository has no workflow', async () => {
  const outside = await precopy(['campaign', 'export', 'github', join(cwd, 'nightly.campaign')], {
    cwd: emptyFolder(),
  });
  expect(outside.exitCode).toBe(2);
  expect(outside.stderr).toContain('start the command at the root of the repository');
});

it('a folder without a plan is refused', async () => {
  const { exitCode, stderr } = await precopy(['campaign', 'export', 'slurm', '.'], { cwd: emptyFolder() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is not the folder of a campaign: it has no plan.json');
});
