import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { memoryModels } from '../../model/store-buffer.ts';
import { engineNames } from '../check/engines.ts';

const params = z.record(z.string(), z.int());
const positive = z.number().positive();

const estimate = z
  .object({
    seconds: z.number().min(0).nullable().describe('of one core, for one shard; null: unknown'),
    memoryBytes: z.number().min(0).nullable().describe('of the worker process, for one shard; null: unknown'),
    basis: z.string().describe('what the estimate is made from'),
  })
  .describe('an estimate of one shard of the task');

const common = {
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of everything that the shards of the task depend on, but for seed and run'),
  design: z.string().describe('id of the design'),
  label: z.string().describe('the design, what is asked of it, and the options'),
  file: z.string().exactOptional().describe('the file that exports the design, relative to the plan; absent: built in'),
  estimate,
};

const search = z
  .object({
    strategy: z.enum(engineNames),
    reductions: z.array(z.enum(['symmetry', 'partial-order'])).exactOptional(),
    preemptions: z.int().min(0).exactOptional(),
    runs: z.int().min(1).exactOptional(),
    depth: z.int().min(1).exactOptional(),
    bugDepth: z.int().min(1).exactOptional(),
    maxStates: z.int().min(1).exactOptional(),
    maxMemoryBytes: positive.exactOptional(),
    maxSeconds: positive.exactOptional(),
  })
  .describe('options of the search, as those of `check`');

const checkTask = z
  .object({
    kind: z.literal('check'),
    ...common,
    mutantOf: z.string().exactOptional().describe('of a mutant: the design that the bug was put into'),
    atOwnParams: z.boolean().exactOptional().describe('of a mutant: whether it has to be killed at these params'),
    checks: z.enum(['safety', 'liveness']),
    isSecond: z.literal(true).exactOptional().describe('the second size of a safety check'),
    params,
    memoryModel: z.enum(memoryModels),
    properties: z.array(z.string()).exactOptional().describe('ids of the only properties to check'),
    search,
  })
  .describe('searches that differ in their seeds');

const simulateTask = z
  .object({
    kind: z.literal('simulate'),
    ...common,
    title: z.string(),
    invariants: z.array(z.string()).describe('ids of the invariants that are evaluated'),
    params,
    swept: z.record(z.string(), z.string()).describe('the point of the sweep, as written'),
    options: z.record(z.string(), z.unknown()).describe('options of `simulate`; the rate `max` is that text'),
  })
  .describe('runs of one experiment');

const task = z.discriminatedUnion('kind', [checkTask, simulateTask]);

const shard = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{20}$/)
    .describe('first 80 bits of the SHA-256 of the hash of its task, its seed and its run'),
  task: z.int().min(0).describe('index in `tasks`'),
  seed: z.int().min(0).exactOptional().describe('of a search that takes a seed'),
  run: z.int().min(0).exactOptional().describe('of a simulation: number of the run'),
});

export const precopyVersion = z
  .object({ version: z.string(), code: z.string().describe('SHA-256 of the code that results depend on') })
  .describe('the precopy that wrote the file');

/** Schema of `plan.json`. */
export const planSchema = z
  .object({
    format: z.literal('precopy-campaign-plan'),
    version: z.literal(1),
    name: z.string(),
    precopy: precopyVersion,
    files: z
      .array(z.string())
      .describe('files of designs, relative to the plan, in the order in which they are loaded'),
    tasks: z.array(task),
    shards: z.array(shard).describe('in their order: the least shard that violates a property is the answer'),
  })
  .describe('a campaign, expanded into independent shards');

/** A campaign, expanded into shards. */
export type Plan = DeepReadonly<z.infer<typeof planSchema>>;
export type CheckTask = DeepReadonly<z.infer<typeof checkTask>>;
export type SimulateTask = DeepReadonly<z.infer<typeof simulateTask>>;
export type Task = CheckTask | SimulateTask;
export type Shard = Plan['shards'][number];
export type Estimate = DeepReadonly<z.infer<typeof estimate>>;
export type PrecopyVersion = DeepReadonly<z.infer<typeof precopyVersion>>;
