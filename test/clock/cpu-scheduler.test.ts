import { describe, expect, it } from 'vitest';
import { designs, rmapXchg } from '../../machines/designs.ts';
import type { ProcessorSettings } from '../../src/clock/cpu-scheduler.ts';
import type { ClockObserver } from '../../src/clock/observer.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { experiment, flatProfile, runOf, simulated, uniform } from './toy.ts';

const origin = 'a test';
const sliceNs = 1e6;

/** Writes at random by so many vCPUs on so many processors, and a GET each 20 ms that holds mmu_lock for about 5 ms. */
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
  it('wait for none where there is one for each, and write as if nobody shared', () => {
    const { processors, ...alone } = shared({ vcpus: 2, count: 3 });
    const one = simulated(shared({ vcpus: 2, count: 3 }));
    expect(one.preemptions).toBe(0);
    expect(one.vcpuWrites).toBeCloseTo(simulated(alone).vcpuWrites, -2);
  });

  it('run a slice each where there are two for one processor: a write waits for the slice of the other', () => {
    const one = simulated(shared({ vcpus: 2, count: 1 }));
    expect(one.vcpuWriteNs.max).toBeGreaterThan(0.9 * sliceNs);
    expect(one.preemptions).toBeGreaterThan(80);
    expect(one.vcpuWritesPerSecond).toBeLessThan(25_000);
  });

  it('that keep to one processor share it, though another one is idle', () => {
    const apart = { vcpu0: 0, vcpu1: 1 };
    expect(simulated(shared({ vcpus: 2, count: 3, affinity: apart })).preemptions).toBe(0);
    const one = simulated(shared({ vcpus: 2, count: 3, affinity: { vcpu0: 1, vcpu1: 1 } }));
    expect(one.vcpuWriteNs.max).toBeGreaterThan(0.9 * sliceNs);
    expect(one.vcpuWritesPerSecond).toBeLessThan(25_000);
  });

  it('that keep to a processor make way for the collector that keeps to it, and others do not', () => {
    const preemptions = (home: number): number =>
      simulated(shared({ vcpus: 1, count: 2, affinity: { migration: 0, vcpu0: home } })).preemptions;
    expect(preemptions(0)).toBeGreaterThan(0);
    expect(preemptions(1)).toBe(0);
  });

  it('are pushed aside by the collector, which wakes up: a vCPU waits for it, though mmu_lock is free', () => {
    expect(worstWrite({ vcpus: 1, count: 2 })).toBeLessThan(6e6);
    const { mmuLockByActor, vcpuWriteNs } = simulated(shared({ vcpus: 1, count: 1 }));
    expect(mmuLockByActor['vcpu0']?.waitNs.max).toBeLessThan(1000);
    expect(vcpuWriteNs.max).toBeGreaterThan(3e6);
  });

  it('keep the processor under mmu_lock, as a spinlock disables preemption', () => {
    expect(simulated(shared({ vcpus: 3, count: 2 }))).toMatchObject({ holderPreemptions: 0 });
  });

  it('lose it there on virtual processors: whoever waits for the lock waits for slices, too', () => {
    const [kernel, virtual] = [false, true].map((preemptLocks) =>
      simulated(shared({ vcpus: 3, count: 2, preemptLocks })),
    );
    expect(virtual?.holderPreemptions).toBeGreaterThan(0);
    expect(virtual?.mmuLockHoldNs.max).toBeGreaterThan((kernel?.mmuLockHoldNs.max as number) + sliceNs);
  });

  it('have no more time than the processors have, and use all of it where they compute without end', () => {
    const { profile, ...one } = shared({ vcpus: 4, count: 1 });
    const costs = { ...profile.costs, writePage: { ns: 2000, origin } };
    let busyNs = 0;
    const observer: ClockObserver = {
      step: ({ fromNs, toNs }) => {
        busyNs += toNs - fromNs;
      },
    };
    runOf({ ...one, profile: { ...profile, costs }, workload: uniform(Number.POSITIVE_INFINITY) }, 0, observer);
    expect(busyNs / one.durationNs).toBeGreaterThan(0.97);
    expect(busyNs / one.durationNs).toBeLessThan(1.01);
  });
});

it('a vCPU without a processor is out of guest mode: a flush does not wait for its slice', () => {
  const { getDirtyLogNs } = simulated(shared({ vcpus: 3, count: 2, sliceNs: 8e6 }));
  expect(getDirtyLogNs.max).toBeLessThan(7e6);
});

describe('on shared processors every design still comes to rounds, and its properties hold', () => {
  for (const design of designs as AnyDesign[]) {
    it(design.id, () => {
      const one = simulated(shared({ vcpus: 3, count: 2 }, design));
      expect(one.violation).toBeUndefined();
      expect(one.endedEarly).toBeUndefined();
      expect(one.rounds).toBeGreaterThan(2);
      expect(one.preemptions).toBeGreaterThan(10);
    });
  }
});

it('the same seed gives the same figures on shared processors', () => {
  const figures = (): string => JSON.stringify(simulated(shared({ vcpus: 3, count: 2 })));
  expect(figures()).toBe(figures());
});
