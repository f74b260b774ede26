import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import type { ProcessorSettings } from '../../src/clock/cpu-scheduler.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { RunObserver } from '../../src/simulate/run-observer.ts';
import { designsByDay } from '../support/nightly.ts';
import { experiment, flatProfile, runOf, simulated, uniform } from './toy.ts';

const origin = 'a test';
const sliceNs = 1e6;

/** Random writes of `vcpus` vCPUs on `count` processors, and a GET every 20 ms that holds mmu_lock for about 5 ms. */
function shared(
  { vcpus, ...processors }: Partial<ProcessorSettings> & { readonly count: number; readonly vcpus: number },
  design: AnyDesign = rmapXchg,
) {
  const costs = { xchgDirtyWord: 1e6, exitForPage: 500, requestMmuLock: 100, markPageDirty: 200, writePage: 1 };
  const profile = {
    ...flatProfile(design, 10, { IPI: 1000, IPI_ACK: 100, ...costs }),
    contextSwitch: { ns: 2000, origin },
  };
  const one = experiment(design, profile, {
    memoryBytes: 320 * 4096,
    vcpus,
    workload: uniform(20_000),
    mode: { collectEveryNs: 20e6 },
    durationNs: 100e6,
    processors: { sliceNs, preemptLocks: false, ...processors },
  });
  return { ...one, params: { ...one.params, preemption: 1 } };
}

const worstWrite = (...settings: Parameters<typeof shared>): number => simulated(shared(...settings)).vcpuWriteNs.max;

describe('threads that share processors', () => {
  it('do not wait if each has a processor: the figures are those of unshared processors', () => {
    const { processors, ...alone } = shared({ vcpus: 2, count: 3 });
    const one = simulated(shared({ vcpus: 2, count: 3 }));
    expect(one.preemptions).toBe(0);
    expect(one.vcpuWrites).toBeCloseTo(simulated(alone).vcpuWrites, -2);
  });

  it('take turns of one slice on one processor: a write waits for the slice of the other thread', () => {
    const one = simulated(shared({ vcpus: 2, count: 1 }));
    expect(one.vcpuWriteNs.max).toBeGreaterThan(0.9 * sliceNs);
    expect(one.preemptions).toBeGreaterThan(80);
    expect(one.vcpuWritesPerSecond).toBeLessThan(25_000);
  });

  it('with the same affinity share a processor, even if another one is idle', () => {
    const apart = { vcpu0: 0, vcpu1: 1 };
    expect(simulated(shared({ vcpus: 2, count: 3, affinity: apart })).preemptions).toBe(0);
    const one = simulated(shared({ vcpus: 2, count: 3, affinity: { vcpu0: 1, vcpu1: 1 } }));
    expect(one.vcpuWriteNs.max).toBeGreaterThan(0.9 * sliceNs);
    expect(one.vcpuWritesPerSecond).toBeLessThan(25_000);
  });

  it('are preempted by the collector only if their affinity allows its processor', () => {
    const preemptions = (home: number): number =>
      simulated(shared({ vcpus: 1, count: 2, affinity: { migration: 0, vcpu0: home } })).preemptions;
    expect(preemptions(0)).toBeGreaterThan(0);
    expect(preemptions(1)).toBe(0);
  });

  it('are preempted by the collector when it wakes up: a vCPU waits although mmu_lock is free', () => {
    expect(worstWrite({ vcpus: 1, count: 2 })).toBeLessThan(6e6);
    const { mmuLockByActor, vcpuWriteNs } = simulated(shared({ vcpus: 1, count: 1 }));
    expect(mmuLockByActor['vcpu0']?.waitNs.max).toBeLessThan(1000);
    expect(vcpuWriteNs.max).toBeGreaterThan(3e6);
  });

  it('are not preempted while they hold mmu_lock, as a spinlock disables preemption', () => {
    expect(simulated(shared({ vcpus: 3, count: 2 }))).toMatchObject({ holderPreemptions: 0 });
  });

  it('are preempted while they hold mmu_lock on virtual processors, so waiters also wait for slices', () => {
    const [kernel, virtual] = [false, true].map((preemptLocks) =>
      simulated(shared({ vcpus: 3, count: 2, preemptLocks })),
    );
    expect(virtual?.holderPreemptions).toBeGreaterThan(0);
    expect(virtual?.mmuLockHoldNs.max).toBeGreaterThan((kernel?.mmuLockHoldNs.max as number) + sliceNs);
  });

  it('never use more time than the processors have, and all of it if they always compute', () => {
    const { profile, ...one } = shared({ vcpus: 4, count: 1 });
    const costs = { ...profile.costs, writePage: { ns: 2000, origin } };
    let busyNs = 0;
    const observer: RunObserver = {
      step: ({ fromNs, toNs }) => {
        busyNs += toNs - fromNs;
      },
    };
    runOf({ ...one, profile: { ...profile, costs }, workload: uniform(Number.POSITIVE_INFINITY) }, 0, observer);
    expect(busyNs / one.durationNs).toBeGreaterThan(0.97);
    expect(busyNs / one.durationNs).toBeLessThan(1.01);
  });
});

it('a preempted vCPU is out of guest mode, so a flush does not wait for its next slice', () => {
  const { getDirtyLogNs } = simulated(shared({ vcpus: 3, count: 2, sliceNs: 8e6 }));
  expect(getDirtyLogNs.max).toBeLessThan(7e6);
});

describe('on shared processors every design completes rounds without violations', () => {
  for (const design of designsByDay) {
    it(design.id, () => {
      const one = simulated(shared({ vcpus: 3, count: 2 }, design));
      expect(one.violation).toBeUndefined();
      expect(one.endedEarly).toBeUndefined();
      expect(one.rounds).toBeGreaterThan(2);
      expect(one.preemptions).toBeGreaterThan(10);
    });
  }
});

it('runs on shared processors with the same seed yield the same figures', () => {
  const figures = (): string => JSON.stringify(simulated(shared({ vcpus: 3, count: 2 })));
  expect(figures()).toBe(figures());
});
