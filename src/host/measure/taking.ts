import { pagesPerWord } from '../kernel/kvm-api.ts';
import type { Pattern } from '../vm/vcpu.ts';
import type { Effort } from './effort.ts';
import { sleepNow } from './quiet.ts';
import { repeat } from './repeat.ts';
import { leastSquares, type Measured, measured, type Point } from './statistics.ts';
import { atRandom, type Subject, timeNs, unloggedPage } from './subject.ts';

/** A time by size: `baseNs`, and `nsPerWord` for each word. */
export interface Line {
  readonly baseNs: Measured;
  readonly nsPerWord: Measured;
}

/** What dirty words and pages cost in one ioctl. */
export interface Dirty {
  readonly nsPerWord: number;
  readonly nsPerPage: number;
  /** with nothing dirty, at the end of a round */
  readonly emptyNs: Measured;
  /** by what was written before: what a page costs in all */
  readonly mixes: readonly { readonly name: string; readonly nsPerPage: Measured }[];
}

interface Mix {
  readonly name: string;
  readonly pattern: Partial<Pattern>;
  /** how long the guest writes; without it, it writes `writes` pages */
  readonly ms?: number;
}

const mixesOf = (pages: number, roundMs: readonly number[]): Mix[] => {
  const writes = Math.floor(pages / 4);
  return [
    ...roundMs.map((ms) => ({ name: `random pages, ${ms} ms of faults`, pattern: atRandom, ms })),
    ...roundMs.map((ms) => ({ name: `a run of pages, ${ms} ms of faults`, pattern: {}, ms })),
    { name: 'a run of a quarter of the memory', pattern: { writes } },
  ];
};

/** Where the vCPU has left the guest, this thread sleeps once more, for as long as in a short round: it is to come to the call with caches as cold. */
const lullMs = 20;

/** The guest writes for so long, leaves, and then the log is taken. Gives the time of that, in nanoseconds. */
async function takeAfter(subject: Subject, ms: number, pattern: Partial<Pattern>, taking: Taking): Promise<number> {
  await subject.writeFor(ms, pattern);
  sleepNow(lullMs);
  return takeNow(taking);
}

/** How the log is taken. */
export interface Taking {
  readonly take: () => void;
  /** reads the log where `take` does not */
  readonly before?: () => void;
}

/** Where nothing is logged. */
const nothing: Partial<Pattern> = { firstPage: unloggedPage, pages: 1 };

/** With nothing dirty. */
const emptyAfter = (subject: Subject, ms: number, taking: Taking): Promise<number> =>
  takeAfter(subject, ms, nothing, taking);

/** What taking dirty pages costs, the vCPU just out of the guest: a fit of a cost of a word that is not empty and one of a page. */
export async function dirtyCosts(
  subject: Subject,
  { repeats, roundMs }: Pick<Effort, 'repeats' | 'roundMs'>,
  taking: Taking,
): Promise<Dirty> {
  const { pages, bitmap } = subject;
  const empties = new Map<number, number[]>();
  for (const ms of roundMs) {
    empties.set(ms, await repeat(3 * repeats, () => emptyAfter(subject, ms, taking)));
  }
  const emptyOf = (ms: number): Measured => measured(empties.get(ms) ?? []);
  const fits: Point[] = [];
  const mixes: { name: string; nsPerPage: Measured }[] = [];
  for (const { name, pattern, ms } of mixesOf(pages, roundMs)) {
    const empty = emptyOf(ms ?? Math.max(...roundMs));
    const words: number[] = [];
    const dirty: number[] = [];
    const samples = await repeat(repeats, async () => {
      if (ms === undefined) await subject.write({ writes: 1, ...pattern });
      const ns = await takeAfter(subject, ms ?? 0, ms === undefined ? nothing : pattern, taking);
      words.push(bitmap.countWords());
      dirty.push(bitmap.count());
      return ns - empty.median;
    });
    const { median, mad } = measured(samples);
    const count = measured(dirty).median;
    fits.push({ terms: [measured(words).median, count], y: median, spread: mad + empty.mad });
    mixes.push({ name, nsPerPage: { median: median / count, mad: mad / count, samples: samples.length } });
  }
  const [nsPerWord, nsPerPage] = leastSquares(fits);
  return { nsPerWord, nsPerPage, emptyNs: measured([...empties.values()].flat()), mixes };
}

function takeNow({ before, take }: Taking): number {
  before?.();
  return timeNs(take);
}

/** GET of a clean bitmap: at the end of rounds, and one after the other. */
export async function emptyGets(
  subject: Subject,
  { repeats, roundMs }: Pick<Effort, 'repeats' | 'roundMs'>,
): Promise<{ roundNs: Measured; warmNs: Measured }> {
  const taking = { take: () => subject.bitmap.get() };
  subject.bitmap.get();
  const warmNs = measured(Array.from({ length: 100 * repeats }, () => timeNs(taking.take)));
  const rounds: number[] = [];
  for (const ms of roundMs) rounds.push(...(await repeat(3 * repeats, () => emptyAfter(subject, ms, taking))));
  return { roundNs: measured(rounds), warmNs };
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
