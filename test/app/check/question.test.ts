import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { planCheck } from '../../../src/app/check/check-plan.ts';
import { type AnyDesign, checkDesign } from '../../../src/index.ts';

const commit: AnyDesign = twoPhaseCommit;
const tooFew = { rms: 1 };
const params = { vcpus: 1, pages: 1, loggingOn: 1 };
const neverTrue: AnyDesign = {
  ...commit,
  properties: [
    ...commit.properties,
    twoPhaseCommit.system.properties.reachable({ id: 'split', description: 'some abort, and some commit' }, ({ is }) =>
      [is.aborted, is.committed].every((tag) => tag.count() > 0),
    ),
    twoPhaseCommit.system.properties.reachable(
      { id: 'of-two', description: 'two commit', where: ({ rms }) => rms > 1 },
      ({ is }) => is.committed.count() === 2,
    ),
  ],
};

const idsOf = (results: Awaited<ReturnType<typeof checkDesign>>): unknown =>
  results.map(({ checks, exploration: { properties } }) => [checks, properties.map(({ id }) => id)]);

describe('a check of some properties', () => {
  it('makes the one search that decides them', async () => {
    const safety = await checkDesign(rmapXchg, { params, properties: ['no-lost-write'] });
    expect(idsOf(safety)).toEqual([['safety', ['no-lost-write', 'well-formed']]]);
    const liveness = await checkDesign(rmapXchg, { params, properties: ['ioctl-returns'] });
    expect(idsOf(liveness)).toEqual([['liveness', ['ioctl-returns']]]);
  });

  it('makes both searches for properties of both kinds', async () => {
    const results = await checkDesign(rmapXchg, { params, properties: ['ioctl-returns', 'final-image'] });
    expect(idsOf(results)).toEqual([
      ['safety', ['final-image', 'well-formed']],
      ['liveness', ['ioctl-returns']],
    ]);
  });

  it('violates nothing where only another property is violated', async () => {
    const mutant = (mutants as readonly AnyDesign[]).find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;
    const verdictOn = async (property: string) =>
      (await checkDesign(mutant, { params, properties: [property] })).map(({ exploration }) => exploration.verdict);
    expect(await verdictOn('logged-or-protected')).toEqual(['violated']);
    expect(await verdictOn('mutual-exclusion')).toEqual(['holds']);
  });

  it('is violated if a cover among them is not hit, and holds if it is', async () => {
    const verdictOn = async (property: string) =>
      (await checkDesign(neverTrue, { properties: [property] })).map(({ exploration }) => exploration.verdict);
    expect(await verdictOn('commit-agreement')).toEqual(['holds']);
    expect(await verdictOn('split')).toEqual(['violated']);
    expect((await checkDesign(neverTrue, { params: { rms: 2 } }))[0]?.exploration.verdict).toBe('holds');
  });

  it('decides well-formed alone if only that is asked for', async () => {
    expect(idsOf(await checkDesign(commit, { properties: ['well-formed'] }))).toEqual([['safety', ['well-formed']]]);
  });

  it('refuses a property that the design does not have, with the nearest name', async () => {
    await expect(checkDesign(commit, { properties: ['consistant'] })).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: "two-phase-commit has no property 'consistant' (did you mean 'consistent'?)",
      remedy: 'there are consistent, no-deadlock, commit-agreement, abort-agreement, well-formed',
    });
  });

  it('refuses one that does not apply at the params, and one that the run does not decide', async () => {
    await expect(checkDesign(neverTrue, { properties: ['of-two'], params: tooFew })).rejects.toMatchObject({
      code: 'BAD_PARAMETER',
      message: 'of-two does not apply at these params, by its `where`',
    });
    const properties = ['ioctl-returns'];
    await expect(checkDesign(rmapXchg, { params, properties, checks: 'safety' })).rejects.toMatchObject({
      message: 'ioctl-returns is a leads-to property, and this run checks safety only',
    });
    await expect(checkDesign(rmapXchg, { params, properties, strategy: 'pct' })).rejects.toMatchObject({
      code: 'NOT_SOUND',
    });
  });
});

describe('a plan for some properties', () => {
  const planned = async (names: readonly string[], properties: readonly string[], onlyMutants = false) => {
    const { designs, mutants } = await planCheck(names, { properties, onlyMutants, params });
    return { designs: designs.map(({ design }) => design.id), mutants };
  };

  it('of no named design has the designs with such a property, and the mutants that break one', async () => {
    const { designs, mutants } = await planned([], ['grace-period']);
    expect(new Set(designs)).toEqual(new Set(['srcu-switch', 'rmap-hybrid']));
    expect(mutants.length).toBeGreaterThan(0);
    for (const { design, question } of mutants) expect(question).toEqual({ properties: [design.mutation?.breaks] });
  });

  it('of mutants has those that break the property', async () => {
    const { designs, mutants } = await planned(['rmap-xchg'], ['logged-or-protected'], true);
    expect(designs).toEqual([]);
    expect(mutants.map(({ design }) => design.id)).toContain('rmap-xchg/protect-before-snapshot');
    expect(new Set(mutants.map(({ design }) => design.mutation?.breaks))).toEqual(new Set(['logged-or-protected']));
  });

  it('refuses a property that no design has, or that no mutant breaks', async () => {
    await expect(planned([], ['no-lost-writes'])).rejects.toMatchObject({
      message: expect.stringMatching(/^no design has a property 'no-lost-writes' \(did you mean 'no-lost-write'/),
    });
    await expect(planned([], ['grace-perod'], true)).rejects.toMatchObject({
      message: "there is no mutant that breaks 'grace-perod' (did you mean 'grace-period' or 'grace-period-ends'?)",
    });
    await expect(planned(['rmap-xchg'], ['well-formed'], true)).rejects.toMatchObject({
      message: expect.stringMatching(/^there is no mutant that breaks 'well-formed'/),
    });
  });
});
