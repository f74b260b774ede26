import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import { sweep } from '../vm/vcpu.ts';
import { leastSquares, type Measured, measured, trimmedMean } from './statistics.ts';
import { Subject, timeNs, unloggedPage } from './subject.ts';

/** What the microbenchmarks measured. All times in nanoseconds; words are the kernel's, of 64 pages. */
export interface Figures {
  /** a write that hits, as the guest times it */
  readonly writeNs: Measured;
  /** one turn of the guest's loop with a write that hits */
  readonly turnNs: Measured;
  /** what a write to a page costs more that is not in the TLB, caches included */
  readonly missNs: Measured;
  /** a write to a page that is write-protected, as the guest times it */
  readonly faultNs: Measured;
  /** of that, under mmu_lock */
  readonly faultHoldNs: Measured;
  /** GET_DIRTY_LOG that protects: of a clean bitmap, by its size */
  readonly emptyGet: Line;
  /** GET_DIRTY_LOG that only reads, by the size of the bitmap */
  readonly readGet: Line;
  /** a dirty word and a dirty page, of GET and of CLEAR in one call */
  readonly getDirty: Dirty;
  readonly clearDirty: Dirty;
  /** CLEAR_DIRTY_LOG of nothing, by the number of words in its range */
  readonly emptyClear: Line;
  /** from the guest's point of view: an interrupt to its CPU, and back */
  readonly interruptionNs: Measured;
  /** what a flush costs more when the vCPU is in the guest */
  readonly flushNs: Measured;
  /** switching the log on, a page */
  readonly enableNsPerPage: Measured;
}

/** A time by size: `baseNs`, and `nsPerWord` for each word. */
interface Line {
  readonly baseNs: Measured;
  readonly nsPerWord: Measured;
}

/** What dirty words and pages cost in one ioctl. */
interface Dirty {
  readonly nsPerWord: number;
  readonly nsPerPage: number;
  /** by the stride of the dirty pages: what a page costs in all */
  readonly byDensity: readonly { readonly stride: number; readonly nsPerPage: Measured }[];
}

/** How much is measured. */
export interface Effort {
  /** of the larger of the two guests; the smaller one has an eighth */
  readonly memoryBytes: number;
  readonly repeats: number;
  readonly device: string;
}

const strides = [1, 2, 4, 16, 64];
const pauseMs = 10;
const hits = { pages: 16, writes: 100_000 };

/** Runs all microbenchmarks, one after the other. `tell` is given what is measured next. */
export async function microbenchmarks(effort: Effort, tell: (what: string) => void): Promise<Figures> {
  const { memoryBytes, repeats, device } = effort;
  const on = <T>(hasClear: boolean, bytes: number, work: (subject: Subject) => Promise<T>): Promise<T> =>
    withSubject(bytes, hasClear, device, work);
  tell('writes, faults and GET_DIRTY_LOG');
  const protecting = await on(false, memoryBytes, async (subject) => ({
    ...(await writes(subject, repeats)),
    dirty: await dirtyCosts(subject, repeats, () => subject.bitmap.get()),
    empty: await emptyGets(subject, repeats),
    flushNs: await flush(subject, repeats),
    interruptionNs: await interruption(subject, repeats),
    enableNs: subject.enableNs,
    pages: subject.pages,
  }));
  tell('GET_DIRTY_LOG of a small bitmap');
  const small = await on(false, memoryBytes / 8, async (subject) => ({
    empty: await emptyGets(subject, repeats),
    pages: subject.pages,
  }));
  tell('CLEAR_DIRTY_LOG');
  const clearing = await on(true, memoryBytes, async (subject) => ({
    read: await emptyGets(subject, repeats),
    dirty: await dirtyCosts(
      subject,
      repeats,
      () => subject.bitmap.clear(0, subject.pages),
      () => subject.bitmap.get(),
    ),
    empty: await emptyClears(subject, repeats),
    faultHoldNs: await faultHold(subject, protecting.faultNs.median),
  }));
  const clearingSmall = await on(true, memoryBytes / 8, (subject) => emptyGets(subject, repeats));
  const words = { large: protecting.pages / pagesPerWord, small: small.pages / pagesPerWord };
  return {
    writeNs: protecting.writeNs,
    turnNs: protecting.turnNs,
    missNs: protecting.missNs,
    faultNs: protecting.faultNs,
    faultHoldNs: clearing.faultHoldNs,
    emptyGet: lineOf(small.empty, protecting.empty, words),
    readGet: lineOf(clearingSmall, clearing.read, words),
    getDirty: protecting.dirty,
    clearDirty: clearing.dirty,
    emptyClear: clearing.empty,
    flushNs: protecting.flushNs,
    interruptionNs: protecting.interruptionNs,
    enableNsPerPage: measured([protecting.enableNs / protecting.pages]),
  };
}

async function withSubject<T>(
  bytes: number,
  hasClear: boolean,
  device: string,
  work: (subject: Subject) => Promise<T>,
): Promise<T> {
  const subject = await Subject.create(bytes, hasClear, device);
  try {
    return await work(subject);
  } finally {
    await subject.machine.release();
  }
}

async function repeat(times: number, sample: () => number | Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < times; n++) {
    samples.push(await sample());
    await turn();
  }
  return samples;
}

/** Writes that hit, that miss the TLB, and that fault. */
async function writes(subject: Subject, repeats: number) {
  await subject.write({ writes: subject.pages });
  const hit: { turnNs: number; writeNs: number }[] = [];
  for (let n = 0; n < 3 * repeats; n++) hit.push(await subject.write(hits));
  const turnNs = measured(hit.map((one) => one.turnNs));
  const missed = await repeat(3 * repeats, async () => {
    const { turnNs } = await subject.write({ stride: 0, position: 4711n, writes: hits.writes });
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

/** What taking a dirty page costs, by density; the vCPU is not in the guest. `before` reads the log where `take` does not. */
async function dirtyCosts(
  subject: Subject,
  repeats: number,
  take: () => void,
  before: () => void = () => {},
): Promise<Dirty> {
  const { pages } = subject;
  const emptyNs = measured(
    await repeat(5 * repeats, () => {
      before();
      return timeNs(take);
    }),
  ).median;
  const byDensity: { stride: number; words: number; count: number; ns: Measured }[] = [];
  for (const stride of strides) {
    const count = Math.floor(pages / stride);
    const samples = await repeat(repeats, async () => {
      await subject.write({ stride, writes: count });
      before();
      return timeNs(take) - emptyNs;
    });
    byDensity.push({ stride, count, words: Math.ceil(pages / Math.max(stride, pagesPerWord)), ns: measured(samples) });
  }
  const [nsPerWord, nsPerPage] = leastSquares(
    byDensity.map(({ words, count, ns }) => ({ terms: [words, count], y: ns.median })),
  );
  return {
    nsPerWord,
    nsPerPage,
    byDensity: byDensity.map(({ stride, count, ns }) => ({
      stride,
      nsPerPage: { median: ns.median / count, mad: ns.mad / count, samples: ns.samples },
    })),
  };
}

/** GET of a clean bitmap after a pause, as rounds come: the caches have forgotten what the call needs. */
async function emptyGets(subject: Subject, repeats: number): Promise<Measured> {
  subject.bitmap.get();
  const samples = await repeat(10 * repeats, async () => {
    await wait(pauseMs);
    return timeNs(() => subject.bitmap.get());
  });
  return measured(samples);
}

/** CLEAR of clean pages: of one word, and of all. */
async function emptyClears({ bitmap, pages }: Subject, repeats: number): Promise<Line> {
  bitmap.words.fill(0);
  const one = measured(await repeat(20 * repeats, () => timeNs(() => bitmap.clear(0, pagesPerWord))));
  const all = measured(await repeat(20 * repeats, () => timeNs(() => bitmap.clear(0, pages))));
  return lineOf(one, all, { small: 1, large: pages / pagesPerWord });
}

function lineOf(small: Measured, large: Measured, words: { readonly small: number; readonly large: number }): Line {
  const span = words.large - words.small;
  const slope = Math.max(0, (large.median - small.median) / span);
  return {
    baseNs: { ...small, median: small.median - slope * words.small },
    nsPerWord: { median: slope, mad: (large.mad + small.mad) / span, samples: large.samples },
  };
}

/** GET of one dirty page while the vCPU is in the guest, and while it is not: the difference is the way to the vCPU and back. */
async function flush(subject: Subject, repeats: number): Promise<Measured> {
  const { bitmap } = subject;
  const oneDirty = async (): Promise<number> => {
    await subject.write({ pages: 1, writes: 1 });
    return timeNs(() => bitmap.get());
  };
  const outside = measured(await repeat(5 * repeats, oneDirty)).median;
  const inside = await subject.whileWriting(0, () =>
    repeat(20 * repeats, async () => {
      await waitForWrites(subject);
      return timeNs(() => bitmap.get());
    }),
  );
  return measured(inside.map((ns) => Math.max(0, ns - outside)));
}

async function waitForWrites({ vcpu }: Subject): Promise<void> {
  const before = vcpu.writes;
  while (vcpu.writes < before + 10) await turn();
}

/** What the guest loses by an interrupt: switching the log on flushes its TLB, while it writes where nothing is logged. */
async function interruption(subject: Subject, repeats: number): Promise<Measured> {
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
  return measured(samples);
}

/**
 * How long a fault holds mmu_lock: CLEAR of nothing takes the lock, too, and has to wait when it comes in between. If faults come every T and
 * hold for h, a CLEAR waits h^2 / 2T on average. The same CLEAR beside a guest that writes a page that is not logged is the comparison.
 */
async function faultHold(subject: Subject, faultNs: number): Promise<Measured> {
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
