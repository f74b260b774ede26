import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { memoryModels } from '../../model/store-buffer.ts';
import { designFigures } from '../../simulate/results.ts';
import { precopyVersion } from './plan-schema.ts';

const verdict = z.enum(['holds', 'violated', 'inconclusive']);

const shardCounts = z.object({
  planned: z.int(),
  done: z.int(),
  failed: z.int(),
  missing: z.int().describe('without a record'),
});

const violation = z
  .object({
    shard: z.string(),
    seed: z.int().exactOptional(),
    property: z.string(),
    length: z.int().describe('number of steps'),
    schedule: z.string().describe('the argument of `precopy replay`'),
    shards: z.int().describe('number of shards of the task that violate a property'),
  })
  .describe('of the least shard that violates a property, whichever was first');

const checkEntry = z.object({
  label: z.string(),
  design: z.string(),
  file: z.string().exactOptional(),
  mutantOf: z.string().exactOptional(),
  checks: z.enum(['safety', 'liveness']),
  params: z.record(z.string(), z.int()),
  memoryModel: z.enum(memoryModels),
  strategy: z.string(),
  verdict: verdict.describe('`violated` if one shard is; `holds` if each shard has a result, and holds'),
  shards: shardCounts,
  states: z.int().describe('distinct states; of several seeds an estimate of their union, from their sketches'),
  transitions: z.int().describe('of all shards'),
  depth: z.int().describe('the greatest of a shard; 0 if none has one'),
  schedules: z.int().exactOptional().describe('sampled schedules of all seeds'),
  detection: z
    .object({ bugDepth: z.int(), probability: z.number() })
    .exactOptional()
    .describe('of pct: lower bound on the probability that all schedules together find a bug of this depth'),
  stoppedBy: z.record(z.string(), z.int()).describe('why searches ended early: the number of shards by reason'),
  properties: z.array(z.object({ id: z.string(), verdict })),
  covers: z.array(z.object({ id: z.string(), hit: z.boolean().describe('by one shard at least') })),
  violation: violation.exactOptional(),
  seconds: z.number().describe('of all shards'),
});

const simulateEntry = z.object({
  label: z.string(),
  shards: shardCounts,
  figures: designFigures.extend({ swept: z.record(z.string(), z.string()) }).exactOptional(),
});

const problem = z.object({ shard: z.string(), label: z.string() });

/** Schema of the document that `campaign merge --json` prints. */
export const campaignDocument = z
  .object({
    format: z.literal('precopy-campaign'),
    version: z.literal(1),
    name: z.string(),
    precopy: precopyVersion,
    verdict: verdict.describe('of all designs and mutants: `violated` if a design is, or if a mutant survived'),
    shards: shardCounts,
    duplicates: z.int().describe('records of shards that had one, with the same result'),
    check: z.array(checkEntry),
    mutants: z
      .object({ killed: z.array(z.string()), survived: z.array(z.string()), undecided: z.array(z.string()) })
      .describe('a mutant is killed if one of its shards violates a property'),
    simulate: z.array(simulateEntry),
    missing: z.array(problem.extend({ command: z.string().describe('runs it') })),
    failed: z.array(problem.extend({ reason: z.string(), cause: z.string(), remedy: z.string(), command: z.string() })),
    contradictions: z
      .array(
        problem.extend({
          isExpected: z.boolean().describe('whether a limit of time or memory explains it'),
          files: z.array(z.string()),
        }),
      )
      .describe('shards with two different results'),
    leftAlone: z
      .array(z.object({ file: z.string(), why: z.string() }))
      .describe('files, and lines of files, that are no results of the campaign'),
    seconds: z.number().describe('of all shards'),
  })
  .describe('the results of a campaign');

/** The document that `campaign merge --json` prints. */
export type CampaignDocument = DeepReadonly<z.infer<typeof campaignDocument>>;
export type CheckEntry = DeepReadonly<z.infer<typeof checkEntry>>;
export type SimulateEntry = DeepReadonly<z.infer<typeof simulateEntry>>;
export type ShardCounts = DeepReadonly<z.infer<typeof shardCounts>>;
