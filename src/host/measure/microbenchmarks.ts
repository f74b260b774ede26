import { PrecopyError } from '../../model/errors.ts';
import { pagesPerWord } from '../kernel/kvm-api.ts';
import { BenchmarkGuest } from './benchmark-guest.ts';
import { measureCollectorOverhead } from './collector-overhead.ts';
import {
  type CleanGets,
  type DirtyCosts,
  fitLine,
  type LinearCost,
  measureCleanClears,
  measureCleanGets,
  measureDirtyCosts,
} from './dirty-log-benchmarks.ts';
import type { MeasurementOptions } from './measurement-options.ts';
import { type Measurement, summarize } from './statistics.ts';
import { measureFaultHold, measureFlush, measureInterruption, measureWrites } from './write-benchmarks.ts';

/** Results of the microbenchmarks. Times are in nanoseconds; words are the kernel's, of 64 pages. */
export interface HostFigures {
  /** words of the bitmap */
  readonly words: number;
  /** a write to a mapped page, as the guest times it */
  readonly writeNs: Measurement;
  /** an iteration of the guest's loop with such a write */
  readonly iterationNs: Measurement;
  /** surcharge of a write to a page that is not in the TLB, caches included */
  readonly tlbMissNs: Measurement;
  /** a write to a write-protected page, as the guest times it */
  readonly faultNs: Measurement;
  /** of a fault, the time under mmu_lock */
  readonly faultHoldNs: Measurement;
  /** GET_DIRTY_LOG that protects, of a clean bitmap */
  readonly cleanGet: LinearCost;
  /** GET_DIRTY_LOG that only reads */
  readonly readGet: LinearCost;
  /** dirty words and pages in GET_DIRTY_LOG that protects */
  readonly getDirty: DirtyCosts;
  /** dirty words and pages in one CLEAR_DIRTY_LOG */
  readonly clearDirty: DirtyCosts;
  /** CLEAR_DIRTY_LOG of clean pages, by the words of its range */
  readonly cleanClear: LinearCost;
  /** an interrupt of the vCPU, as the guest times it */
  readonly interruptionNs: Measurement;
  /** surcharge of a flush with the vCPU in the guest */
  readonly flushNs: Measurement;
  /** time of the collector in user space around an ioctl */
  readonly collectorOverheadNs: Measurement;
  /** switching the log on, per page */
  readonly enableNsPerPage: Measurement;
}

/** Granularity of the guest memory: an eighth of it is the memory of the smaller guest. */
const granularityBytes = 2 ** 24;

/**
 * Runs all microbenchmarks, one after another.
 * @param onBenchmark called with the name of each benchmark before it runs
 * @throws PrecopyError `BAD_PARAMETER` unless the memory is a multiple of 16 MiB; else as `VirtualMachine.create`
 */
export async function runMicrobenchmarks(
  options: MeasurementOptions,
  onBenchmark: (name: string) => void,
): Promise<HostFigures> {
  const { memoryBytes, repeats, device } = options;
  if (memoryBytes % granularityBytes !== 0) {
    const cause = `a profile cannot be measured with a guest of ${memoryBytes / 2 ** 20} MiB`;
    throw new PrecopyError('BAD_PARAMETER', cause, 'give a multiple of 16 MiB');
  }
  const on = <T>(hasClear: boolean, bytes: number, work: (guest: BenchmarkGuest) => Promise<T>): Promise<T> =>
    withGuest(bytes, hasClear, device, work);
  onBenchmark('writes, faults and GET_DIRTY_LOG');
  const protecting = await on(false, memoryBytes, async (guest) => {
    const writes = await measureWrites(guest, repeats);
    return {
      ...writes,
      interruptionNs: await measureInterruption(guest, repeats, writes.writeNs.median),
      dirty: await measureDirtyCosts(guest, options, { call: () => guest.bitmap.get() }),
      clean: await measureCleanGets(guest, options),
      flushNs: await measureFlush(guest, repeats),
      collectorOverheadNs: measureCollectorOverhead(guest, repeats),
      enableLogNs: guest.enableLogNs,
      pages: guest.pages,
    };
  });
  onBenchmark('GET_DIRTY_LOG of a small bitmap');
  const small = await on(false, memoryBytes / 8, async (guest) => ({
    clean: await measureCleanGets(guest, options),
    pages: guest.pages,
  }));
  onBenchmark('CLEAR_DIRTY_LOG');
  const clearing = await on(true, memoryBytes, async (guest) => ({
    read: await measureCleanGets(guest, options),
    dirty: await measureDirtyCosts(guest, options, {
      call: () => guest.bitmap.clear(0, guest.pages),
      prepare: () => guest.bitmap.get(),
    }),
    clean: measureCleanClears(guest, repeats),
    faultHoldNs: await measureFaultHold(guest, protecting.faultNs.median),
  }));
  const smallRead = await on(true, memoryBytes / 8, (guest) => measureCleanGets(guest, options));
  const words = { large: protecting.pages / pagesPerWord, small: small.pages / pagesPerWord };
  return {
    words: words.large,
    writeNs: protecting.writeNs,
    iterationNs: protecting.iterationNs,
    tlbMissNs: protecting.tlbMissNs,
    faultNs: protecting.faultNs,
    faultHoldNs: clearing.faultHoldNs,
    cleanGet: cleanGetCost(small.clean, protecting.clean, words),
    readGet: cleanGetCost(smallRead, clearing.read, words),
    getDirty: protecting.dirty,
    clearDirty: clearing.dirty,
    cleanClear: clearing.clean,
    flushNs: protecting.flushNs,
    collectorOverheadNs: protecting.collectorOverheadNs,
    interruptionNs: protecting.interruptionNs,
    enableNsPerPage: summarize([protecting.enableLogNs / protecting.pages]),
  };
}

/** Combines the cost at the end of a round with the cost per word of warm calls, where nothing else is slow. */
function cleanGetCost(
  small: CleanGets,
  large: CleanGets,
  words: { readonly small: number; readonly large: number },
): LinearCost {
  const { nsPerWord } = fitLine(small.warmNs, large.warmNs, words);
  const baseNs = { ...large.roundNs, median: Math.max(0, large.roundNs.median - nsPerWord.median * words.large) };
  return { baseNs, nsPerWord };
}

async function withGuest<T>(
  bytes: number,
  hasClear: boolean,
  device: string,
  work: (guest: BenchmarkGuest) => Promise<T>,
): Promise<T> {
  const guest = await BenchmarkGuest.create(bytes, hasClear, device);
  try {
    return await work(guest);
  } finally {
    await guest.vm.release();
  }
}
