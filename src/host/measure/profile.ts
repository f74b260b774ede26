import type { Cost, Profile } from '../../simulate/cost-profile.ts';
import type { HostIdentity } from '../results.ts';
import type { HostFigures } from './microbenchmarks.ts';
import type { Measurement } from './statistics.ts';

const bytesPerWord = 8;
/** Standard deviation of a normal distribution, in median absolute deviations. */
const madToDeviation = 1.4826;
const leastIpiNs = 100;
/** Idle time after which an ioctl is cold: shorter than a round, longer than the gap between two chunks. */
const pauseNs = 10e6;

/**
 * Creates a cost profile from measurements: the costs of the actions of `rmap-xchg` and `manual-clear`, on top of a
 * profile with costs of all actions. The origin of each cost says how it was measured.
 */
export function createProfile(figures: HostFigures, host: HostIdentity, date: string, base: Profile): Profile {
  const { kernel, processor, mmu } = host;
  const costs = measuredCosts(figures);
  const { exitNs, answerNs } = faultParts(figures);
  const ipiNs = Math.max(leastIpiNs, figures.flushNs.median - exitNs - answerNs);
  const ipi: Cost = {
    ns: ipiNs,
    origin: `measured ${figures.flushNs.samples} times: surcharge of a flush with the vCPU in the guest, less its VM exit and its acknowledgement`,
  };
  return {
    name: `measured ${kernel}`,
    description: `${processor}, ${mmu}, Linux ${kernel}, measured ${date}; other costs of ${base.name}`,
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

/** Divides a fault and an interrupt of the guest into their parts, in nanoseconds. */
function faultParts(f: HostFigures): { holdNs: number; exitNs: number; answerNs: number } {
  const fault = f.faultNs.median - f.writeNs.median;
  const holdNs = Math.min(f.faultHoldNs.median, fault);
  const exitNs = (fault - holdNs) / 2;
  return { holdNs, exitNs, answerNs: Math.max(0, f.interruptionNs.median - 2 * exitNs) };
}

function measuredCosts(f: HostFigures): Record<string, Cost> {
  const { holdNs, exitNs, answerNs } = faultParts(f);
  const readWord = f.readGet.nsPerWord.median;
  const scanWord = Math.max(0, f.cleanGet.nsPerWord.median - readWord);
  const warmClearNs = f.cleanClear.baseNs.median + f.cleanClear.nsPerWord.median * f.words;
  const none = (origin: string): Cost => ({ ns: 0, origin });
  const page = (f.getDirty.nsPerPage + f.clearDirty.nsPerPage) / 2;
  const half = cost({ ...f.faultNs, median: exitNs }, 'half of a write fault, less its part under mmu_lock');
  const answer: Cost = {
    ...(answerNs > 0 && {
      distribution: {
        lognormal: { medianNs: answerNs, sigma: Math.min(1, (madToDeviation * f.flushNs.mad) / answerNs) },
      },
    }),
    origin: `measured ${f.interruptionNs.samples} times: an interrupt of the guest less VM exit and VM entry; its spread is that of flushes`,
  };
  return {
    writePage: cost(f.writeNs, 'the median of writes to 16 pages, as the guest times them'),
    fillTlb: cost(f.tlbMissNs, 'surcharge of a random write over all memory compared to 16 pages: TLB and caches'),
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
      'hold time of mmu_lock by a fault, from the wait of a concurrent CLEAR_DIRTY_LOG',
    ),
    flushTlb: none('in vmEntry'),
    requestMmuLock: none('in startIoctl, startClear and vmExit'),
    releaseMmuLock: none('in startIoctl, startClear and vmExit'),
    makeRequest: none('in startIoctl and startClear'),
    sendIpis: none('in the latency of IPI'),
    callGetDirtyLog: cost(f.collectorOverheadNs, 'user time of the collector around an ioctl, from wake-up to sleep'),
    callClearDirtyLog: none('in startClear'),
    mergeLog: none('nothing is merged'),
    mergeLogAndKeepIt: none('nothing is merged'),
    startIoctl: cost(
      f.readGet.baseNs,
      'GET_DIRTY_LOG that only reads, after 20 and 100 ms of writes, without its words',
    ),
    copyToUser: {
      ...cost(
        { ...f.cleanGet.baseNs, median: Math.max(0, f.cleanGet.baseNs.median - f.readGet.baseNs.median) },
        'surcharge of GET_DIRTY_LOG that protects over one that reads, after 20 and 100 ms of writes, without its words; copying by the size of the bitmap',
      ),
      perByteNs: readWord / bytesPerWord,
    },
    nextWord: cost(
      { ...f.cleanGet.nsPerWord, median: scanWord },
      'surcharge of GET_DIRTY_LOG that protects over one that reads, per empty word: its share of memset, and the test',
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
        f.cleanClear.baseNs,
        'CLEAR_DIRTY_LOG of clean pages, extrapolated to an empty chunk; cold: surcharge of the first of a round',
      ),
      cold: { ns: Math.max(0, f.clearDirty.emptyNs.median - warmClearNs), afterNs: pauseNs },
    },
    endClear: none('in startClear'),
    enableLogging: {
      perPageNs: f.enableNsPerPage.median,
      origin: 'measured: KVM_SET_USER_MEMORY_REGION that switches the log on; no machine takes this action',
    },
  };
}

function cost({ median, mad, samples }: Measurement, how: string): Cost {
  return { ns: Math.max(0, median), spreadNs: mad, origin: `measured ${samples} times: ${how}` };
}
