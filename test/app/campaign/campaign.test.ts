import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { mergeResults } from '../../../src/app/campaign/merge.ts';
import type { CampaignDocument } from '../../../src/app/campaign/merge-schema.ts';
import { planCampaign } from '../../../src/app/campaign/plan-campaign.ts';
import { assertOwnVersion, readPlan } from '../../../src/app/campaign/plan-file.ts';
import type { Plan } from '../../../src/app/campaign/plan-schema.ts';
import type { ShardRecord } from '../../../src/app/campaign/record-schema.ts';
import { runWorker, type WorkerOptions } from '../../../src/app/campaign/worker.ts';
import { ownName } from '../../../src/app/files/process-name.ts';
import { simulate } from '../../../src/app/simulate/simulate.ts';
import { emptyFolder, folderWith } from '../../cli/precopy.ts';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const text = `
check:
  - { designs: ${examples}/peterson.ts, mutants: also }
  - { designs: ${examples}/peterson.ts:peterson, memoryModel: tso, strategy: pct, seeds: 3, depth: 60, runs: 200 }
  - { designs: ${examples}/peterson.ts:peterson, strategy: bitstate, seeds: 2, maxMemory: 1MiB }
simulate:
  - { designs: rmap-xchg, memory: 1MiB, rate: 1k, collectEvery: 10ms, duration: 50ms, runs: 3 }
`;

let planned = '';
let done = '';

async function work(folder: string, options: Partial<WorkerOptions> = {}) {
  const plan = readPlan(folder);
  return runWorker(folder, plan, {
    shards: plan.shards,
    signal: new AbortController().signal,
    stopsOnViolation: false,
    retriesFailures: false,
    lapseSeconds: 60,
    warn: () => {},
    ...options,
  });
}

/** Returns the name of a process of this machine that is not alive: its id is above all others. */
const deadProcess = (): string => ownName().replace(/^\d+/, String(2 ** 22 + 1));

const copyOf = (folder: string): string => {
  const copy = join(emptyFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const merge = (...folders: string[]): CampaignDocument => mergeResults(folders, (_, { id }) => `run ${id}`);

/** Returns a document without what differs from run to run. */
const timeless = (document: CampaignDocument): unknown =>
  JSON.parse(JSON.stringify(document, (key, value) => (/^(w?all)?seconds$/i.test(key) ? undefined : value)));

/** Returns the path of the one result file of a folder. */
const resultFile = (folder: string): string =>
  join(folder, 'results', readdirSync(join(folder, 'results'))[0] as string);
const linesOf = (folder: string): string[] => readFileSync(resultFile(folder), 'utf8').trim().split('\n');

function lineOf(record: unknown): string {
  const json = JSON.stringify(record);
  return `{"checksum":"${createHash('sha256').update(json).digest('hex')}","record":${json}}`;
}

function changed(folder: string, nth: number, change: (record: ShardRecord) => unknown): string {
  const { record } = JSON.parse(linesOf(folder)[nth] as string) as { record: ShardRecord };
  return lineOf(change(record));
}

beforeAll(async () => {
  const folder = folderWith({ 'a.yaml': text });
  planned = join(folder, 'out');
  await planCampaign(join(folder, 'a.yaml'), { out: planned, isLarge: false });
  done = copyOf(planned);
  expect(await work(done)).toMatchObject({ failures: [], left: 0, hasViolation: true });
});

describe('a worker', () => {
  it('gives every shard a result, and leaves no lease and no checkpoint', () => {
    const { shards } = readPlan(done);
    expect(merge(done).shards).toEqual({ planned: shards.length, done: shards.length, failed: 0, missing: 0 });
    for (const part of ['leases', 'checkpoints']) expect(readdirSync(join(done, part))).toEqual([]);
  });

  it('finds what any number of workers find, in any order', async () => {
    const folder = copyOf(planned);
    const { shards } = readPlan(folder);
    await Promise.all([work(folder, { shards: [...shards].reverse() }), work(folder)]);
    expect(timeless(merge(folder))).toEqual(timeless(merge(done)));
  });

  it('runs nothing twice', async () => {
    const before = linesOf(done).length;
    await work(done);
    expect(linesOf(done)).toHaveLength(before);
  });

  it('leaves its shards to others when it is interrupted', async () => {
    const folder = copyOf(planned);
    const controller = new AbortController();
    const { left } = await work(folder, { signal: controller.signal, onEnd: () => controller.abort() });
    expect(left).toBe(readPlan(folder).shards.length - 1);
    expect(readdirSync(join(folder, 'leases'))).toEqual([]);
    await work(folder);
    expect(timeless(merge(folder))).toEqual(timeless(merge(done)));
  });

  it('runs no shard after the first violation, if asked to', async () => {
    const folder = copyOf(planned);
    const { shards } = readPlan(folder);
    // A worker that ends a later shard first does not change the answer.
    await work(folder, { shards: shards.slice(-6), stopsOnViolation: true });
    await work(folder, { stopsOnViolation: true });
    const document = merge(folder);
    expect(document.missing.length).toBeGreaterThan(0);
    const violations = ({ check }: CampaignDocument) => check.flatMap(({ violation }) => violation?.shard ?? []);
    expect(violations(document)[0]).toBe(violations(merge(done))[0]);
  });

  it('does not run a shard that five workers died of, unless it is asked to try again', async () => {
    const folder = copyOf(planned);
    const [shard] = readPlan(folder).shards;
    const lease = { worker: 'x', owner: deadProcess(), renewedEverySeconds: 15, beat: 1, attempt: 5 };
    writeFileSync(join(folder, 'leases', shard?.id as string), JSON.stringify(lease));
    expect((await work(folder)).failures).toEqual([expect.objectContaining({ reason: 'killed' })]);
    expect((await work(folder)).failures).toHaveLength(1);
    expect(await work(folder, { retriesFailures: true })).toMatchObject({ failures: [], left: 0 });
    expect(timeless(merge(folder))).toEqual(timeless(merge(done)));
  });

  it('refuses a design that is not the planned one, shard by shard, and goes on', async () => {
    const folder = copyOf(planned);
    const path = join(folder, 'plan.json');
    const plan = JSON.parse(readFileSync(path, 'utf8')) as { tasks: { hash: string }[] };
    (plan.tasks[0] as { hash: string }).hash = '0'.repeat(64);
    writeFileSync(path, JSON.stringify(plan));
    const { failures, left } = await work(folder);
    expect(failures).toEqual([expect.objectContaining({ reason: 'error', isInternal: false })]);
    expect(failures[0]?.cause).toContain('peterson.ts here is not the peterson that was planned');
    expect(left).toBe(0);
  });
});

describe('merging', () => {
  it('takes the plan of a folder that has no results, and the results of others', () => {
    const folder = folderWith({ 'plan.json': readFileSync(join(done, 'plan.json'), 'utf8') });
    const document = merge(folder, done);
    expect(document.leftAlone).toEqual([]);
    expect(timeless(document)).toEqual(timeless(merge(done)));
  });

  it('joins a violation of one seed to a violation, of the least shard', () => {
    const { check } = merge(done);
    const [pct] = check.filter(({ strategy }) => strategy === 'pct');
    expect(pct).toMatchObject({ verdict: 'violated', violation: { property: 'mutual-exclusion', shards: 3, seed: 1 } });
  });

  it('joins the coverage of all seeds by their sketches', () => {
    const { check } = merge(done);
    const [pct] = check.filter(({ strategy }) => strategy === 'pct');
    const states = linesOf(done)
      .map((line) => (JSON.parse(line) as { record: ShardRecord }).record.outcome)
      .flatMap((outcome) => (outcome.kind === 'check' && outcome.entry.sampled ? [outcome.entry.states] : []));
    expect(pct?.states).toBeGreaterThanOrEqual(Math.max(...states));
    expect(pct?.states).toBeLessThanOrEqual(states.reduce((sum, one) => sum + one));
  });

  it('joins runs to the figures of one simulation with as many runs, to the last digit', async () => {
    const options = { memory: 2 ** 20, vcpus: 4, workload: 'uniform', rate: 1000, profile: 'epyc-2026', slice: 0.003 };
    const { figures } = await simulate(['rmap-xchg'], {
      ...options,
      seed: 1,
      collectEvery: 0.01,
      duration: 0.05,
      runs: 3,
    });
    const { wallSeconds: _, ...expected } = figures[0] as (typeof figures)[number];
    expect(merge(done).simulate[0]?.figures).toMatchObject(expected);
  });

  it('says which mutants are killed', () => {
    expect(merge(done).mutants).toMatchObject({ survived: [], undecided: [] });
    expect(merge(done).mutants.killed.length).toBeGreaterThan(0);
  });

  it('counts a result once, whatever the order of the folders', () => {
    const copy = copyOf(done);
    const twice = merge(done, copy);
    expect(twice).toEqual({ ...merge(done), duplicates: readPlan(done).shards.length });
    expect(merge(copy, done)).toEqual(twice);
  });

  it('lists a missing shard with the command that runs it', () => {
    const folder = copyOf(done);
    const [first = '', ...rest] = linesOf(folder);
    writeFileSync(resultFile(folder), `${rest.join('\n')}\n`);
    const { shard } = (JSON.parse(first) as { record: ShardRecord }).record;
    expect(merge(folder).missing).toEqual([expect.objectContaining({ shard, command: `run ${shard}` })]);
    expect(merge(folder).shards.missing).toBe(1);
  });

  it('holds nothing for proved while a shard is missing', () => {
    const folder = copyOf(done);
    rmSync(resultFile(folder));
    expect(merge(folder).verdict).toBe('inconclusive');
    expect(merge(folder).check.map(({ verdict }) => verdict)).not.toContain('holds');
  });

  it('reports two different results of a shard, and takes the same one in any order', () => {
    const folder = copyOf(done);
    const other = changed(folder, 0, ({ outcome, ...record }) => {
      if (outcome.kind !== 'check') throw new Error('it is no check');
      return { ...record, outcome: { ...outcome, entry: { ...outcome.entry, states: 7 } } };
    });
    writeFileSync(join(folder, 'results', 'other.jsonl'), `${other}\n`);
    const [before, after] = [merge(folder), merge(folder)];
    writeFileSync(join(folder, 'results', 'aaa.jsonl'), `${other}\n`);
    expect(before.contradictions).toEqual([expect.objectContaining({ isExpected: false })]);
    expect(timeless({ ...merge(folder), contradictions: [], duplicates: 0 })).toEqual(
      timeless({ ...after, contradictions: [], duplicates: 0 }),
    );
  });
});

describe('what is no result is named and left alone', () => {
  const cases: readonly (readonly [string, RegExp, (folder: string) => void])[] = [
    [
      'a torn file',
      /ends in the middle of a record/,
      (folder) => appendFileSync(resultFile(folder), '{"checksum":"ab'),
    ],
    [
      'a flipped bit',
      /checksum is wrong/,
      (folder) => appendFileSync(resultFile(folder), `${linesOf(folder)[0]?.replace('"seconds":', '"secondz":')}\n`),
    ],
    ['text', /not a record/, (folder) => writeFileSync(join(folder, 'results', 'x.jsonl'), 'hello\n')],
    ['a foreign file', /not a result file/, (folder) => writeFileSync(join(folder, 'results', 'core'), '')],
    ['a folder', /not a regular file/, (folder) => mkdirSync(join(folder, 'results', 'x.jsonl'))],
    [
      'a shard of no plan',
      /the plan has no shard 00000000000000000000/,
      (folder) => {
        const line = changed(folder, 0, (record) => ({ ...record, shard: '0'.repeat(20) }));
        appendFileSync(resultFile(folder), `${line}\n`);
      },
    ],
    [
      'a result of another version',
      /written by precopy 0\.0\.1 \(code abc\)/,
      (folder) => {
        const precopy = { version: '0.0.1', code: 'abc' };
        const line = changed(folder, 0, (record) => ({ ...record, shard: '1'.repeat(20), precopy }));
        appendFileSync(resultFile(folder), `${line}\n`);
      },
    ],
    [
      'a record that does not fit the schema',
      /does not fit the schema: .*verdict/,
      (folder) => {
        const line = changed(folder, 0, ({ outcome, ...record }) => ({
          ...record,
          outcome: { ...outcome, entry: { ...('entry' in outcome && outcome.entry), verdict: 'proved' } },
        }));
        appendFileSync(resultFile(folder), `${line}\n`);
      },
    ],
  ];

  it.each(cases)('%s', (_, why, spoil) => {
    const folder = copyOf(done);
    spoil(folder);
    const document = merge(folder);
    expect(document.leftAlone).toEqual([expect.objectContaining({ why: expect.stringMatching(why) })]);
    expect(timeless({ ...document, leftAlone: [] })).toEqual(timeless(merge(done)));
  });

  it('a record with a sketch that expands to more than a sketch: its shard is missing', () => {
    const folder = copyOf(done);
    const nth = linesOf(folder).findIndex((line) => line.includes('"sketch"'));
    const bomb = changed(folder, nth, ({ outcome, ...record }) => ({
      ...record,
      outcome: { ...outcome, sketch: 'AAAA' },
    }));
    const lines = linesOf(folder).map((line, n) => (n === nth ? bomb : line));
    writeFileSync(resultFile(folder), `${lines.join('\n')}\n`);
    const { leftAlone, missing } = merge(folder);
    expect(leftAlone).toEqual([expect.objectContaining({ why: expect.stringMatching(/cannot be decoded/) })]);
    expect(missing).toHaveLength(1);
  });
});

it('a plan of another version of precopy is refused by name', () => {
  const plan: Plan = { ...readPlan(done), precopy: { version: '0.0.9', code: 'feedfacecafe' } };
  expect(() => assertOwnVersion('x', plan)).toThrow(
    /written by precopy 0\.0\.9 \(code feedface\), and this is precopy/,
  );
});

it.each(['{', '{}', '[]', '{"format":"precopy-campaign-plan","version":2}'])('%s is no plan', (content) => {
  expect(() => readPlan(folderWith({ 'plan.json': content }))).toThrow(/plan\.json/);
});
