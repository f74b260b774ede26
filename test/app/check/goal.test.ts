import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { createCheckDocument } from '../../../src/app/check/check-document.ts';
import { checkDocument } from '../../../src/app/check/check-schema.ts';
import { type CheckDesignOptions, type CheckResult, checkDesign, replaySchedule } from '../../../src/index.ts';

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
  });

  it('is refused beside a choice of properties, and beside liveness', async () => {
    await expect(search({ until: oneAborts, properties: ['consistent'] })).rejects.toMatchObject({
      message: '--until cannot be combined with --property',
    });
    await expect(search({ until: oneAborts, checks: 'liveness' })).rejects.toMatchObject({ code: 'NOT_SOUND' });
  });
});
