import fc from 'fast-check';
import { holds, noLostWrite, runArbitrary } from 'precopy/fast-check';
import { covers, protectedOnReturn, rmapXchg } from 'precopy/kvm';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../machines/mutants/index.ts';
import { replay } from '../../src/live/replay.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { parseSchedule } from '../../src/model/schedule-text.ts';
import { failureOf } from '../support/failure-of.ts';
import 'precopy/vitest';

const noFlush = mutants.find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;
const one = { vcpus: 1, pages: 1, loggingOn: 1 };

describe('expect(design).toHold', () => {
  it('shows the race in columns, and the command that replays it', () => {
    const message = failureOf(() => expect(noFlush).toHold(protectedOnReturn, one));
    expect(message).toMatch(/^rmap-xchg\/no-flush violates protected-on-return:/);
    expect(message).toMatch(/^ +vcpu0 +mmuLock +getDirtyLog +slotsLock$/m);
    expect(message).toContain('>>> protected-on-return is violated at step');
    expect(parseSchedule(/npx precopy replay '(.*)'/.exec(message)?.[1] ?? '').design).toBe('rmap-xchg/no-flush');
  });

  it('fails if a cover is not hit, or if a limit is reached, also with not', () => {
    const completes = covers.filter(({ id }) => id === 'migration-completes');
    expect(rmapXchg).toHold([protectedOnReturn, ...completes], one);
    const noSecondRound = { ...rmapXchg, id: 'one' };
    const never = { ...(completes[0] as (typeof covers)[0]), id: 'never', isHit: () => false } as (typeof covers)[0];
    expect(failureOf(() => expect(noSecondRound).toHold(never, one))).toContain('one never hits never');
    const limit = { maxStates: 10 };
    const undecided = /is inconclusive: stopped by max-states/;
    expect(failureOf(() => expect(noFlush).toHold(protectedOnReturn, one, limit))).toMatch(undecided);
    expect(failureOf(() => expect(noFlush).not.toHold(protectedOnReturn, one, limit))).toMatch(undecided);
  });
});

describe('expect(design).toSurvive', () => {
  it('reports the seed and how far the schedule was shrunk', () => {
    const sampling = { strategy: 'pct', seed: 5, runs: 500 } as const;
    const message = failureOf(() => expect(noFlush).toSurvive(protectedOnReturn, one, sampling));
    expect(message).toMatch(
      />>> protected-on-return is violated[\s\S]*\npct, seed 5: schedule \d+, shrunk from \d+ steps$/,
    );
    expect(failureOf(() => expect(rmapXchg).not.toSurvive(protectedOnReturn, one, { ...sampling, runs: 3 }))).toContain(
      'survives 3 schedules (pct, seed 5)',
    );
  });
});

describe('random runs of fast-check', () => {
  const params = one;

  it('are shrunk by fast-check, and printed with seed, path and race columns', () => {
    const { failed, numShrinks } = fc.check(holds(noFlush, protectedOnReturn, params), { seed: 3 });
    expect({ failed, shrunk: numShrinks > 0 }).toEqual({ failed: true, shrunk: true });
    const message = failureOf(() => fc.assert(holds(noFlush, protectedOnReturn, params), { seed: 3 }));
    expect(message).toMatch(/seed: 3, path: "[\d:]+"/);
    expect(message).toContain('>>> protected-on-return is violated at step');
  });

  it('are found again by seed and path, and happen on live actors', () => {
    const property = holds(noFlush, protectedOnReturn, params);
    const first = fc.check(property, { seed: 3 });
    const again = fc.check(property, { seed: 3, path: first.counterexamplePath as string, endOnFailure: true });
    const [run] = again.counterexample ?? [];
    expect(run?.schedule).toEqual(first.counterexample?.[0].schedule);
    const design = { ...noFlush, properties: [protectedOnReturn] };
    expect(replay(design, params, run?.schedule ?? []).violation?.property).toBe('protected-on-return');
  });

  it('violate nothing in a design that holds', () => {
    fc.assert(noLostWrite(rmapXchg, one), { numRuns: 30, seed: 1 });
    for (const { schedule } of fc.sample(runArbitrary(rmapXchg, one, { depth: 12 }), { numRuns: 10, seed: 1 })) {
      expect(schedule.length).toBeGreaterThan(0);
      expect(schedule.length).toBeLessThanOrEqual(12);
    }
  });
});
