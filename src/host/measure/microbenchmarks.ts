import { PrecopyError } from '../../model/errors.ts';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import { collectorNs } from './collector.ts';
import type { Effort } from './effort.ts';
import { faultHold, flush, interruption, writes } from './faults.ts';
import { type Measured, measured } from './statistics.ts';
import { Subject } from './subject.ts';
import { type Dirty, dirtyCosts, emptyClears, emptyGets, type Line, lineOf } from './taking.ts';

/** What the microbenchmarks measured. All times in nanoseconds; words are the kernel's, of 64 pages. */
export interface Figures {
  /** of the bitmap */
  readonly words: number;
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
  /** what the thread that takes the log runs in user space around an ioctl */
  readonly collectorNs: Measured;
  /** switching the log on, a page */
  readonly enableNsPerPage: Measured;
}

/** An eighth of it is to be a guest, too. */
const leastBytes = 2 ** 24;

/**
 * Runs all microbenchmarks, one after the other. `tell` is given what is measured next.
 * @throws PrecopyError `BAD_PARAMETER` for memory that is no multiple of 16 MiB, and as `Machine.create`
 */
export async function microbenchmarks(effort: Effort, tell: (what: string) => void): Promise<Figures> {
  const { memoryBytes, repeats, device } = effort;
  if (memoryBytes % leastBytes !== 0) {
    const text = `a profile cannot be measured on a guest of ${memoryBytes / 2 ** 20} MiB`;
    throw new PrecopyError('BAD_PARAMETER', text, 'give a multiple of 16 MiB');
  }
  const on = <T>(hasClear: boolean, bytes: number, work: (subject: Subject) => Promise<T>): Promise<T> =>
    withSubject(bytes, hasClear, device, work);
  tell('writes, faults and GET_DIRTY_LOG');
  const protecting = await on(false, memoryBytes, async (subject) => {
    const written = await writes(subject, repeats);
    return {
      ...written,
      interruptionNs: await interruption(subject, repeats, written.writeNs.median),
      dirty: await dirtyCosts(subject, effort, { take: () => subject.bitmap.get() }),
      empty: await emptyGets(subject, effort),
      flushNs: await flush(subject, repeats),
      collectorNs: collectorNs(subject, repeats),
      enableNs: subject.enableNs,
      pages: subject.pages,
    };
  });
  tell('GET_DIRTY_LOG of a small bitmap');
  const small = await on(false, memoryBytes / 8, async (subject) => ({
    empty: await emptyGets(subject, effort),
    pages: subject.pages,
  }));
  tell('CLEAR_DIRTY_LOG');
  const clearing = await on(true, memoryBytes, async (subject) => ({
    read: await emptyGets(subject, effort),
    dirty: await dirtyCosts(subject, effort, {
      take: () => subject.bitmap.clear(0, subject.pages),
      before: () => subject.bitmap.get(),
    }),
    empty: emptyClears(subject, repeats),
    faultHoldNs: await faultHold(subject, protecting.faultNs.median),
  }));
  const clearingSmall = await on(true, memoryBytes / 8, (subject) => emptyGets(subject, effort));
  const words = { large: protecting.pages / pagesPerWord, small: small.pages / pagesPerWord };
  return {
    words: words.large,
    writeNs: protecting.writeNs,
    turnNs: protecting.turnNs,
    missNs: protecting.missNs,
    faultNs: protecting.faultNs,
    faultHoldNs: clearing.faultHoldNs,
    emptyGet: emptyLine(small.empty, protecting.empty, words),
    readGet: emptyLine(clearingSmall, clearing.read, words),
    getDirty: protecting.dirty,
    clearDirty: clearing.dirty,
    emptyClear: clearing.empty,
    flushNs: protecting.flushNs,
    collectorNs: protecting.collectorNs,
    interruptionNs: protecting.interruptionNs,
    enableNsPerPage: measured([protecting.enableNs / protecting.pages]),
  };
}

/** GET of no dirty page: what it takes at the end of a round, and what a word adds, which only shows when nothing else is slow. */
function emptyLine(
  small: Awaited<ReturnType<typeof emptyGets>>,
  large: Awaited<ReturnType<typeof emptyGets>>,
  words: { readonly small: number; readonly large: number },
): Line {
  const { nsPerWord } = lineOf(small.warmNs, large.warmNs, words);
  const baseNs = { ...large.roundNs, median: Math.max(0, large.roundNs.median - nsPerWord.median * words.large) };
  return { baseNs, nsPerWord };
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
