import { describe, expect, it } from 'vitest';
import { lateFlushTwoCollectors } from '../../machines/designs/index.ts';
import { experiment, flatProfile, simulated, uniform } from './toy.ts';

const copyNs = 4e6;
const wakeNs = 5000;
const refreshNs = 30e6;

/** QEMU reads the log at 29 ms, the display at 30 ms, while the first copy to user space still holds slots_lock. */
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

describe('contention for slots_lock', () => {
  it('makes the second thread sleep until the release; then it pays for its wake-up and its own call', () => {
    const restNs = copyNs - 1e6;
    expect(one.getDirtyLogNs).toMatchObject({ count: 2, max: restNs + wakeNs + copyNs });
  });

  it('does not charge the wait of the second thread to the first', () => {
    expect(one.history).toMatchObject([{ atNs: refreshNs - 1e6, getNs: copyNs }]);
    expect(one.getDirtyLogNs.mean).toBe((copyNs + one.getDirtyLogNs.max) / 2);
  });

  it('does not delay vCPUs, which need mmu_lock only', () => {
    expect(one.vcpuWriteNs.max).toBeLessThan(10);
  });
});
