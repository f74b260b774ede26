import { z } from 'zod';
import type { HostOffer } from '../../host/probe.ts';
import type { StressResult } from '../../host/stress/stress.ts';

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
