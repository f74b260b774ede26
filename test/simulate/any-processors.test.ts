import fc from 'fast-check';
import { expect, it } from 'vitest';
import { designs, rmapXchgHandshake, srcuSwitch } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Experiment } from '../../src/simulate/experiment.ts';
import type { RunObserver } from '../../src/simulate/run-observer.ts';
import { experiment, flatProfile, migration, runOf, uniform } from '../clock/toy.ts';
import { isNightly } from '../support/nightly.ts';

const origin = 'a test';
const ipiNs = 1000;
/** maximal cost of an action that may delay an interrupt */
const maxActionNs = 400;

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
  /** affinities of the migration thread and the first vCPUs */
  readonly homes: readonly number[];
  readonly seed: number;
}

/** Affinity of the threads that have a home processor. */
function affinityOf(homes: readonly number[], count: number): Record<string, number> {
  const actors = ['migration', 'vcpu0', 'vcpu1', 'vcpu2', 'vcpu3'];
  return Object.fromEntries(homes.map((home, nth) => [actors[nth] as string, home % count]));
}

/** An experiment in which threads preempt each other all the time. */
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

/** Experiments with any design and number of processors. */
const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    design: fc.constantFrom(...(designs as readonly AnyDesign[])),
    vcpus: fc.integer({ min: 1, max: 4 }),
    pages: fc.constantFrom(1, 33, 320),
    ns: fc.integer({ min: 0, max: maxActionNs }),
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
/**
 * Regressions, each a former deadlock: a spinner got the lock without a processor; an interrupt reached a vCPU that had
 * lost its processor in a step; a vCPU lost its processor between an interrupt and its acknowledgement.
 */
const formerDeadlocks: readonly [Experiment][] = [
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

it('on any number of processors every design runs to the end, and interrupts do not wait for a processor', () => {
  fc.assert(
    fc.property(experiments, (one) => {
      const arrival = new Map<string, number>();
      let longestNs = 0;
      const observer: RunObserver = {
        messageSent: (type, from, to, _, arrivesNs) => void arrival.set(`${type} ${from} ${to}`, arrivesNs),
        messageTaken: (type, from, to, atNs) => {
          if (type === 'IPI') longestNs = Math.max(longestNs, atNs - (arrival.get(`${type} ${from} ${to}`) as number));
        },
      };
      const run = runOf(one, 0, observer);
      expect(['deadlock', 'violated']).not.toContain(run.endedEarly);
      if (run.converged !== true) expect(run.simulatedNs).toBe(one.durationNs);
      // A virtual processor takes no interrupts while it is preempted. Others may be in a step, or have interrupts off.
      if (!one.processors?.preemptLocks) expect(longestNs).toBeLessThanOrEqual(10 * maxActionNs);
    }),
    { numRuns: isNightly ? 1000 : 15, examples: [...formerDeadlocks] },
  );
}, 300_000);
