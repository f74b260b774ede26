import { setTimeout as wait } from 'node:timers/promises';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import type { Pattern } from '../vm/vcpu.ts';
import { repeat } from './repeat.ts';
import { leastSquares, type Measured, measured } from './statistics.ts';
import { type Subject, timeNs } from './subject.ts';

/** A time by size: `baseNs`, and `nsPerWord` for each word. */
export interface Line {
  readonly baseNs: Measured;
  readonly nsPerWord: Measured;
}

/** What dirty words and pages cost in one ioctl. */
export interface Dirty {
  readonly nsPerWord: number;
  readonly nsPerPage: number;
  /** with nothing dirty, after a pause */
  readonly emptyNs: Measured;
  /** by what was written before: what a page costs in all */
  readonly mixes: readonly { readonly name: string; readonly nsPerPage: Measured }[];
}

/** After so long without a call the caches have forgotten what it needs: so it is in the rounds of a migration. */
const pauseMs = 50;

/**
 * What is dirty when the log is taken: as much as a vCPU that always faults gets done in 20 and in 100 ms, at random and one page after the
 * other, and much.
 */
const mixesOf = (
  pages: number,
  faultNs: number,
): (Pick<Pattern, 'writes'> & Partial<Pattern> & { readonly name: string })[] => {
  const random = { stride: 0, position: 4711n };
  const pagesIn = (ms: number): number => Math.min(Math.floor(pages / 8), Math.floor((ms * 1e6) / faultNs));
  return [
    { name: 'random pages, 20 ms of faults', writes: pagesIn(20), ...random },
    { name: 'random pages, 100 ms of faults', writes: pagesIn(100), ...random },
    { name: 'a run of pages, 20 ms of faults', writes: pagesIn(20) },
    { name: 'a run of pages, 100 ms of faults', writes: pagesIn(100) },
    { name: 'a run of a quarter of the memory', writes: Math.floor(pages / 4) },
  ];
};

/**
 * What taking dirty pages costs after a pause, the vCPU not in the guest: a fit of a cost of a word that is not empty and one of a page.
 * `before` reads the log where `take` does not.
 */
export async function dirtyCosts(
  subject: Subject,
  repeats: number,
  faultNs: number,
  take: () => void,
  before: () => void = () => {},
): Promise<Dirty> {
  const { pages, bitmap } = subject;
  const afterPause = async (): Promise<number> => {
    await wait(pauseMs);
    before();
    return timeNs(take);
  };
  const emptyNs = measured(await repeat(6 * repeats, afterPause));
  const fits: { terms: [number, number]; y: number }[] = [];
  const mixes: { name: string; nsPerPage: Measured }[] = [];
  for (const { name, ...pattern } of mixesOf(pages, faultNs)) {
    let dirty = { words: 1, pages: 1 };
    const samples = await repeat(repeats, async () => {
      await subject.write(pattern);
      const ns = (await afterPause()) - emptyNs.median;
      dirty = { words: bitmap.countWords(), pages: bitmap.count() };
      return Math.max(1, ns);
    });
    const { median, mad } = measured(samples);
    fits.push({ terms: [dirty.words, dirty.pages], y: median });
    mixes.push({ name, nsPerPage: { median: median / dirty.pages, mad: mad / dirty.pages, samples: samples.length } });
  }
  const [nsPerWord, nsPerPage] = leastSquares(fits);
  return { nsPerWord, nsPerPage, emptyNs, mixes };
}

/** GET of a clean bitmap: after a pause, and one after the other. */
export async function emptyGets(
  { bitmap }: Subject,
  repeats: number,
): Promise<{ pausedNs: Measured; warmNs: Measured }> {
  const get = (): number => timeNs(() => bitmap.get());
  get();
  const warmNs = measured(Array.from({ length: 100 * repeats }, get));
  const paused = await repeat(6 * repeats, async () => {
    await wait(pauseMs);
    return get();
  });
  return { pausedNs: measured(paused), warmNs };
}

/** CLEAR of clean pages, one call after the other: of one word, and of all. */
export function emptyClears({ bitmap, pages }: Subject, repeats: number): Line {
  bitmap.words.fill(0);
  const clears = (range: number): Measured =>
    measured(Array.from({ length: 200 * repeats }, () => timeNs(() => bitmap.clear(0, range))));
  return lineOf(clears(pagesPerWord), clears(pages), { small: 1, large: pages / pagesPerWord });
}

/** The line through two sizes. */
export function lineOf(
  small: Measured,
  large: Measured,
  words: { readonly small: number; readonly large: number },
): Line {
  const span = words.large - words.small;
  const slope = Math.max(0, (large.median - small.median) / span);
  return {
    baseNs: { ...small, median: small.median - slope * words.small },
    nsPerWord: { median: slope, mad: (large.mad + small.mad) / span, samples: large.samples },
  };
}
