import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { experiment, flatProfile, runOf, simulated, uniform } from './toy.ts';

const pages = (count: number): { memoryBytes: number } => ({ memoryBytes: count * 4096 });
const flat = flatProfile(rmapXchg, 0, {
  writePage: 1,
  fillTlb: 10,
  exitForPage: 100,
  requestMmuLock: 1000,
  markPageDirty: 2000,
  setSpteWritable: 3000,
  enterGuestMode: 500,
});

describe('one vCPU and one lock with constant costs', () => {
  const one = simulated(
    experiment(rmapXchg, flat, {
      ...pages(1),
      vcpus: 1,
      workload: uniform(1000),
      mode: { collectEveryNs: 10e6 },
      durationNs: 1e9,
    }),
  );

  it('the latency of a faulting write is the sum of its costs', () => {
    // exit, lock, mark, install, entry, a walk of the TLB, and the write
    expect(one.vcpuWriteNs.max).toBe(100 + 1000 + 2000 + 3000 + 500 + 10 + 1);
  });

  it('a write that hits the TLB takes only the cost of the write', () => {
    expect(one.vcpuWriteNs.p50).toBe(1);
  });

  it('the lock is held until the spte is installed, and no actor waits', () => {
    const { holdNs, waitNs } = one.mmuLockByActor['vcpu0'] as (typeof one.mmuLockByActor)[string];
    expect(holdNs).toMatchObject({ mean: 5000, p50: 5000, max: 5000 });
    expect(waitNs.max).toBe(0);
  });

  it('there is one fault per log that contains the page', () => {
    const logged = one.history.reduce((sum, { loggedPages }) => sum + loggedPages, 0);
    expect(logged).toBeGreaterThan(50);
    expect(Math.abs(one.faults - logged)).toBeLessThanOrEqual(1);
  });
});

describe('a vCPU that faults while GET_DIRTY_LOG holds mmu_lock', () => {
  /** 64 dirty pages in one word: the hold time is known to the nanosecond. */
  const slow = {
    ...flatProfile(rmapXchg, 0, { xchgDirtyWord: 1000, writeProtectPage: 100e3, nextWord: 10, writePage: 1 }),
    tlbEntries: { count: 1, origin: 'a test' },
  };
  const one = simulated(
    experiment(rmapXchg, slow, {
      ...pages(64),
      vcpus: 2,
      workload: uniform(100_000),
      mode: { collectEveryNs: 50e6 },
      durationNs: 120e6,
    }),
  );

  it('waits for the rest of the hold', () => {
    const holdNs = one.mmuLockByActor['getDirtyLog']?.holdNs.max;
    expect(holdNs).toBe(1000 + 64 * 100e3 + 10);
    const waits = ['vcpu0', 'vcpu1'].map((name) => one.mmuLockByActor[name]?.waitNs.max as number);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(holdNs as number);
    expect(Math.max(...waits)).toBeGreaterThan(0.5 * (holdNs as number));
  });

  it('has that wait in the latency of its write', () => {
    const longest = Math.max(...['vcpu0', 'vcpu1'].map((name) => one.mmuLockByActor[name]?.waitNs.max as number));
    expect(one.vcpuWriteNs.max).toBeGreaterThanOrEqual(longest);
    expect(one.vcpuWriteNs.max).toBeLessThan(longest + 100e3);
  });
});

it('time is monotonic, globally and per actor', () => {
  let last = 0;
  const doneAt: number[] = [];
  runOf(experiment(rmapXchg, flatProfile(rmapXchg, 50, { IPI: 2000, IPI_ACK: 100 })), 0, {
    step: ({ actor, fromNs, atNs, toNs }) => {
      expect(atNs).toBeGreaterThanOrEqual(last);
      expect(fromNs).toBeGreaterThanOrEqual(doneAt[actor] ?? 0);
      expect(toNs).toBeGreaterThanOrEqual(fromNs);
      last = atNs;
      doneAt[actor] = toNs;
    },
  });
  expect(last).toBeGreaterThan(0.9e9);
});

it('a posted message is not taken before its latency has passed', () => {
  const sent = new Map<string, number>();
  let taken = 0;
  runOf(experiment(rmapXchg, flatProfile(rmapXchg, 50, { IPI: 2000, IPI_ACK: 100 })), 0, {
    messageSent: (type, from, to, atNs, arrivesNs) => {
      expect(arrivesNs - atNs).toBe(type === 'IPI' ? 2000 : 100);
      sent.set(`${type} ${from} ${to}`, arrivesNs);
    },
    messageTaken: (type, from, to, atNs) => {
      expect(atNs).toBeGreaterThanOrEqual(sent.get(`${type} ${from} ${to}`) as number);
      taken++;
    },
  });
  expect(taken).toBeGreaterThan(10);
});

it('runs with the same seed yield identical figures, runs with another seed do not', () => {
  const figures = (seed: number): string =>
    JSON.stringify(simulated(experiment(rmapXchg, flatProfile(rmapXchg, 50), { seed })));
  expect(figures(7)).toBe(figures(7));
  expect(figures(7)).not.toBe(figures(8));
});
