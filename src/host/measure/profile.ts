import type { Cost, Profile } from '../../clock/cost-profile.ts';
import type { HostIdentity } from '../probe.ts';
import type { Figures } from './microbenchmarks.ts';
import type { Measured } from './statistics.ts';

const bytesPerWord = 8;
/** A normal distribution deviates by so many times the median distance from its median. */
const madToDeviation = 1.4826;
const leastIpiNs = 100;
/** Shorter than a round, and longer than what is between two chunks. */
const pauseNs = 10e6;

/**
 * Turns what was measured into a cost profile: for the actions of `rmap-xchg` and `manual-clear`, on top of one that has costs for all actions.
 * The origin of each cost says how it was measured.
 */
export function profileOf(figures: Figures, host: HostIdentity, date: string, base: Profile): Profile {
  const { kernel, processor, mmu } = host;
  const costs = measuredCosts(figures);
  const { exitNs, answerNs } = waysOf(figures);
  const ipiNs = Math.max(leastIpiNs, figures.flushNs.median - exitNs - answerNs);
  const ipi: Cost = {
    ns: ipiNs,
    origin: `measured ${figures.flushNs.samples} times: what a flush costs more with the vCPU in the guest, without its exit and its answer`,
  };
  return {
    name: `measured ${kernel}`,
    says: `${processor}, ${mmu}, Linux ${kernel}, measured ${date}; what is not measured is of ${base.name}`,
    host: { kernel, processor, mmu, date },
    costs: { ...base.costs, ...costs },
    free: {
      ...base.free,
      actions: base.free.actions.filter((action) => !(action in costs)),
    },
    latencies: { ...base.latencies, IPI: ipi },
    wakes: base.wakes,
    ...(base.contextSwitch && { contextSwitch: base.contextSwitch }),
    exitsPerSecond: base.exitsPerSecond,
    tlbEntries: base.tlbEntries,
  };
}

/** How a fault, and an interrupt of the guest, are divided. */
function waysOf(f: Figures): { holdNs: number; exitNs: number; answerNs: number } {
  const fault = f.faultNs.median - f.writeNs.median;
  const holdNs = Math.min(f.faultHoldNs.median, fault);
  const exitNs = (fault - holdNs) / 2;
  return { holdNs, exitNs, answerNs: Math.max(0, f.interruptionNs.median - 2 * exitNs) };
}

function measuredCosts(f: Figures): Record<string, Cost> {
  const { holdNs, exitNs, answerNs } = waysOf(f);
  const readWord = f.readGet.nsPerWord.median;
  const scanWord = Math.max(0, f.emptyGet.nsPerWord.median - readWord);
  const warmClearNs = f.emptyClear.baseNs.median + f.emptyClear.nsPerWord.median * f.words;
  const none = (origin: string): Cost => ({ ns: 0, origin });
  const page = (f.getDirty.nsPerPage + f.clearDirty.nsPerPage) / 2;
  const half = cost({ ...f.faultNs, median: exitNs }, 'half of a write fault without its part under mmu_lock');
  const answer: Cost = {
    ...(answerNs > 0 && {
      distribution: {
        lognormal: { medianNs: answerNs, sigma: Math.min(1, (madToDeviation * f.flushNs.mad) / answerNs) },
      },
    }),
    origin: `measured ${f.interruptionNs.samples} times: what an interrupt costs the guest more than VM exit and VM entry; it varies as flushes do`,
  };
  return {
    writePage: cost(f.writeNs, 'the median of writes to 16 pages, as the guest times them'),
    fillTlb: cost(f.missNs, 'what a random write over all memory takes more than one to 16 pages: TLB and caches'),
    vmExit: half,
    vmEntry: half,
    leaveGuestMode: half,
    enterGuestMode: half,
    cancelEntry: none('in vmEntry'),
    exitForPage: none('in vmExit and vmEntry'),
    storeOutsideGuestMode: none('in vmExit'),
    storeInGuestMode: none('in vmEntry'),
    smpMb: none('in vmEntry'),
    ackFlusher: answer,
    ackIpi: answer,
    requestFlush: none('in startIoctl and startClear'),
    cmpxchgMode: none('in startIoctl and startClear'),
    markPageDirty: none('in setSpteWritable'),
    setSpteWritable: cost(
      { ...f.faultHoldNs, median: holdNs },
      'how long a fault holds mmu_lock, from what CLEAR_DIRTY_LOG waits beside faults',
    ),
    flushTlb: none('in vmEntry'),
    requestMmuLock: none('in startIoctl, startClear and vmExit'),
    releaseMmuLock: none('in startIoctl, startClear and vmExit'),
    makeRequest: none('in startIoctl and startClear'),
    sendIpis: none('in the latency of IPI'),
    callGetDirtyLog: cost(
      f.collectorNs,
      'what the thread that takes the log runs around an ioctl, from waking up to sleeping',
    ),
    callClearDirtyLog: none('in startClear'),
    mergeLog: none('nothing is merged'),
    mergeLogAndKeepIt: none('nothing is merged'),
    startIoctl: cost(
      f.readGet.baseNs,
      'GET_DIRTY_LOG that only reads, after 20 and 100 ms of writes, without its words',
    ),
    copyToUser: {
      ...cost(
        { ...f.emptyGet.baseNs, median: Math.max(0, f.emptyGet.baseNs.median - f.readGet.baseNs.median) },
        'what GET_DIRTY_LOG that protects takes more than one that reads, after 20 and 100 ms of writes, without its words; and copying by the size of the bitmap',
      ),
      perByteNs: readWord / bytesPerWord,
    },
    nextWord: cost(
      { ...f.emptyGet.nsPerWord, median: scanWord },
      'what GET_DIRTY_LOG that protects takes more than one that reads for an empty word: its share of memset, and the test',
    ),
    copyLiveWordToUser: cost(
      { ...f.readGet.nsPerWord, median: Math.max(0, readWord - scanWord) },
      'GET_DIRTY_LOG that only reads, by the size of the bitmap, without nextWord',
    ),
    xchgDirtyWord: {
      ns: f.getDirty.nsPerWord,
      origin: 'measured: fit of GET_DIRTY_LOG over five mixes of dirty pages',
    },
    clearWord: {
      ns: f.clearDirty.nsPerWord,
      origin: 'measured: fit of CLEAR_DIRTY_LOG over five mixes of dirty pages',
    },
    writeProtectPage: { ns: page, origin: 'measured: the same fits, the mean of GET and CLEAR' },
    startClear: {
      ...cost(
        f.emptyClear.baseNs,
        'CLEAR_DIRTY_LOG of clean pages, of a chunk of no length; cold: what the first of a round takes more, of all pages',
      ),
      cold: { ns: Math.max(0, f.clearDirty.emptyNs.median - warmClearNs), afterNs: pauseNs },
    },
    forgetClear: none('in startClear'),
    enableLogging: {
      perPageNs: f.enableNsPerPage.median,
      origin: 'measured: KVM_SET_USER_MEMORY_REGION with the log switched on; no machine has it',
    },
  };
}

function cost({ median, mad, samples }: Measured, how: string): Cost {
  return { ns: Math.max(0, median), spreadNs: mad, origin: `measured ${samples} times: ${how}` };
}
