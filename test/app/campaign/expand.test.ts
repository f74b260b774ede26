import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCampaign } from '../../../src/app/campaign/campaign-file.ts';
import { expandCampaign, shardsOf } from '../../../src/app/campaign/expand.ts';
import { selectShards } from '../../../src/app/campaign/select-shards.ts';
import { folderWith } from '../../cli/precopy.ts';

async function expand(text: string, isLarge = false) {
  const folder = folderWith({ 'a.yaml': text });
  const campaign = await loadCampaign(join(folder, 'a.yaml'));
  const { tasks, files } = await expandCampaign(campaign, { campaign: folder, plan: folder }, { isLarge });
  return { labels: tasks.map(({ task }) => task.label), shards: shardsOf(tasks), files, tasks };
}

const refused = (code: string, message: RegExp, remedy: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });

describe('a campaign is expanded', () => {
  it('into a task for each kind of property and combination of parameters', async () => {
    const { labels, shards } = await expand('check: [{ designs: rmap-xchg, params: { vcpus: [1, 2], pages: 1 } }]');
    expect(labels).toEqual([
      'rmap-xchg safety, vcpus=1 pages=1, exhaustive',
      'rmap-xchg liveness, vcpus=1 pages=1 loggingOn=1, exhaustive',
      'rmap-xchg safety, pages=1, exhaustive',
      'rmap-xchg liveness, pages=1 loggingOn=1, exhaustive',
    ]);
    expect(shards).toHaveLength(4);
  });

  it('into a shard for each seed, and for each run of a simulation', async () => {
    const { labels, shards } = await expand(
      'check: [{ designs: rmap-xchg/no-flush, strategy: pct, runs: 10, seeds: { first: 7, count: 2 } }]\n' +
        'simulate: [{ designs: rmap-xchg, memory: 1MiB, sweep: { vcpus: [1, 2] }, runs: 2 }]',
    );
    expect(labels).toEqual([
      'rmap-xchg/no-flush safety, pct runs=10',
      'rmap-xchg simulated, vcpus=1',
      'rmap-xchg simulated, vcpus=2',
    ]);
    expect(shards.map(({ task, seed, run }) => [task, seed ?? run])).toEqual([
      [0, 7],
      [0, 8],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
  });

  it('into shards whose names depend on what they do, and on nothing else', async () => {
    const group = 'designs: rmap-xchg/no-flush, strategy: pct, runs: 10';
    const [one, other] = await Promise.all([
      expand(`check: [{ ${group}, seeds: 2 }]`),
      expand(`check: [{ ${group}, depth: 50 }, { ${group}, seeds: 3 }]`),
    ]);
    const ids = one.shards.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(other.shards.slice(1, 3).map(({ id }) => id)).toEqual(ids);
    expect(ids).not.toContain(other.shards[0]?.id);
  });

  it('into shards of each of two files whose designs differ in nothing but the code of a guard', async () => {
    const right = readFileSync('examples/peterson.ts', 'utf8');
    const folder = folderWith({
      'right.ts': right,
      'wrong.ts': right.replace('!lock.flag(1 - me).get()', 'true'),
      'a.yaml': 'check: [{ designs: [right.ts:peterson, wrong.ts:peterson] }]',
    });
    const campaign = await loadCampaign(join(folder, 'a.yaml'));
    const { tasks } = await expandCampaign(campaign, { campaign: folder, plan: folder }, { isLarge: false });
    const shards = shardsOf(tasks);
    expect(shards.map(({ task }) => task)).toEqual([0, 1]);
    expect(new Set(shards.map(({ id }) => id)).size).toBe(2);
  });

  it('with a shard of two groups once', async () => {
    const group = '{ designs: rmap-xchg/no-flush, strategy: pct, seeds: 2 }';
    expect((await expand(`check: [${group}, ${group}]`)).shards).toHaveLength(2);
  });

  it('with the mutants of designs, if asked for', async () => {
    const { tasks } = await expand('check: [{ designs: rmap-xchg, mutants: only }]');
    expect(tasks.every(({ task }) => 'mutantOf' in task && task.mutantOf === 'rmap-xchg')).toBe(true);
    expect(tasks.length).toBeGreaterThan(5);
  });
});

describe('a mistake is refused with the group that has it', () => {
  it.each([
    ['check: [{ designs: rmap-xhcg }]', 'UNKNOWN_NAME', /check\[0\]: there is no design 'rmap-xhcg'/, /rmap-xchg/],
    ['check: [{ designs: rmap-xchg, params: { vcpus: 99 } }]', 'BAD_PARAMETER', /check\[0\]: vcpus is 99/],
    [
      'check: [{ designs: rmap-xchg, params: { vpcus: 2 } }]',
      'BAD_PARAMETER',
      /no parameter 'vpcus' \(did you mean 'vcpus'/,
    ],
    ['check: [{ designs: rmap-xchg, runs: 5 }]', 'BAD_PARAMETER', /--runs cannot be combined/],
    ['check: [{ designs: rmap-xchg, seeds: 5 }]', 'BAD_PARAMETER', /exhaustive takes no seeds/],
    ['check: [{ designs: rmap-xchg, strategy: swarm }]', 'BAD_PARAMETER', /swarm is bitstate with several seeds/],
    ['check: [{ designs: rmap-xchg, properties: [no-lost-wirte] }]', 'UNKNOWN_NAME', /no property 'no-lost-wirte'/],
    ['simulate: [{ designs: rmap-xchg, sweep: { memroy: 1GiB } }]', 'UNKNOWN_NAME', /simulate\[0\]: .*'memroy'/],
    ['simulate: [{ designs: rmap-xchg, profile: epyc }]', 'UNKNOWN_NAME', /there is no profile/],
  ])('%s', async (text, code, message, remedy = /./) => {
    await expect(expand(text)).rejects.toEqual(refused(code, message, remedy));
  });

  it('a million shards, unless they are meant', async () => {
    const text = 'check: [{ designs: rmap-xchg/no-flush, strategy: pct, seeds: 1M }]';
    await expect(expand(text)).rejects.toEqual(refused('TOO_LARGE', /at least 1,000,000 shards/, /--yes/));
    await expect(expand(text.replace('1M', '9G'), true)).rejects.toEqual(refused('TOO_LARGE', /9,000,000,000/));
  });
});

describe('--shard selects', () => {
  const shards = Array.from({ length: 10 }, (_, n) => ({ id: `${n}`.padStart(20, 'ab'), task: 0 }));
  const plan = { shards } as unknown as Parameters<typeof selectShards>[0];

  it('parts that are disjoint and complete', () => {
    const parts = ['1/3', '2/3', '3/3'].map((part) => selectShards(plan, part));
    expect(parts.map(({ length }) => length)).toEqual([4, 3, 3]);
    expect(new Set(parts.flat()).size).toBe(10);
  });

  it('one shard by its id', () => {
    expect(selectShards(plan, shards[4]?.id as string)).toEqual([shards[4]]);
  });

  it.each(['0/3', '4/3', 'x', 'ffff', 'abab', '1/0'])('nothing for %s', (text) => {
    expect(() => selectShards(plan, text)).toThrow();
  });
});
