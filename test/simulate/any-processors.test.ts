import fc from 'fast-check';
import { expect, it } from 'vitest';
import { designs, rmapXchgHandshake, srcuSwitch } from '../../machines/designs.ts';
import type { ClockObserver } from '../../src/clock/observer.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Experiment } from '../../src/simulate/simulation-run.ts';
import { experiment, flatProfile, migration, runOf, uniform } from '../clock/toy.ts';
import { isNightly } from '../support/nightly.ts';

const origin = 'a test';
const ipiNs = 1000;
/** what every action costs at most, but for those that no interrupt waits for */
const mostNs = 400;

interface Busy {
  readonly design: AnyDesign;
  readonly vcpus: number;
  readonly pages: number;
  readonly ns: number;
  readonly writesPerSecond: number;
  readonly mode: Experiment['mode'];
  readonly count: number;
  readonly sliceNs: number;
  readonly preemptLocks: boolean;
  /** of the migration and the first vCPUs, as many as there are */
  readonly homes: readonly number[];
  readonly seed: number;
}

/** Who has a home keeps to it. */
function affinityOf(homes: readonly number[], count: number): Record<string, number> {
  const actors = ['migration', 'vcpu0', 'vcpu1', 'vcpu2', 'vcpu3'];
  return Object.fromEntries(homes.map((home, nth) => [actors[nth] as string, home % count]));
}

/** So busy that threads push each other aside all the time. */
function busy({ design, vcpus, pages, ns, writesPerSecond, mode, count, sliceNs, preemptLocks, homes, seed }: Busy) {
  const profile = {
    ...flatProfile(design, ns, { IPI: ipiNs, IPI_ACK: 100, writePage: 300, xchgDirtyWord: 5000 }),
    wakes: {
      LOCK_GRANTED: { ns: 100, origin },
      SLOTS_LOCKED: { ns: 3000, origin },
      GRACE_PERIOD_OVER: { ns: 5000, origin },
    },
    contextSwitch: { ns: 2000, origin },
  };
  const one = experiment(design, profile, {
    memoryBytes: pages * 4096,
    vcpus,
    workload: uniform(writesPerSecond),
    mode,
    durationNs: 4e6,
    processors: { count, sliceNs, preemptLocks, affinity: affinityOf(homes, count) },
    seed,
  });
  const shown = JSON.stringify({ vcpus, pages, ns, writesPerSecond, mode, ...one.processors, seed });
  return { ...one, params: { ...one.params, preemption: 1 }, [fc.toStringMethod]: () => `${design.id} ${shown}` };
}

const often = { collectEveryNs: 0.3e6 };

/** Any design on any number of processors. */
const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    design: fc.constantFrom(...(designs as readonly AnyDesign[])),
    vcpus: fc.integer({ min: 1, max: 4 }),
    pages: fc.constantFrom(1, 33, 320),
    ns: fc.integer({ min: 0, max: mostNs }),
    writesPerSecond: fc.constantFrom(20e3, 500e3, Number.POSITIVE_INFINITY),
    mode: fc.constantFrom<Experiment['mode']>(often, {
      migration: { ...migration, downtimeLimitNs: 50e3, autoConverge: true },
    }),
    count: fc.integer({ min: 1, max: 4 }),
    sliceNs: fc.integer({ min: 20e3, max: 3e6 }),
    preemptLocks: fc.boolean(),
    homes: fc.oneof(fc.constant([]), fc.array(fc.nat(3), { maxLength: 5 })),
    seed: fc.nat(1000),
  })
  .map(busy);

const some = { pages: 320, writesPerSecond: 500e3, mode: often, preemptLocks: false, homes: [] };
/** Each stood still once: a spinner was granted the lock without a processor; an interrupt came to a vCPU that had lost its own in a step; a vCPU lost it between an interrupt and its answer. */
const stoodStill: readonly [Experiment][] = [
  [busy({ ...some, design: srcuSwitch, vcpus: 3, ns: 100, count: 1, sliceNs: 300e3, seed: 1 })],
  [busy({ ...some, design: rmapXchgHandshake, vcpus: 2, ns: 42, count: 2, sliceNs: 267_561, seed: 466 })],
  [
    busy({
      ...some,
      design: rmapXchgHandshake,
      vcpus: 3,
      pages: 1,
      ns: 112,
      writesPerSecond: 20e3,
      count: 2,
      sliceNs: 20e3,
      seed: 0,
    }),
  ],
];

it('on any number of processors every design goes on to the end, and an interrupt waits for no processor', () => {
  fc.assert(
    fc.property(experiments, (one) => {
      const arrival = new Map<string, number>();
      let longestNs = 0;
      const observer: ClockObserver = {
        messageSent: (type, from, to, _, arrivesNs) => void arrival.set(`${type} ${from} ${to}`, arrivesNs),
        messageTaken: (type, from, to, atNs) => {
          if (type === 'IPI') longestNs = Math.max(longestNs, atNs - (arrival.get(`${type} ${from} ${to}`) as number));
        },
      };
      const run = runOf(one, 0, observer);
      expect(['deadlock', 'violated']).not.toContain(run.endedEarly);
      if (run.converged !== true) expect(run.simulatedNs).toBe(one.durationNs);
      // A virtual processor that does not run takes no interrupts. Others may be in a step, or between guest and host.
      if (!one.processors?.preemptLocks) expect(longestNs).toBeLessThanOrEqual(10 * mostNs);
    }),
    { numRuns: isNightly ? 1000 : 30, examples: [...stoodStill] },
  );
}, 300_000);
