import { setImmediate as turn } from 'node:timers/promises';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import { sweep } from '../vm/vcpu.ts';
import { repeat } from './repeat.ts';
import { type Measured, measured, trimmedMean } from './statistics.ts';
import { atRandom, type Subject, timeNs, unloggedPage } from './subject.ts';

const hits = { pages: 16, writes: 100_000 };

/** Writes that hit, that miss the TLB, and that fault. */
export async function writes(subject: Subject, repeats: number) {
  await subject.write({ writes: subject.pages });
  const hit: { turnNs: number; writeNs: number }[] = [];
  for (let n = 0; n < 3 * repeats; n++) hit.push(await subject.write(hits));
  const turnNs = measured(hit.map((one) => one.turnNs));
  const missed = await repeat(3 * repeats, async () => {
    const { turnNs } = await subject.write({ ...atRandom, writes: hits.writes });
    return turnNs;
  });
  subject.bitmap.get();
  const faults = await repeat(3 * repeats, async () => {
    const { writeNs } = await subject.write({ pages: 256, writes: 256 });
    subject.bitmap.get();
    return writeNs;
  });
  return {
    writeNs: measured(hit.map((one) => one.writeNs)),
    turnNs,
    missNs: measured(missed.map((ns) => Math.max(0, ns - turnNs.median))),
    faultNs: measured(faults),
  };
}

/**
 * GET of one dirty page while the vCPU is in the guest, and while it is not: the difference is the way to the vCPU and back. The vCPU writes a
 * page that is not logged, so that it has no faults of its own.
 */
export async function flush(subject: Subject, repeats: number): Promise<Measured> {
  const { bitmap } = subject;
  const get = (): number => timeNs(() => bitmap.get());
  const warmUp = (): void => {
    for (let n = 0; n < 5; n++) get();
  };
  const dirtyOne = (): Promise<unknown> => subject.write({ pages: 1, writes: 1 });
  const outside = await repeat(20 * repeats, async () => {
    warmUp();
    await dirtyOne();
    return get();
  });
  const inside = await repeat(20 * repeats, async () => {
    warmUp();
    await dirtyOne();
    return await subject.whileWriting(unloggedPage, async () => {
      await waitForWrites(subject);
      return get();
    });
  });
  const without = measured(outside).median;
  return measured(inside.map((ns) => Math.max(0, ns - without)));
}

async function waitForWrites({ vcpu }: Subject): Promise<void> {
  const before = vcpu.writes;
  while (vcpu.writes < before + 10) await turn();
}

/** What the guest loses by an interrupt: switching the log on flushes its TLB, while it writes where nothing is logged. */
export async function interruption(subject: Subject, repeats: number, writeNs: number): Promise<Measured> {
  const { machine, vcpu } = subject;
  const samples = await subject.whileWriting(unloggedPage, () =>
    repeat(10 * repeats, async () => {
      machine.setLogging(false);
      await waitForWrites(subject);
      vcpu.forgetWorst();
      machine.setLogging(true);
      await waitForWrites(subject);
      return machine.nsOfCycles(vcpu.worstCycles);
    }),
  );
  // Half of the loop is not timed: an interrupt there is not seen.
  const seen = samples.filter((ns) => ns > 20 * writeNs);
  return measured(seen.length > 0 ? seen : samples);
}

/**
 * How long a fault holds mmu_lock: CLEAR of nothing takes the lock, too, and has to wait when it comes in between. If faults come every T and
 * hold for h, a CLEAR waits h^2 / 2T on average. The same CLEAR beside a guest that writes a page that is not logged is the comparison.
 */
export async function faultHold(subject: Subject, faultNs: number): Promise<Measured> {
  const { bitmap, vcpu, pages } = subject;
  const calls = 4000;
  const clears = async (): Promise<number> => {
    const samples: number[] = [];
    for (let n = 0; n < calls; n++) samples.push(timeNs(() => bitmap.clear(0, pagesPerWord)));
    return trimmedMean(samples);
  };
  const holds: number[] = [];
  for (let n = 0; n < 5; n++) {
    const alone = await subject.whileWriting(unloggedPage, clears);
    bitmap.get();
    bitmap.clear(0, pages);
    bitmap.words.fill(0);
    vcpu.setPattern(sweep(pages));
    const left = vcpu.enter();
    const before = vcpu.writes;
    while (vcpu.writes === before) await turn();
    const contended = await clears();
    vcpu.tellToLeave();
    await left;
    holds.push(Math.sqrt(2 * faultNs * Math.max(0, contended - alone)));
  }
  return measured(holds.map((ns) => Math.min(ns, faultNs)));
}
