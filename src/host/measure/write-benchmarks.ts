import { setImmediate as nextTurn } from 'node:timers/promises';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import { createPattern } from '../vm/vcpu.ts';
import { type BenchmarkGuest, randomPattern, timeNs, unloggedPage } from './benchmark-guest.ts';
import { takeSamples } from './samples.ts';
import { type Measurement, summarize, trimmedMean } from './statistics.ts';

const tlbHits = { pages: 16, writes: 100_000 };

/** Measures writes that hit the TLB, that miss it, and that fault. */
export async function measureWrites(guest: BenchmarkGuest, repeats: number) {
  await guest.write({ writes: guest.pages });
  const hits: { iterationNs: number; writeNs: number }[] = [];
  for (let n = 0; n < 3 * repeats; n++) hits.push(await guest.write(tlbHits));
  const iterationNs = summarize(hits.map((hit) => hit.iterationNs));
  const misses = await takeSamples(3 * repeats, async () => {
    const { iterationNs } = await guest.write({ ...randomPattern, writes: tlbHits.writes });
    return iterationNs;
  });
  guest.bitmap.get();
  const faults = await takeSamples(3 * repeats, async () => {
    const { writeNs } = await guest.write({ pages: 256, writes: 256 });
    guest.bitmap.get();
    return writeNs;
  });
  return {
    writeNs: summarize(hits.map((hit) => hit.writeNs)),
    iterationNs,
    tlbMissNs: summarize(misses.map((ns) => Math.max(0, ns - iterationNs.median))),
    faultNs: summarize(faults),
  };
}

/**
 * Measures a TLB flush: GET_DIRTY_LOG of one dirty page with the vCPU in the guest, less the same with the vCPU outside
 * it. The vCPU writes an unlogged page, so it has no faults of its own.
 */
export async function measureFlush(guest: BenchmarkGuest, repeats: number): Promise<Measurement> {
  const { bitmap } = guest;
  const get = (): number => timeNs(() => bitmap.get());
  const warmUp = (): void => {
    for (let n = 0; n < 5; n++) get();
  };
  const dirtyOnePage = (): Promise<unknown> => guest.write({ pages: 1, writes: 1 });
  const outside = await takeSamples(20 * repeats, async () => {
    warmUp();
    await dirtyOnePage();
    return get();
  });
  const inside = await takeSamples(20 * repeats, async () => {
    warmUp();
    await dirtyOnePage();
    return await guest.whileWriting(unloggedPage, async () => {
      await waitForWrites(guest);
      return get();
    });
  });
  const outsideNs = summarize(outside).median;
  return summarize(inside.map((ns) => Math.max(0, ns - outsideNs)));
}

async function waitForWrites({ vcpu }: BenchmarkGuest): Promise<void> {
  const before = vcpu.writes;
  while (vcpu.writes < before + 10) await nextTurn();
}

/**
 * Measures what an interrupt costs the guest: switching the log on flushes its TLB while it writes an unlogged page.
 * @param writeNs time of a write that is not interrupted
 */
export async function measureInterruption(
  guest: BenchmarkGuest,
  repeats: number,
  writeNs: number,
): Promise<Measurement> {
  const { vm, vcpu } = guest;
  const samples = await guest.whileWriting(unloggedPage, () =>
    takeSamples(10 * repeats, async () => {
      vm.setLogging(false);
      await waitForWrites(guest);
      vcpu.resetWorstCycles();
      vm.setLogging(true);
      await waitForWrites(guest);
      return vm.cyclesToNs(vcpu.worstCycles);
    }),
  );
  // The guest times half of its loop only. It does not notice an interrupt in the other half.
  const noticed = samples.filter((ns) => ns > 20 * writeNs);
  return summarize(noticed.length > 0 ? noticed : samples);
}

/**
 * Measures how long a fault holds mmu_lock. A CLEAR of clean pages takes the lock as well, and waits for a fault that
 * holds it: if faults come every T and hold it for h, a CLEAR waits h^2 / 2T on average. The baseline is the same CLEAR
 * while the guest writes an unlogged page.
 */
export async function measureFaultHold(guest: BenchmarkGuest, faultNs: number): Promise<Measurement> {
  const { bitmap, vcpu, pages } = guest;
  const calls = 4000;
  const clear = async (): Promise<number> => {
    const samples: number[] = [];
    for (let n = 0; n < calls; n++) samples.push(timeNs(() => bitmap.clear(0, pagesPerWord)));
    return trimmedMean(samples);
  };
  const holds: number[] = [];
  for (let n = 0; n < 5; n++) {
    const baseline = await guest.whileWriting(unloggedPage, clear);
    bitmap.get();
    bitmap.clear(0, pages);
    bitmap.words.fill(0);
    vcpu.setPattern(createPattern(pages));
    const exited = vcpu.enter();
    const before = vcpu.writes;
    while (vcpu.writes === before) await nextTurn();
    const contended = await clear();
    vcpu.requestExit();
    await exited;
    holds.push(Math.sqrt(2 * faultNs * Math.max(0, contended - baseline)));
  }
  return summarize(holds.map((ns) => Math.min(ns, faultNs)));
}
