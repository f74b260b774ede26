import { describe, expect, it } from 'vitest';
import { lateFlushTwoCollectors } from '../../machines/designs.ts';
import { experiment, flatProfile, simulated, uniform } from './toy.ts';

const copyNs = 4e6;
const wakeNs = 5000;
const refreshNs = 30e6;

/** QEMU takes the log at 29 ms, the display at 30 ms, when the copy of the first to user space still holds slots_lock. */
const one = simulated(
  experiment(
    lateFlushTwoCollectors,
    {
      ...flatProfile(lateFlushTwoCollectors, 0, { copyToUser: copyNs, writePage: 1 }),
      wakes: { SLOTS_LOCKED: { ns: wakeNs, origin: 'a test' } },
    },
    {
      memoryBytes: 64 * 4096,
      vcpus: 1,
      workload: uniform(1000),
      mode: { collectEveryNs: refreshNs - 1e6 },
      durationNs: 40e6,
    },
  ),
);

describe('slots_lock that two threads want, under the clock', () => {
  it('has the second one sleep until the first lets go, and wake up slowly: then it pays for its own call', () => {
    const restNs = copyNs - 1e6;
    expect(one.getDirtyLogNs).toMatchObject({ count: 2, max: restNs + wakeNs + copyNs });
  });

  it('does not count the wait of the second as time of the first', () => {
    expect(one.history).toMatchObject([{ atNs: refreshNs - 1e6, getNs: copyNs }]);
    expect(one.getDirtyLogNs.mean).toBe((copyNs + one.getDirtyLogNs.max) / 2);
  });

  it('does not make a vCPU wait, which needs mmu_lock only', () => {
    expect(one.vcpuWriteNs.max).toBeLessThan(10);
  });
});
