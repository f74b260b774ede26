import { describe, expect, it } from 'vitest';
import { LockTimelineRecorder } from '../../src/clock/lock-timeline.ts';

const [vcpu0, vcpu1, get] = [0, 1, 2];
const recorder = (): LockTimelineRecorder =>
  new LockTimelineRecorder('mmu_lock', ['vcpu0', 'vcpu1', 'getDirtyLog'], ['vcpu', 'vcpu', 'getDirtyLog']);

/** GET holds the lock from 1000 to 5000; vcpu0 requests it at 2000. */
function collision(): LockTimelineRecorder {
  const lock = recorder();
  lock.lockRequested('mmu_lock', get, 1000);
  lock.lockGranted('mmu_lock', get, 1000);
  lock.lockRequested('mmu_lock', vcpu0, 2000);
  lock.lockReleased('mmu_lock', get, 5000);
  lock.lockGranted('mmu_lock', vcpu0, 5000);
  lock.lockReleased('mmu_lock', vcpu0, 5500);
  return lock;
}

describe('the timeline of a lock', () => {
  it('gives per bin the fraction that each role held the lock, and the mean number of waiters', () => {
    const { binNs, heldBy, waiting } = collision().timeline();
    expect(binNs).toBe(1000);
    expect(heldBy).toEqual({ getDirtyLog: [0, 1, 1, 1, 1, 0], vcpu: [0, 0, 0, 0, 0, 0.5] });
    expect(waiting).toEqual([0, 0, 1, 1, 1, 0]);
  });

  it('contains the longest wait and the holders during it', () => {
    const { longestWait } = collision().timeline();
    expect(longestWait?.wait).toEqual({ actor: 'vcpu0', kind: 'waits', fromNs: 2000, toNs: 5000 });
    expect(longestWait?.spans).toContainEqual({ actor: 'getDirtyLog', kind: 'holds', fromNs: 1000, toNs: 5000 });
  });

  it('keeps the longest wait when shorter ones follow', () => {
    const lock = collision();
    lock.lockRequested('mmu_lock', vcpu1, 9000);
    lock.lockGranted('mmu_lock', vcpu1, 9010);
    lock.lockReleased('mmu_lock', vcpu1, 9020);
    expect(lock.timeline().longestWait?.wait.actor).toBe('vcpu0');
  });

  it('preserves the total hold time as bins are merged', () => {
    const lock = recorder();
    for (let n = 0; n < 10_000; n++) {
      lock.lockGranted('mmu_lock', get, n * 1_000_000);
      lock.lockReleased('mmu_lock', get, n * 1_000_000 + 250_000);
    }
    const { binNs, heldBy } = lock.timeline();
    const parts = heldBy['getDirtyLog'] as readonly number[];
    expect(parts.length).toBeLessThanOrEqual(1024);
    expect(parts.reduce((sum, part) => sum + part * binNs, 0)).toBeCloseTo(10_000 * 250_000, 0);
  });

  it('ignores other locks', () => {
    const lock = recorder();
    lock.lockGranted('slotsLock', get, 0);
    lock.lockReleased('slotsLock', get, 100);
    expect(lock.timeline().heldBy).toEqual({});
  });

  it('has no longest wait if no actor waited', () => {
    const lock = recorder();
    lock.lockGranted('mmu_lock', vcpu0, 0);
    expect(lock.timeline().longestWait).toBeUndefined();
  });
});
