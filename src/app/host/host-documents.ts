import { z } from 'zod';
import { cellMetrics, gridCell, hostCapabilities, hostIdentity, stressResult } from '../../host/results.ts';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { profileSchema } from '../../simulate/cost-profile.ts';

/** Schema of the document that `host probe --json` prints. */
export const hostProbeDocument = z
  .object({ format: z.literal('precopy-host-probe'), version: z.literal(1), ...hostCapabilities.shape })
  .describe('what the KVM of a host offers for dirty logging');

/** The document that `host probe --json` prints. */
export type HostProbeDocument = DeepReadonly<z.infer<typeof hostProbeDocument>>;

const stressEntry = stressResult.extend({ mutant: z.boolean().describe('a collector with a known bug') });

/** The result of a collector, and whether it has a known bug. */
export type StressEntry = DeepReadonly<z.infer<typeof stressEntry>>;

/** Schema of the document that `host stress --json` prints. */
export const hostStressDocument = z
  .object({
    format: z.literal('precopy-host-stress'),
    version: z.literal(2),
    seed: z.int(),
    collectors: z.array(stressEntry),
    notRun: z.array(z.object({ collector: z.string(), reason: z.string() })),
  })
  .describe('whether the kernel reports every page that the guest writes');

/** The document that `host stress --json` prints. */
export type HostStressDocument = DeepReadonly<z.infer<typeof hostStressDocument>>;

const validatedCell = z.object({
  name: z.string(),
  cell: gridCell,
  observed: cellMetrics
    .extend({ unloggedWritesPerSecond: z.number().describe('of one vCPU, with the log off') })
    .describe('medians over all rounds on the kernel'),
  passes: z.array(cellMetrics).describe('medians of each pass; one after Ctrl-C'),
  predicted: cellMetrics.describe('medians over simulated rounds'),
});

/** A cell of the grid: measured on the kernel, and predicted by simulation. */
export type ValidatedCell = DeepReadonly<z.infer<typeof validatedCell>>;

const validationError = z.object({
  metric: cellMetrics.keyof(),
  medianError: z.number().describe('of |predicted - observed| / observed'),
  worstError: z.number(),
  repeatError: z.number().exactOptional().describe('median of |second pass - first pass| / first pass'),
  cells: z.int(),
});

/** Errors of the predictions of a metric, and the error between two measurements of it. */
export type ValidationError = DeepReadonly<z.infer<typeof validationError>>;

/** Schema of the document that `host validate --json` prints. */
export const hostValidateDocument = z
  .object({
    format: z.literal('precopy-host-validate'),
    version: z.literal(2),
    host: hostIdentity.extend({ date: z.string() }),
    profiles: z
      .array(z.object({ memoryBytes: z.int(), profile: profileSchema }))
      .describe('cost profiles of the simulation, by guest memory'),
    cells: z.array(validatedCell),
    errors: z.array(validationError),
    complete: z.boolean().describe('false after Ctrl-C'),
  })
  .describe('predicted and measured metrics of dirty logging');

/** The document that `host validate --json` prints. */
export type HostValidateDocument = DeepReadonly<z.infer<typeof hostValidateDocument>>;
