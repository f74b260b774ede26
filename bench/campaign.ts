/**
 * Measures campaigns: a campaign of many small shards is run by one worker, by two that are pinned to a core each, and
 * by eight that are killed at random. The joined results have to be the same.
 *
 *     npm run bench:campaign -- [--shards 10000] [--kills 40]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { CampaignDocument } from '../src/app/campaign/merge-schema.ts';
import { runKilledWorkers } from '../test/support/killed-workers.ts';

const { values } = parseArgs({
  options: { shards: { type: 'string', default: '10000' }, kills: { type: 'string', default: '40' } },
});
const shards = Number(values.shards);
const executable = fileURLToPath(new URL('../bin/precopy.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'precopy-bench-'));

try {
  const campaign = join(folder, 'bench.yaml');
  const group = 'designs: rmap-xchg, params: { vcpus: 1, pages: 1, loggingOn: 1 }, strategy: pct, depth: 60, runs: 5';
  writeFileSync(campaign, `check: [{ ${group}, seeds: ${shards} }]\n`);

  const planned = timed(() => precopy(['plan', campaign, '--out', dir('one')]));
  for (const name of ['two', 'killed']) precopy(['plan', campaign, '--out', dir(name)]);
  console.log(`plan of ${shards} shards: ${planned.text}`);

  const one = timed(() => precopy(['run', dir('one'), '--next', '--quiet']));
  const searched = searchSeconds('one');
  console.log(`one worker: ${one.text}; its searches ${searched.toFixed(1)} s`);
  console.log(`CPU of a shard, its search and its share of the start included: ${ms(one.cpu)}`);
  console.log(`wall time of a shard beside its search: ${ms(one.wall - searched)}`);

  const merged = timed(() => merge('one'));
  console.log(`merge: ${merged.text}`);

  if (availableParallelism() > 1) {
    const both = timed(() => pinnedWorkers('two'));
    console.log(`two workers, pinned to a core each: ${both.text}; ${(one.wall / both.wall).toFixed(2)} times as fast`);
    assertSame(merged.result, merge('two'), 'two workers');
  }

  const start = performance.now();
  const ended = await runKilledWorkers(dir('killed'), {
    workers: 8,
    kills: Number(values.kills),
    everyMs: 1500,
    seed: 1,
  });
  const wall = (performance.now() - start) / 1000;
  console.log(`eight workers, ${ended.kills} of them killed: ${wall.toFixed(1)} s`);
  const last = merge('killed');
  assertSame(merged.result, last, 'eight workers');
  console.log(`the same results; ${last.duplicates} shards were run twice, and count once`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Formats the share of one shard in a time. */
function ms(seconds: number): string {
  return `${((1000 * seconds) / shards).toFixed(2)} ms`;
}

function dir(name: string): string {
  return join(folder, name);
}

/** Runs a command; what it prints is returned. Exit codes of verdicts are no failures. */
function precopy(args: readonly string[], prefix: readonly string[] = []): string {
  const [command = '', ...rest] = [...prefix, process.execPath, executable, 'campaign', ...args];
  const { status, stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0 && status !== 3) throw new Error(`precopy campaign ${args.join(' ')}: ${status} ${stderr}`);
  return stdout;
}

function merge(name: string): CampaignDocument {
  return JSON.parse(precopy(['merge', dir(name), '--json', '--quiet'])) as CampaignDocument;
}

/** Both workers start in one shell, which waits for them. */
function pinnedWorkers(name: string): void {
  const worker = (core: number): string =>
    `taskset -c ${core} '${process.execPath}' '${executable}' campaign run '${dir(name)}' --next --quiet & `;
  const { status, stderr } = spawnSync('sh', ['-c', `${worker(0)}${worker(1)}wait`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function timed<T>(work: () => T): { result: T; wall: number; cpu: number; text: string } {
  const before = childSeconds();
  const start = performance.now();
  const result = work();
  const wall = (performance.now() - start) / 1000;
  const cpu = childSeconds() - before;
  return { result, wall, cpu, text: `${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU` };
}

/** Returns the CPU time of the processes that this one has waited for, from /proc: user and system, in seconds. */
function childSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function searchSeconds(name: string): number {
  const results = join(dir(name), 'results');
  const lines = readdirSync(results).flatMap((file) => readFileSync(join(results, file), 'utf8').trim().split('\n'));
  return lines.reduce((sum, line) => sum + (JSON.parse(line) as { record: { seconds: number } }).record.seconds, 0);
}

/** @throws Error if results differ in more than the time that they took */
function assertSame(expected: CampaignDocument, found: CampaignDocument, who: string): void {
  if (isDeepStrictEqual(timeless(expected), timeless(found))) return;
  throw new Error(`${who} have other results than one`);
}

function timeless(document: CampaignDocument) {
  const { seconds: _, duplicates: __, leftAlone: ___, check, ...rest } = document;
  return { ...rest, check: check.map(({ seconds: _, ...entry }) => entry) };
}
