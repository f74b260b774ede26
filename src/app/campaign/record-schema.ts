import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { counts, endedEarly, round, violation } from '../../simulate/results.ts';
import { designEntry } from '../check/check-schema.ts';
import { precopyVersion } from './plan-schema.ts';

/** A compressed histogram takes some kilobytes; a longer text could expand to more than memory holds. */
const histogram = z.string().max(1 << 16);
const histograms = z.array(histogram).max(1 << 10);

const check = z
  .object({
    kind: z.literal('check'),
    entry: designEntry.omit({ seconds: true, tableBytes: true, frontierBytes: true }),
    sketch: z
      .string()
      .max(1 << 15)
      .exactOptional()
      .describe('of sampled schedules and bitstate: the registers of the HyperLogLog sketch of the states, deflated'),
  })
  .describe('the entry of `check --json`, without what differs from run to run');

const simulate = z.object({
  kind: z.literal('simulate'),
  run: z.object({
    figures: counts.extend({
      run: z.int(),
      params: z.record(z.string(), z.int()),
      actors: z.array(z.string()),
      converged: z.boolean().nullable(),
      convergence: z.string(),
      history: z.array(round),
      checks: z.int(),
      endedEarly: endedEarly.exactOptional(),
      violation: violation.exactOptional(),
    }),
    histograms: z.object({ vcpuWriteNs: histogram, getDirtyLogNs: histogram, clearDirtyLogNs: histogram }),
    holdNs: histograms.describe('by actor'),
    waitNs: histograms.describe('by actor'),
  }),
});

const failed = z
  .object({
    kind: z.literal('failed'),
    reason: z
      .enum(['error', 'memory', 'disk', 'killed'])
      .describe('`error`: a mistake of the design, or of precopy; `killed`: each worker that ran it died'),
    isInternal: z.boolean().describe('whether precopy is at fault'),
    cause: z.string(),
    remedy: z.string(),
  })
  .describe('the shard has no result');

/** Schema of the record of one shard, which is a line of a result file. */
export const recordSchema = z
  .object({
    format: z.literal('precopy-shard'),
    version: z.literal(1),
    shard: z.string().regex(/^[0-9a-f]{20}$/),
    task: z.string().describe('hash of its task'),
    label: z.string().describe('that of its task'),
    precopy: precopyVersion,
    worker: z.string().describe('the process that ran it'),
    seconds: z.number().min(0).describe('wall time'),
    memoryBytes: z.number().min(0).describe('of the process, when the shard ended'),
    outcome: z.discriminatedUnion('kind', [check, simulate, failed]),
  })
  .describe('the result of one shard');

/** Schema of a line of a result file. */
export const recordLine = z
  .object({
    checksum: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('SHA-256 of the text of `record`, as it stands in the line'),
    record: recordSchema,
  })
  .describe('a line of a result file');

export type ShardRecord = DeepReadonly<z.infer<typeof recordSchema>>;
export type Outcome = ShardRecord['outcome'];
export type CheckOutcome = DeepReadonly<z.infer<typeof check>>;
export type FailedOutcome = DeepReadonly<z.infer<typeof failed>>;
