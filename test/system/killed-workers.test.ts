import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runKilledWorkers } from '../support/killed-workers.ts';
import { executable, resultsOf } from './campaign.ts';
import { folderWith, root, succeed } from './command.ts';
import { until } from './until.ts';

const sampled = `check:
  - { designs: rmap-xchg, params: { vcpus: 1, pages: 1, loggingOn: 1 }, strategy: pct, depth: 60, runs: 20, seeds: 800 }
`;
const long = `check:
  - { designs: rmap-xchg, checks: safety, params: { vcpus: 2, pages: 3 }, maxStates: 3M }
`;

/** Plans a campaign in a new folder, and returns the path of its plan's folder. */
function plan(campaign: string): string {
  const folder = folderWith({ 'test.yaml': campaign });
  succeed(folder, executable, 'campaign', 'plan', 'test.yaml');
  return join(folder, 'test.campaign');
}

it('eight workers that are killed at random find what one finds, and lose no shard and count none twice', async () => {
  const [killed, calm] = [plan(sampled), plan(sampled)];
  const { kills, exitCodes } = await runKilledWorkers(killed, { workers: 8, kills: 12, everyMs: 900, seed: 1 });
  expect(kills).toBeGreaterThan(3);
  expect(new Set(exitCodes)).toEqual(new Set([0]));
  succeed(root, executable, 'campaign', 'run', calm, '--next', '--quiet');
  const ofKilled = resultsOf(killed) as { document: { leftAlone: unknown[]; shards: object } };
  expect({ ...ofKilled, document: { ...ofKilled.document, leftAlone: [] } }).toEqual(resultsOf(calm));
  expect(ofKilled.document.shards).toEqual({ planned: 800, done: 800, failed: 0, missing: 0 });
  expect(readdirSync(join(killed, 'leases'))).toEqual([]);
});

it('a search goes on from the checkpoint of a worker on another machine that has died', async () => {
  const [folder, calm] = [plan(long), plan(long)];
  const checkpoints = join(folder, 'checkpoints');
  const files = (): string[] => readdirSync(checkpoints, { recursive: true }) as string[];
  const found = (): string[] => files().filter((path) => path.endsWith('.checkpoint'));
  // SIGTERM leaves a checkpoint, as the minute does. The lease of a worker of another machine says that it has it.
  const first = spawn(process.execPath, [executable, 'campaign', 'run', folder, '--next'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => first.on('close', resolve));
  await until('the search begins', () => files().some((path) => path.endsWith('.lock')));
  await setTimeout(1000);
  first.kill('SIGTERM');
  expect(await ended).toBe(75);
  expect(found()).toHaveLength(1);
  const [before = ''] = found();
  const [shard = ''] = before.split('/');
  const lease = { worker: 'x', owner: '1 2 other-machine', renewedEverySeconds: 0.5, beat: 3, attempt: 1 };
  writeFileSync(join(folder, 'leases', shard), JSON.stringify(lease));
  const second = runKilledWorkers(folder, { workers: 1, kills: 0, everyMs: 1000, seed: 1 });
  await until('the checkpoint is taken over', () => found().length === 1 && found()[0] !== before);
  expect((await second).exitCodes).toEqual([0]);
  succeed(root, executable, 'campaign', 'run', calm, '--next', '--quiet');
  expect(resultsOf(folder)).toEqual(resultsOf(calm));
  const [file = ''] = readdirSync(join(folder, 'results'));
  expect(
    readFileSync(join(folder, 'results', file), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(1);
});

it('workers end, and leave their shards to others, when the process that started them is killed', async () => {
  const folder = plan(long);
  const leases = (): string[] => readdirSync(join(folder, 'leases'));
  const all = spawn(process.execPath, [executable, 'campaign', 'run', folder, '--workers', '1'], { stdio: 'ignore' });
  await until('a worker has a shard', () => leases().length > 0);
  all.kill('SIGKILL');
  await until('the worker has given it back', () => leases().length === 0);
  expect(
    readdirSync(join(folder, 'results')).flatMap((file) => readFileSync(join(folder, 'results', file), 'utf8')),
  ).toEqual(expect.not.arrayContaining([expect.stringContaining('precopy-shard')]));
});
