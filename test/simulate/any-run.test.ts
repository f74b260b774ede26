import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adBits, lockBreak, manualClear, rmapXchg, srcuSwitch } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Cost, Profile } from '../../src/simulate/cost-profile.ts';
import type { Experiment } from '../../src/simulate/experiment.ts';
import type { RunObserver } from '../../src/simulate/run-observer.ts';
import type { Pattern } from '../../src/simulate/workload.ts';
import { experiment, flatProfile, runOf, simulated } from '../clock/toy.ts';

const origin = 'a test';
const ns = fc.integer({ min: 0, max: 3000 });
const constant = fc.record({ ns, origin: fc.constant(origin) });
const cost: fc.Arbitrary<Cost> = fc.oneof(
  constant,
  fc.record({ ns, perPageNs: fc.integer({ min: 0, max: 5 }), origin: fc.constant(origin) }),
  ns.map((meanNs): Cost => ({ distribution: { exponential: { meanNs } }, origin })),
  ns.map((medianNs): Cost => ({ distribution: { lognormal: { medianNs, sigma: 0.5 } }, origin })),
  ns.map((fromNs): Cost => ({ ns: 5, distribution: { uniform: { fromNs, toNs: fromNs + 100 } }, origin })),
);

/** Any valid profile. A write takes time, so that a guest that writes without a pause advances the clock. */
function profiles(design: AnyDesign): fc.Arbitrary<Profile> {
  const flat = flatProfile(design, 0);
  const some = fc.dictionary(fc.constantFrom(...Object.keys(flat.costs)), cost, { maxKeys: 12, noNullPrototype: true });
  return fc
    .record({
      costs: some,
      writeNs: fc.integer({ min: 200, max: 2000 }),
      latency: cost,
      wakes: fc.dictionary(fc.constantFrom('LOCK_GRANTED', 'SLOTS_LOCKED', 'GRACE_PERIOD_OVER'), constant, {
        noNullPrototype: true,
      }),
      tlbEntries: fc.integer({ min: 1, max: 64 }),
    })
    .map(({ costs, writeNs, latency, wakes, tlbEntries }) => ({
      ...flat,
      costs: { ...flat.costs, ...costs, writePage: { ns: writeNs, origin } },
      latencies: Object.fromEntries(Object.keys(flat.latencies).map((type) => [type, latency])),
      wakes,
      contextSwitch: { ns: 500, origin },
      tlbEntries: { count: tlbEntries, origin },
    }));
}

const pattern = (pages: number): fc.Arbitrary<Pattern> =>
  fc.oneof(
    fc.constantFrom<Pattern>({ kind: 'uniform' }, { kind: 'sweep' }, { kind: 'hot', pages: 0.1, writes: 0.9 }),
    fc.double({ min: 0.1, max: 2, noNaN: true }).map((exponent): Pattern => ({ kind: 'zipf', exponent })),
    fc
      .array(fc.nat(pages - 1), { minLength: 1, maxLength: 20 })
      .map((list): Pattern => ({ kind: 'recorded', source: origin, pages: Int32Array.from(list) })),
  );

const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    design: fc.constantFrom<AnyDesign>(rmapXchg, lockBreak, manualClear, srcuSwitch, adBits),
    pages: fc.integer({ min: 1, max: 300 }),
    vcpus: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ design, pages, vcpus }) =>
    fc
      .record({
        profile: profiles(design),
        workload: fc.array(
          fc.record({
            pattern: pattern(pages),
            forNs: fc.integer({ min: 1000, max: 1e6 }),
            writesPerSecond: fc.constantFrom(1, 1e4, 1e6, Number.POSITIVE_INFINITY),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        mode: fc.constantFrom<Experiment['mode']>(
          { collectEveryNs: 100e3 },
          { migration: { bandwidth: 1e9, downtimeLimitNs: 50e3, autoConverge: true, zeroPages: 0.2 } },
        ),
        processors: fc.option(
          fc.record({
            count: fc.integer({ min: 1, max: 3 }),
            sliceNs: fc.integer({ min: 20e3, max: 200e3 }),
            preemptLocks: fc.boolean(),
          }),
        ),
        seed: fc.nat(1000),
      })
      .map(({ processors, ...said }) => {
        const one = experiment(design, said.profile, { memoryBytes: pages * 4096, vcpus, durationNs: 0.4e6, ...said });
        const whole = processors ? { ...one, processors, params: { ...one.params, preemption: 1 } } : one;
        const { design: _, ...told } = whole;
        return { ...whole, [fc.toStringMethod]: () => JSON.stringify({ design: design.id, ...told }) };
      }),
  );

interface Hold {
  readonly grantedNs: number;
  readonly releasedNs: number;
}

it('for any profile and workload, time is monotonic, mmu_lock has at most one holder, and each write is counted once', () => {
  fc.assert(
    fc.property(experiments, (one) => {
      const anomalies: string[] = [];
      const done = new Map<number, number>();
      let now = 0;
      const grants = new Map<number, number>();
      const holds: Hold[] = [];
      const observer: RunObserver = {
        step: ({ actor, fromNs, atNs, toNs }) => {
          if (atNs < now) anomalies.push(`the clock from ${now} to ${atNs}`);
          if (toNs < fromNs || fromNs < (done.get(actor) ?? 0)) anomalies.push(`actor ${actor} to ${fromNs}`);
          now = atNs;
          done.set(actor, toNs);
        },
        lockGranted: (_, actor, atNs) => void grants.set(actor, atNs),
        lockReleased: (_, actor, atNs) => void holds.push({ grantedNs: grants.get(actor) as number, releasedNs: atNs }),
      };
      const run = runOf(one, 0, observer);
      expect(anomalies).toEqual([]);
      holds.sort((a, b) => a.grantedNs - b.grantedNs || a.releasedNs - b.releasedNs);
      expect(holds.filter(({ grantedNs }, n) => grantedNs < (holds[n - 1]?.releasedNs ?? 0))).toEqual([]);
      expect(run.violation).toBeUndefined();
      expect(run.endedEarly).not.toBe('deadlock');
      expect(run.vcpuWriteNs.distribution.count).toBe(run.vcpuWrites);
      const counts = [run.holdNs, run.waitNs].map((all) =>
        all.reduce((sum, { distribution }) => sum + distribution.count, 0),
      );
      expect(counts[0]).toBe(holds.length);
      expect((counts[1] as number) - holds.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 25 },
  );
});

it('for any profile and workload, runs with the same seed yield the same figures', () => {
  fc.assert(
    fc.property(experiments, (one) => {
      expect(JSON.stringify(simulated(one))).toBe(JSON.stringify(simulated(one)));
    }),
    { numRuns: 5 },
  );
});
