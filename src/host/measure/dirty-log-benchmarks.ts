import { pagesPerWord } from '../kernel/kvm-api.ts';
import type { WritePattern } from '../vm/vcpu.ts';
import { type BenchmarkGuest, randomPattern, timeNs, unloggedPage } from './benchmark-guest.ts';
import type { MeasurementOptions } from './measurement-options.ts';
import { takeSamples } from './samples.ts';
import { sleepBlocking } from './sleep.ts';
import { type FitPoint, leastSquares, type Measurement, summarize } from './statistics.ts';

/** A cost that is linear in the size of the bitmap. */
export interface LinearCost {
  readonly baseNs: Measurement;
  readonly nsPerWord: Measurement;
}

/** Costs of dirty words and pages in one ioctl. */
export interface DirtyCosts {
  readonly nsPerWord: number;
  readonly nsPerPage: number;
  /** of a clean bitmap, at the end of a round */
  readonly emptyNs: Measurement;
  /** total cost of a page, by what was written before */
  readonly mixes: readonly { readonly name: string; readonly nsPerPage: Measurement }[];
}

interface WriteMix {
  readonly name: string;
  readonly pattern: Partial<WritePattern>;
  /** length of the round; without it the pattern has an end */
  readonly ms?: number;
}

function writeMixes(pages: number, roundMs: readonly number[]): WriteMix[] {
  const writes = Math.floor(pages / 4);
  return [
    ...roundMs.map((ms) => ({ name: `random pages, ${ms} ms of faults`, pattern: randomPattern, ms })),
    ...roundMs.map((ms) => ({ name: `a run of pages, ${ms} ms of faults`, pattern: {}, ms })),
    { name: 'a run of a quarter of the memory', pattern: { writes } },
  ];
}

/** Sleep between the exit of the vCPU and the ioctl, so that caches are as cold as in a short round. */
const pauseMs = 20;

/** An ioctl to time. */
export interface TimedCall {
  readonly call: () => void;
  /** runs before it, untimed */
  readonly prepare?: () => void;
}

/** Runs the guest for a round, and returns the time of the ioctl after it, in nanoseconds. */
async function timeAfterRound(
  guest: BenchmarkGuest,
  ms: number,
  pattern: Partial<WritePattern>,
  { call, prepare }: TimedCall,
): Promise<number> {
  await guest.writeFor(ms, pattern);
  sleepBlocking(pauseMs);
  prepare?.();
  return timeNs(call);
}

const unloggedPattern: Partial<WritePattern> = { firstPage: unloggedPage, pages: 1 };

const timeAfterCleanRound = (guest: BenchmarkGuest, ms: number, timed: TimedCall): Promise<number> =>
  timeAfterRound(guest, ms, unloggedPattern, timed);

/**
 * Measures an ioctl on dirty pages after the vCPU left the guest, and fits the costs of a dirty word and a dirty page.
 */
export async function measureDirtyCosts(
  guest: BenchmarkGuest,
  { repeats, roundMs }: Pick<MeasurementOptions, 'repeats' | 'roundMs'>,
  timed: TimedCall,
): Promise<DirtyCosts> {
  const { pages, bitmap } = guest;
  const empties = new Map<number, number[]>();
  for (const ms of roundMs) {
    empties.set(ms, await takeSamples(3 * repeats, () => timeAfterCleanRound(guest, ms, timed)));
  }
  const emptyOf = (ms: number): Measurement => summarize(empties.get(ms) ?? []);
  const points: FitPoint[] = [];
  const mixes: { name: string; nsPerPage: Measurement }[] = [];
  for (const { name, pattern, ms } of writeMixes(pages, roundMs)) {
    const empty = emptyOf(ms ?? Math.max(...roundMs));
    const words: number[] = [];
    const dirty: number[] = [];
    const samples = await takeSamples(repeats, async () => {
      if (ms === undefined) await guest.write({ writes: 1, ...pattern });
      const ns = await timeAfterRound(guest, ms ?? 0, ms === undefined ? unloggedPattern : pattern, timed);
      words.push(bitmap.countDirtyWords());
      dirty.push(bitmap.countDirtyPages());
      return ns - empty.median;
    });
    const { median, mad } = summarize(samples);
    const count = summarize(dirty).median;
    points.push({ terms: [summarize(words).median, count], y: median, spread: mad + empty.mad });
    mixes.push({ name, nsPerPage: { median: median / count, mad: mad / count, samples: samples.length } });
  }
  const [nsPerWord, nsPerPage] = leastSquares(points);
  return { nsPerWord, nsPerPage, emptyNs: summarize([...empties.values()].flat()), mixes };
}

/** Times of GET_DIRTY_LOG of a clean bitmap. */
export interface CleanGets {
  /** at the end of a round */
  readonly roundNs: Measurement;
  /** one call after another */
  readonly warmNs: Measurement;
}

/** Measures GET_DIRTY_LOG of a clean bitmap. */
export async function measureCleanGets(
  guest: BenchmarkGuest,
  { repeats, roundMs }: Pick<MeasurementOptions, 'repeats' | 'roundMs'>,
): Promise<CleanGets> {
  const timed = { call: () => guest.bitmap.get() };
  guest.bitmap.get();
  const warmNs = summarize(Array.from({ length: 100 * repeats }, () => timeNs(timed.call)));
  const rounds: number[] = [];
  for (const ms of roundMs) {
    rounds.push(...(await takeSamples(3 * repeats, () => timeAfterCleanRound(guest, ms, timed))));
  }
  return { roundNs: summarize(rounds), warmNs };
}

/** Measures CLEAR_DIRTY_LOG of clean pages, one call after another: of one word, and of all. */
export function measureCleanClears({ bitmap, pages }: BenchmarkGuest, repeats: number): LinearCost {
  bitmap.words.fill(0);
  const clear = (range: number): Measurement =>
    summarize(Array.from({ length: 200 * repeats }, () => timeNs(() => bitmap.clear(0, range))));
  return fitLine(clear(pagesPerWord), clear(pages), { small: 1, large: pages / pagesPerWord });
}

/** Returns the line through the costs of two sizes. Its slope is not negative. */
export function fitLine(
  small: Measurement,
  large: Measurement,
  words: { readonly small: number; readonly large: number },
): LinearCost {
  const span = words.large - words.small;
  const slope = Math.max(0, (large.median - small.median) / span);
  return {
    baseNs: { ...small, median: small.median - slope * words.small },
    nsPerWord: { median: slope, mad: (large.mad + small.mad) / span, samples: large.samples },
  };
}
