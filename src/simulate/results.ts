import { z } from 'zod';
import { cdfPoint, distribution } from '../clock/distribution.ts';
import type { DeepReadonly } from '../model/deep-readonly.ts';

const ns = z.number().describe('nanoseconds');

const estimate = z
  .object({ mean: z.number(), low: z.number(), high: z.number() })
  .describe('a mean over runs with its 95 % confidence interval; all three are equal if there is one run')
  .meta({ id: 'estimate' });

/** A mean over runs with its 95 % confidence interval. */
export type Estimate = Readonly<z.infer<typeof estimate>>;

/** Schema of a round of a migration. */
export const round = z.object({
  run: z.int(),
  atNs: ns.describe('simulated time of the call'),
  getNs: ns.describe('from the call of GET_DIRTY_LOG to its return'),
  loggedPages: z.int().describe('pages in the log'),
  dirtyPages: z.int().describe('pages to send after the log was merged'),
  newPages: z.int().describe('pages of the log that were not yet to be sent'),
  sentPages: z.int().describe('pages sent since the round before'),
  throttlePercent: z.number().describe('the throttle of auto-converge after this round'),
});

/** A round of a migration: one call of GET_DIRTY_LOG, and what QEMU has to send after it. */
export type Round = Readonly<z.infer<typeof round>>;

/** Schema of the reasons why a run ended early. */
export const endedEarly = z.enum(['time', 'interrupt', 'duration', 'violated', 'deadlock']);

/** Why a run ended early. Its figures are partial. */
export type EndedEarly = z.infer<typeof endedEarly>;

/** Schema of what a run counts. */
export const counts = z.object({
  vcpuWrites: z.int(),
  vcpuWritesPerSecond: z.number().describe('per second of simulated time, of all vCPUs together'),
  faults: z.int().describe('VM exits for a write'),
  protections: z.int().describe('sptes write-protected, or D bits cleared'),
  flushes: z.int().describe('TLB flushes, counted once per vCPU'),
  preemptions: z.int().describe('times that a thread lost its processor; 0 if each thread has its own'),
  holderPreemptions: z.int().describe('preemptions of a thread that held mmu_lock'),
  rounds: z.int().describe('calls of GET_DIRTY_LOG'),
  pagesSent: z.int(),
  bytesSent: z.int(),
  totalNs: ns.describe('of the migration, until the destination resumed; without one, the simulated time'),
  downtimeNs: ns.describe('from the decision to stop the guest until the destination resumed; 0 if it did not'),
  simulatedNs: ns,
  steps: z.int(),
});

/** What a run counts. Of several runs, rates and times are means, and counts are sums. */
export type Counts = Readonly<z.infer<typeof counts>>;

/** Schema of an invariant that a sampled state violated. */
export const violation = z.object({
  property: z.string(),
  atNs: ns,
  run: z.int(),
  detail: z.string().exactOptional(),
});

/** An invariant that a sampled state violated. */
export type TimedViolation = Readonly<z.infer<typeof violation>>;

/** Names of the distributions that a run measures. */
export const distributionNames = [
  'vcpuWriteNs',
  'mmuLockHoldNs',
  'mmuLockWaitNs',
  'getDirtyLogNs',
  'clearDirtyLogNs',
] as const;

/** The name of a distribution that a run measures. */
export type DistributionName = (typeof distributionNames)[number];

const cdf = z.array(cdfPoint);

/** Schema of the figures of one design over all its runs. */
export const designFigures = z.object({
  design: z.string(),
  title: z.string(),
  params: z.record(z.string(), z.int()).describe('parameters of the model'),
  memoryBytes: z.int(),
  runs: z.int(),
  vcpuWriteNs: distribution.describe('from when a write of the guest was due until it completed'),
  mmuLockHoldNs: distribution.describe('from the grant of mmu_lock to its release, all actors together'),
  mmuLockWaitNs: distribution.describe('from the request of mmu_lock to its grant, all actors together'),
  getDirtyLogNs: distribution,
  clearDirtyLogNs: distribution,
  mmuLockByActor: z.record(z.string(), z.object({ holdNs: distribution, waitNs: distribution })),
  ...counts.shape,
  converged: z.boolean().nullable().describe('null without a migration'),
  convergence: z.string().describe('why the migration converged or did not'),
  confidence: z.record(z.string(), estimate).describe('by figure: vcpuWriteNs.p99, downtimeNs'),
  history: z.array(round),
  cdf: z.object({
    vcpuWriteNs: cdf,
    mmuLockHoldNs: cdf,
    mmuLockWaitNs: cdf,
    getDirtyLogNs: cdf,
    clearDirtyLogNs: cdf,
  }),
  endedEarly: endedEarly.exactOptional().describe('present if a run ended early: the figures are partial'),
  safety: z
    .object({ properties: z.array(z.string()), checks: z.int() })
    .describe('the invariants that were evaluated, and how often'),
  violation: violation.exactOptional(),
  wallSeconds: z.number().describe('real time of all runs'),
});

/** The figures of one design over all its runs: an entry of `simulate --json`. */
export type DesignFigures = DeepReadonly<z.infer<typeof designFigures>>;
