import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { createCheckDocument } from '../../../src/app/check/check-document.ts';
import { checkDocument } from '../../../src/app/check/check-schema.ts';
import { scheduleIn } from '../../../src/app/files/schedule-file.ts';
import {
  type AnyDesign,
  type CheckDesignOptions,
  type CheckResult,
  checkDesign,
  replaySchedule,
} from '../../../src/index.ts';
import { folderWith } from '../../cli/precopy.ts';

const commit = twoPhaseCommit;

async function search(options: CheckDesignOptions): Promise<CheckResult> {
  const [result] = await checkDesign(commit, options);
  return result as CheckResult;
}

const oneAborts = 'resourceManager1 in aborted and resourceManager0 in prepared';

describe('a search for a run to a state', () => {
  it('finds a shortest run, which live actors execute', async () => {
    const { exploration, run, trace } = await search({ until: oneAborts });
    expect(exploration.verdict).toBe('holds');
    expect(trace).toBeUndefined();
    expect(run).not.toHaveProperty('violation');
    expect(run?.reached).toMatchObject({ property: 'until', description: oneAborts });
    expect(run?.steps.map(({ moves: [move] }) => move?.event)).toEqual(['PREPARE', 'GIVE_UP']);
  });

  it('finds an empty run to the initial state', async () => {
    expect((await search({ until: 'all resourceManager in working' })).run?.steps).toEqual([]);
  });

  it('proves that no run reaches a state', async () => {
    const { exploration, run } = await search({
      until: 'any resourceManager in aborted and any resourceManager in committed',
    });
    expect(run).toBeUndefined();
    expect(exploration.verdict).toBe('violated');
    expect(exploration.states).toBe((await search({ properties: ['consistent'] })).exploration.states);
  });

  it('does not stop where other properties are violated', async () => {
    const properties = [commit.system.properties.never({ id: 'none', description: 'nothing' }, () => true)];
    const [result] = await checkDesign({ ...commit, properties }, { until: oneAborts });
    expect(result?.run?.steps).toHaveLength(2);
  });

  for (const options of [
    { reductions: ['symmetry'] },
    { reductions: ['partial-order'] },
    { reductions: ['symmetry', 'partial-order'] },
    { preemptions: 1 },
    { strategy: 'random', seed: 1 },
    { strategy: 'pos', seed: 1 },
    { strategy: 'bitstate', seed: 1, maxMemoryBytes: 2 ** 20 },
    { strategy: 'dpor' },
  ] as const satisfies readonly CheckDesignOptions[]) {
    it(`names single actors with ${JSON.stringify(options)}`, async () => {
      const { run } = await search({ until: oneAborts, ...options });
      const { states } = run?.initial ?? {};
      expect(states).toBeDefined();
      expect(run?.steps.length).toBeGreaterThanOrEqual(2);
      expect((await search({ until: 'resourceManager2 in committed', ...options })).run?.steps.at(-1)?.moves).toEqual([
        expect.objectContaining({ event: 'RECEIVE_COMMIT' }),
      ]);
    });
  }

  it('proves with each reduction that a state is out of reach', async () => {
    const until = 'resourceManager0 in aborted and resourceManager2 in committed';
    for (const reductions of [['symmetry'], ['partial-order'], ['symmetry', 'partial-order']] as const) {
      expect((await search({ until, reductions })).exploration.verdict).toBe('violated');
    }
  });

  it('is inconclusive at a limit', async () => {
    const { exploration } = await search({ until: 'all resourceManager in committed', maxStates: 5 });
    expect(exploration).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
  });

  it('is searched at the first size of a safety check, by worker threads as well', async () => {
    const until = 'vcpu0 in host.lockMmu and getDirtyLog in flushTlbs and kvm.dirtyBitmap[0] != 0';
    const params = { vcpus: 1, pages: 1 };
    const [{ run }] = (await checkDesign(rmapXchg, { params, until })) as [CheckResult];
    expect(run?.steps).toHaveLength(19);
    await expect(replaySchedule(run?.schedule ?? '', { properties: ['well-formed'] })).resolves.toMatchObject({
      steps: run?.steps,
    });
  });

  it('is reported in the document with its run, or without one', async () => {
    const reached = await search({ until: oneAborts });
    const unreached = await search({ until: 'transactionManager in committed and all resourceManager in working' });
    const document = createCheckDocument({ results: [reached], mutants: [], notChecked: [] });
    expect(checkDocument.parse(document)).toEqual(document);
    const [entry] = document.designs;
    expect(entry).toMatchObject({ verdict: 'holds', goal: { until: oneAborts, run: { length: 2 } } });
    expect(entry?.properties.map(({ id }) => id)).toEqual(['well-formed']);
    const [other] = createCheckDocument({ results: [unreached], mutants: [], notChecked: [] }).designs;
    expect(other).toMatchObject({ verdict: 'violated', goal: { until: expect.any(String) } });
    expect(other?.goal).not.toHaveProperty('run');
    const file = join(folderWith({ 'run.json': JSON.stringify(document) }), 'run.json');
    expect(scheduleIn(file)).toBe(reached.run?.schedule);
  });

  it('is refused beside a choice of properties, and beside liveness', async () => {
    await expect(search({ until: oneAborts, properties: ['consistent'] })).rejects.toMatchObject({
      message: '--until cannot be combined with --property',
    });
    await expect(search({ until: oneAborts, checks: 'liveness' })).rejects.toMatchObject({ code: 'NOT_SOUND' });
  });
});

/** Two-phase commit, and covers of states, of steps to new states, and of a step that leads back. */
const covered: AnyDesign = {
  ...commit,
  properties: [
    ...commit.properties,
    commit.system.properties.reachable(
      { id: 'second-stops-awaiting', description: 'the manager hears the second resource manager' },
      (_, { actions, payload }) => actions.includes('stopAwaiting') && payload === 1,
    ),
    ...[0, 1].map((last) =>
      commit.system.properties.reachable(
        { id: `hears-${last}-last`, description: 'of the first two, the manager hears this one last' },
        ({ registers, actors }, { actions, payload }) => {
          const { awaited } = registers<typeof commit.machines.transactionManager>(actors.transactionManager);
          return actions.includes('stopAwaiting') && payload === last && !awaited.has(0) && !awaited.has(1);
        },
      ),
    ),
    commit.system.properties.reachable({ id: 'never', description: 'nothing' }, () => false),
    commit.system.properties.reachable({ id: 'of-nine', description: 'nine', where: ({ rms }) => rms > 8 }, () => true),
  ],
};

async function show(cover: string, options: CheckDesignOptions = {}): Promise<CheckResult> {
  const [result] = await checkDesign(covered, { show: cover, ...options });
  return result as CheckResult;
}

describe('a search for a run that hits a cover', () => {
  it('finds a shortest one, whether the state is hit or the step', async () => {
    expect((await show('commit-agreement')).run?.steps).toHaveLength(10);
    const { run } = await show('second-stops-awaiting');
    expect(run?.steps.map(({ event, payload }) => [event, payload?.value])).toEqual([
      ['PREPARE', undefined],
      ['RECEIVE_PREPARED', 1],
    ]);
    // Both lead to one state, so one of the two last steps leads to a state that was found before.
    for (const last of [0, 1]) expect((await show(`hears-${last}-last`)).run?.steps.at(-1)?.payload?.value).toBe(last);
    for (const last of [0, 1]) expect((await show(`hears-${last}-last`)).run?.steps).toHaveLength(4);
  });

  it('finds one as short with each reduction, and some with the other strategies', async () => {
    for (const options of [
      { reductions: ['symmetry'] },
      { reductions: ['partial-order'] },
      { reductions: ['symmetry', 'partial-order'] },
      { preemptions: 20 },
    ] as const) {
      for (const last of [0, 1]) expect((await show(`hears-${last}-last`, options)).run?.steps).toHaveLength(4);
      expect((await show('second-stops-awaiting', options)).run?.steps).toHaveLength(2);
    }
    for (const strategy of ['random', 'pct', 'pos', 'bitstate'] as const) {
      const { run } = await show('second-stops-awaiting', {
        strategy,
        seed: 1,
        ...(strategy === 'bitstate' && { maxMemoryBytes: 2 ** 20 }),
      });
      expect(run?.steps.at(-1)).toMatchObject({ event: 'RECEIVE_PREPARED', payload: { value: 1 } });
    }
    expect((await show('hears-0-last', { strategy: 'random', seed: 1 })).run?.steps).toHaveLength(4);
  });

  it('proves that no run hits it', async () => {
    const { exploration, run } = await show('never');
    expect([exploration.verdict, run]).toEqual(['violated', undefined]);
    expect((await show('never', { reductions: ['symmetry', 'partial-order'] })).exploration.verdict).toBe('violated');
  });

  it('refuses what is no cover, one that does not apply, and a strategy that may miss it', async () => {
    await expect(show('commit-agreemnt')).rejects.toMatchObject({
      message: expect.stringMatching(
        /^two-phase-commit has no cover 'commit-agreemnt' \(did you mean 'commit-agreement'/,
      ),
    });
    await expect(show('consistent')).rejects.toMatchObject({
      message: 'consistent is no cover of two-phase-commit',
      remedy: '`--property consistent` looks for a run that violates it',
    });
    await expect(show('of-nine')).rejects.toMatchObject({ code: 'BAD_PARAMETER' });
    await expect(show('never', { strategy: 'dpor' })).rejects.toMatchObject({ code: 'NOT_SOUND' });
  });
});
