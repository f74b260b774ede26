import { z } from 'zod';
import { type Profile, profileSchema } from '../../clock/cost-profile.ts';
import type { HostIdentity, HostOffer } from '../../host/probe.ts';
import type { StressResult } from '../../host/stress/stress.ts';
import type { Cell, Outcome } from '../../host/validate/grid.ts';

export interface HostProbeDocument extends HostOffer {
  readonly format: 'precopy-host-probe';
  readonly version: 1;
}

export interface HostStressDocument {
  readonly format: 'precopy-host-stress';
  readonly version: 1;
  readonly seed: number;
  readonly collectors: readonly StressEntry[];
  readonly notRun: readonly { readonly collector: string; readonly reason: string }[];
}

export interface HostValidateDocument {
  readonly format: 'precopy-host-validate';
  readonly version: 1;
  readonly host: HostIdentity & { readonly date: string };
  readonly profiles: readonly { readonly memoryBytes: number; readonly profile: Profile }[];
  readonly cells: readonly ValidatedCell[];
  readonly errors: readonly ValidationError[];
  readonly complete: boolean;
}

/** How far predictions are from what was measured, and measurements from each other. */
export interface ValidationError {
  readonly metric: keyof Outcome;
  readonly medianError: number;
  readonly worstError: number;
  /** where something was measured twice */
  readonly againError?: number;
  readonly cells: number;
}

/** A cell of the grid, on the real kernel and under the clock. */
export interface ValidatedCell {
  readonly name: string;
  readonly cell: Cell;
  readonly observed: Outcome & { readonly freeWritesPerSecond: number };
  /** of each measurement; one where Ctrl-C came before the second */
  readonly passes: readonly Outcome[];
  readonly predicted: Outcome;
}

/** What a collector came to, and what it was to come to. */
export interface StressEntry extends StressResult {
  readonly brokenOnPurpose: boolean;
}

/** What `host probe --json` prints. */
export const hostProbeDocument: z.ZodType<HostProbeDocument> = z
  .object({
    format: z.literal('precopy-host-probe'),
    version: z.literal(1),
    kernel: z.string(),
    processor: z.string(),
    cpus: z.int(),
    mmu: z.string().describe('the module that runs guests, and how it translates their addresses'),
    apiVersion: z.literal(12),
    maxVcpus: z.int(),
    manualProtect: z.boolean().describe('KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: GET_DIRTY_LOG and CLEAR_DIRTY_LOG'),
    initiallySet: z.boolean().describe('KVM_DIRTY_LOG_INITIALLY_SET'),
    dirtyRingEntries: z.int().describe('the largest ring of a vCPU; 0 where there is none'),
    availableBytes: z.int().describe('MemAvailable of /proc/meminfo'),
    trial: z
      .object({
        pagesWritten: z.int(),
        pagesReported: z.int().describe('by GET_DIRTY_LOG'),
        writeNs: z.number().describe('median of writes that hit, with two readings of the TSC'),
      })
      .describe('what a guest did that was run to see whether one runs'),
  })
  .describe('what the KVM of this machine offers');

const write = z.object({ vcpu: z.int(), write: z.int().describe('the how manieth of this vCPU') });

/** What `host stress --json` prints. */
export const hostStressDocument: z.ZodType<HostStressDocument> = z
  .object({
    format: z.literal('precopy-host-stress'),
    version: z.literal(1),
    seed: z.int(),
    collectors: z.array(
      z.object({
        collector: z.string(),
        brokenOnPurpose: z.boolean(),
        verdict: z.enum(['holds', 'violated', 'inconclusive']),
        seconds: z.number(),
        rounds: z.int().describe('so often the log was taken'),
        checks: z.int().describe('so often all vCPUs were stopped and every page was compared'),
        pagesCompared: z.int(),
        copies: z.int().describe('contents of pages that were read because the log gave them'),
        writes: z.int().describe('of the guest'),
        kicks: z.int().describe('signals that interrupted KVM_RUN'),
        ringFullExits: z.int(),
        lost: z
          .array(
            z.object({
              page: z.int(),
              round: z.int().describe('after which it was found'),
              holds: write.exactOptional().describe('the write whose value is in memory'),
              lastCopied: write.exactOptional().describe('the write that the last copy took with it'),
              history: z.array(z.object({ round: z.int(), copied: write.exactOptional() })),
              rememberedSince: z.int().describe('the first round that the history covers'),
            }),
          )
          .describe('some of the pages whose last write nobody was told of'),
      }),
    ),
    notRun: z.array(z.object({ collector: z.string(), reason: z.string() })),
  })
  .describe('whether the real kernel reports every page that is written');

const outcome = {
  getNs: z.number().describe('GET_DIRTY_LOG'),
  clearNs: z.number().describe('all calls of CLEAR_DIRTY_LOG of a round; 0 where there are none'),
  worstWriteNs: z.number().describe('the longest write of the guest around the taking of the log'),
  writesPerSecond: z.number().describe('of all vCPUs, while the log is on'),
  dirtyPages: z.number().describe('that a round reports'),
};

/** What `host validate --json` prints. */
export const hostValidateDocument: z.ZodType<HostValidateDocument> = z
  .object({
    format: z.literal('precopy-host-validate'),
    version: z.literal(1),
    host: z.object({ kernel: z.string(), processor: z.string(), cpus: z.int(), mmu: z.string(), date: z.string() }),
    profiles: z
      .array(z.object({ memoryBytes: z.int(), profile: profileSchema }))
      .describe('what the clock ran with, by the size of the memory'),
    cells: z.array(
      z.object({
        name: z.string(),
        cell: z.object({
          memoryBytes: z.int(),
          vcpus: z.int(),
          intervalMs: z.number(),
          pattern: z.enum(['uniform', 'hot', 'sweep']),
          taking: z.union([
            z.object({ kind: z.literal('get') }),
            z.object({ kind: z.literal('clear'), chunkPages: z.int() }),
          ]),
          rounds: z.int(),
        }),
        observed: z
          .object({ ...outcome, freeWritesPerSecond: z.number().describe('of one vCPU, with the log off') })
          .describe('medians over all rounds on the real kernel'),
        passes: z.array(z.object(outcome)).describe('the same of its two measurements; of one after Ctrl-C'),
        predicted: z.object(outcome).describe('medians over rounds under the clock'),
      }),
    ),
    errors: z.array(
      z.object({
        metric: z.enum(['getNs', 'clearNs', 'worstWriteNs', 'writesPerSecond', 'dirtyPages']),
        medianError: z.number().describe('of |predicted - observed| / observed'),
        worstError: z.number(),
        againError: z.number().exactOptional().describe('the median of |second measurement - first| / first'),
        cells: z.int(),
      }),
    ),
    complete: z.boolean().describe('false after Ctrl-C'),
  })
  .describe('what the clock predicts, and what the real kernel does');
