import { rmapXchg } from '../machines/designs/index.ts';
import { runEngine } from '../src/search/run-engine.ts';
import type { Profile } from '../src/simulate/cost-profile.ts';
import type { RunFigures } from '../src/simulate/run-figures.ts';
import { simulateRun } from '../src/simulate/simulation-run.ts';

const origin = 'bench:clock: no two sums of these costs are equal, so no two events coincide by chance';

/** Parameters and costs in nanoseconds of the model that precopy and SimPy run. It draws no random numbers. */
export const queueingCore = {
  vcpus: 4,
  pages: 8192,
  bitsPerWord: 32,
  collectEveryNs: 3.1e6,
  durationNs: 0.3e9,
  costs: {
    writePage: 211.07,
    fillTlb: 83.013,
    exitForPage: 607.0031,
    leaveGuestMode: 701.00017,
    enterGuestMode: 503.0019,
    requestMmuLock: 41.00023,
    releaseMmuLock: 19.00029,
    markPageDirty: 61.00037,
    setSpteWritable: 199.00041,
    flushTlb: 509.00043,
    ackIpi: 401.00047,
    startIoctl: 8009.00053,
    nextWord: 3.00059,
    xchgDirtyWord: 97.00061,
    writeProtectPage: 18.00067,
    makeRequest: 79.00071,
    sendIpis: 409.00073,
    copyToUser: 1009.00079,
    callGetDirtyLog: 499.00083,
    mergeLog: 521.00089,
  },
  latencies: { IPI: 2003.00097, IPI_ACK: 151.00101 },
  wakes: { LOCK_GRANTED: 113.00103 },
};

/** Runs the queueing core in the simulator. */
export function simulateQueueingCore() {
  const { vcpus, pages, bitsPerWord, collectEveryNs, durationNs, costs, latencies, wakes } = queueingCore;
  const machines = Object.values(rmapXchg.machines) as { definition: { actions: object } }[];
  const actions = machines.flatMap(({ definition }) => Object.keys(definition.actions));
  const costOf = (record: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(record).map(([name, ns]) => [name, { ns, origin }]));
  const profile: Profile = {
    name: 'queueing core',
    description: origin,
    costs: costOf(costs),
    free: { actions: actions.filter((action) => !(action in costs)), origin },
    latencies: { ...costOf(latencies), ...costOf({ KICK: 0, PAUSE: 0, PAUSED: 0 }) },
    wakes: costOf(wakes),
    exitsPerSecond: { count: 1, origin },
    tlbEntries: { count: pages, origin },
  };
  const start = performance.now();
  const engine = simulateRun(
    {
      design: rmapXchg,
      params: { vcpus, pages, bitsPerWord, emulatingVcpus: 0, loggingOn: 1 },
      profile,
      workload: [
        { pattern: { kind: 'sweep' }, forNs: Number.POSITIVE_INFINITY, writesPerSecond: Number.POSITIVE_INFINITY },
      ],
      mode: { collectEveryNs },
      seed: 1,
      warmUpNs: 0,
      durationNs,
    },
    0,
  );
  const run = runEngine(engine);
  return { seconds: (performance.now() - start) / 1000, steps: run.steps, figures: figuresOf(run) };
}

function figuresOf({ vcpuWrites, faults, getDirtyLogNs, vcpuWriteNs, waitNs, holdNs }: RunFigures) {
  const longest = (histograms: RunFigures['waitNs']): number =>
    Math.max(...histograms.map(({ distribution }) => distribution.max));
  const { count, mean } = getDirtyLogNs.distribution;
  return {
    writes: vcpuWrites,
    faults,
    rounds: count,
    getNs: count * mean,
    longestWriteNs: vcpuWriteNs.distribution.max,
    longestWaitNs: longest(waitNs),
    longestHoldNs: longest(holdNs),
  };
}
