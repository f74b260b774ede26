import { z } from 'zod';
import type { SimulateDocument } from './simulate-document.ts';

const ns = z.number().describe('nanoseconds');

const distribution = z
  .object({ count: z.int(), mean: ns, p50: ns, p90: ns, p99: ns, p999: ns, max: ns })
  .describe('times in nanoseconds; mean and max are exact, quantiles good to three digits')
  .meta({ id: 'distribution' });

const estimate = z
  .object({ mean: z.number(), low: z.number(), high: z.number() })
  .describe('a mean over runs with its 95 % confidence interval')
  .meta({ id: 'estimate' });

const cdf = z.array(z.object({ ns, fraction: z.number() }));

export const figures = z.object({
  design: z.string(),
  title: z.string(),
  swept: z.record(z.string(), z.string()).describe('what was particular to this run in a sweep, as it was written'),
  params: z.record(z.string(), z.int()).describe('sizes of the model'),
  memoryBytes: z.int(),
  runs: z.int(),
  vcpuWriteNs: distribution.describe('from when a write of the guest was due to its end'),
  mmuLockHoldNs: distribution.describe('from the grant of mmu_lock to its release, all actors together'),
  mmuLockWaitNs: distribution.describe('from the request of mmu_lock to its grant, all actors together'),
  getDirtyLogNs: distribution,
  clearDirtyLogNs: distribution,
  mmuLockByActor: z.record(z.string(), z.object({ holdNs: distribution, waitNs: distribution })),
  vcpuWrites: z.int(),
  vcpuWritesPerSecond: z.number(),
  faults: z.int().describe('VM exits for a write'),
  protections: z.int().describe('sptes write-protected, or D bits cleared'),
  flushes: z.int().describe('TLBs flushed, one count a vCPU'),
  preemptions: z.int().describe('how often a thread lost its processor to another one'),
  holderPreemptions: z.int().describe('how often it held mmu_lock then'),
  rounds: z.int().describe('calls of GET_DIRTY_LOG'),
  pagesSent: z.int(),
  bytesSent: z.int(),
  totalNs: ns.describe('until the destination resumed, where there was a migration; mean of the runs'),
  downtimeNs: ns.describe('from the decision to stop the guest until the destination resumed'),
  simulatedNs: ns,
  steps: z.int(),
  converged: z.boolean().nullable().describe('null without a migration'),
  convergence: z.string().describe('why it converged or did not'),
  confidence: z.record(z.string(), estimate),
  history: z.array(
    z.object({
      run: z.int(),
      atNs: ns,
      getNs: ns,
      loggedPages: z.int(),
      dirtyPages: z.int(),
      newPages: z.int(),
      sentPages: z.int(),
      throttlePercent: z.number(),
    }),
  ),
  cdf: z.object({
    vcpuWriteNs: cdf,
    mmuLockHoldNs: cdf,
    mmuLockWaitNs: cdf,
    getDirtyLogNs: cdf,
    clearDirtyLogNs: cdf,
  }),
  endedEarly: z
    .enum(['time', 'interrupt', 'duration', 'violated', 'deadlock'])
    .exactOptional()
    .describe('present where a run ended before its time: the figures are partial'),
  safety: z.object({ properties: z.array(z.string()), checks: z.int() }),
  violation: z
    .object({ property: z.string(), atNs: ns, run: z.int(), detail: z.string().exactOptional() })
    .exactOptional(),
  wallSeconds: z.number(),
});

/** What `simulate --json` prints. */
export const simulateDocument: z.ZodType<SimulateDocument> = z
  .object({
    format: z.literal('precopy-simulate'),
    version: z.literal(1),
    seed: z.int(),
    profile: z.string(),
    workload: z.string(),
    designs: z.array(figures),
    broken: z.array(z.object({ design: z.string(), expected: z.string() })).describe('thresholds that did not hold'),
    notRun: z
      .array(z.object({ design: z.string(), reason: z.string() }))
      .describe('what has no figures, as --time or Ctrl-C came before its turn'),
  })
  .describe('figures of timed runs, one entry a design and point of a sweep');
