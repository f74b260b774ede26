import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { type AnyDesign, checkDesign, type Progress, replaySchedule } from '../../../src/index.ts';
import { explore } from '../../support/explore.ts';

const params = { vcpus: 1, pages: 1 };
const mutant = (mutants as readonly AnyDesign[]).find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;

describe('checkDesign', () => {
  it('checks safety, and then liveness', async () => {
    const results = await checkDesign(rmapXchg, { params });
    expect(results.map(({ checks, exploration }) => [checks, exploration.verdict])).toEqual([
      ['safety', 'holds'],
      ['liveness', 'holds'],
    ]);
    expect(results[0]?.exploration).toEqual(explore(rmapXchg, params));
  });

  it('confirms a counterexample on live actors; its schedule can be replayed', async () => {
    const [result] = await checkDesign(mutant, { params });
    expect(result?.trace?.violation?.property).toBe(result?.exploration.violation?.property);
    expect(await replaySchedule(result?.trace?.schedule ?? '')).toEqual(result?.trace);
  });

  it('searches a design of its caller, which worker threads cannot import, in this thread', async () => {
    const own = { ...rmapXchg, id: 'own' };
    const [result] = await checkDesign(own, { params, checks: 'safety', workers: 4 });
    expect(result?.exploration).toEqual(explore(rmapXchg, params));
  });

  it('reports its progress, ends with its signal, and resumes from its checkpoint', async () => {
    const checkpoint = mkdtempSync(join(tmpdir(), 'precopy-'));
    const controller = new AbortController();
    const larger = { vcpus: 1, pages: 2 };
    const options = { params: larger, checks: 'safety', checkpoint, workers: 1 } as const;
    let last: Progress | undefined;
    const [partial] = await checkDesign(rmapXchg, { ...options, signal: controller.signal }, (progress) => {
      last = progress;
      controller.abort();
    });
    expect(partial?.exploration).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
    expect(last?.states).toBeGreaterThan(0);
    expect(readdirSync(checkpoint)).toEqual(['rmap-xchg.checkpoint']);
    const [whole] = await checkDesign(rmapXchg, options);
    expect(whole?.exploration).toEqual(explore(rmapXchg, larger));
    expect(readdirSync(checkpoint)).toEqual([]);
  });

  it('runs the strategy that it is given, and refuses what cannot be combined', async () => {
    const [result, ...others] = await checkDesign(mutant, { params, strategy: 'pct', runs: 2000, seed: 1 });
    expect(result?.exploration.sampled).toMatchObject({ strategy: 'pct', seed: 1 });
    expect(others).toEqual([]);
    await expect(checkDesign(rmapXchg, { strategy: 'dpor', coverage: true })).rejects.toMatchObject({
      code: 'BAD_PARAMETER',
      message: '--coverage cannot be combined with --strategy dpor',
    });
  });
});
