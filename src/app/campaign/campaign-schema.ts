import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { PrecopyError } from '../../model/errors.ts';
import { memoryModels } from '../../model/store-buffer.ts';
import { engineNames } from '../check/engines.ts';
import { parseBytes, parseCount, parseDuration } from '../parse-units.ts';

type Parser = (option: string) => (text: string) => number;

/** A number, or a text with a unit that a parser of options understands. */
const quantity = (parser: Parser) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    if (typeof value === 'number' && value > 0) return value;
    try {
      return parser('it')(String(value));
    } catch (error) {
      if (!(error instanceof PrecopyError)) throw error;
      context.addIssue({ code: 'custom', message: `${error.message}: ${error.remedy}` });
      return z.NEVER;
    }
  });

const count = quantity(parseCount).describe('a count: 10000, 10k, 2M');
const bytes = quantity(parseBytes).describe('a size: 4GiB, 512MB');
const duration = quantity(parseDuration).describe('a time: 500ms, 30s, 1h; a number is seconds');
const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([schema, z.array(schema).min(1)]);
const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
const many = <T extends z.ZodType>(schema: T) =>
  oneOrMore(schema).transform((value) => listOf(value as z.output<T> | z.output<T>[]));

const designs = many(z.string())
  .exactOptional()
  .describe('ids of designs or mutants, files, designs of files (FILE.ts:DESIGN); by default all built-in designs');
const params = z.record(z.string(), z.int());

const checkGroup = z
  .strictObject({
    designs,
    mutants: z
      .enum(['none', 'also', 'only'])
      .exactOptional()
      .describe('whether the mutants of the designs are searched, which have to be killed; `none` by default'),
    checks: z.enum(['safety', 'liveness']).exactOptional().describe('only one kind of property; both by default'),
    properties: z.array(z.string()).min(1).exactOptional().describe('ids of the only properties to check'),
    params: z
      .record(z.string(), many(z.int()))
      .exactOptional()
      .describe('parameters of the designs; a list of values is searched value by value, in all combinations'),
    memoryModel: many(z.enum(memoryModels)).exactOptional(),
    strategy: many(z.enum(engineNames)).exactOptional().describe('`exhaustive` by default'),
    reductions: z.enum(['none', 'symmetry', 'partial-order', 'both']).exactOptional(),
    preemptions: z.int().min(0).exactOptional().describe('most preemptions of a schedule'),
    seeds: z
      .union([count, z.strictObject({ first: z.int().min(0), count })])
      .exactOptional()
      .describe('seeds of random, pct, pos and bitstate, one shard each: how many, from 1, or from `first`'),
    runs: count.exactOptional().describe('schedules of each seed'),
    depth: count.exactOptional().describe('longest schedule, in steps; of dpor, steps of each actor'),
    bugDepth: count.exactOptional().describe('ordering constraints of the bugs that pct looks for'),
    maxStates: count.exactOptional().describe('ends each search after this number of states'),
    maxMemory: bytes.exactOptional().describe('of each search; of bitstate, the size of the bit array'),
    time: duration.exactOptional().describe('wall-clock limit of each search: results may differ from run to run'),
  })
  .describe('searches');

const simulateGroup = z
  .strictObject({
    designs,
    memory: bytes.exactOptional().describe('guest memory; 4GiB by default'),
    vcpus: z.int().min(1).exactOptional().describe('4 by default'),
    params: params.exactOptional(),
    workload: z.string().exactOptional().describe('as --workload of simulate; uniform by default'),
    rate: z
      .union([z.literal('max'), count])
      .exactOptional()
      .describe('pages a vCPU writes per second; 25k by default'),
    profile: z.string().exactOptional().describe('name or file of a cost profile; epyc-2026 by default'),
    cost: many(z.string()).exactOptional().describe('changes of single costs: writeProtectPage=+100ns'),
    collectEvery: duration.exactOptional().describe('no migration: read the dirty log at this interval'),
    duration: duration.exactOptional().describe('simulated time after which a run ends'),
    warmUp: duration.exactOptional().describe('simulated time that is not measured'),
    pcpus: z.int().min(1).exactOptional().describe('processors that threads share'),
    slice: duration.exactOptional().describe('time slice of a thread; 3ms by default'),
    preemptLocks: z.boolean().exactOptional(),
    bandwidth: bytes.exactOptional().describe('of the link, per second; 1.25GB by default'),
    maxBandwidth: bytes.exactOptional().describe("QEMU's max-bandwidth"),
    availSwitchoverBandwidth: bytes.exactOptional().describe("QEMU's avail-switchover-bandwidth"),
    downtimeLimit: duration.exactOptional().describe('300ms by default'),
    autoConverge: z.boolean().exactOptional(),
    zeroPages: z.number().min(0).max(1).exactOptional().describe('share of the pages that are zero at the start'),
    sweep: z
      .record(z.string(), many(z.union([z.string(), z.number()])))
      .exactOptional()
      .describe('dimensions of a sweep, as --sweep of simulate: all combinations of their values'),
    seed: z.int().min(0).exactOptional().describe('1 by default'),
    runs: count.exactOptional().describe('runs of each design and point of the sweep, one shard each; 1 by default'),
  })
  .describe('simulations');

/** Schema of a campaign file. */
export const campaignSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'give a name of letters, digits, dots, dashes and underscores, at most 64 of them')
      .exactOptional()
      .describe('by default the name of the file'),
    check: z.array(checkGroup).min(1).exactOptional(),
    simulate: z.array(simulateGroup).min(1).exactOptional(),
  })
  .describe('what a campaign checks and simulates');

/**
 * A campaign, as its file has it: what to check and to simulate.
 * @example
 * const campaign: Campaign = { check: [{ designs: 'rmap-xchg', strategy: 'pct', seeds: 1000, runs: '1k' }] };
 */
export type Campaign = DeepReadonly<z.input<typeof campaignSchema>>;

type ParsedCampaign = DeepReadonly<z.output<typeof campaignSchema>>;
export type CheckGroup = NonNullable<ParsedCampaign['check']>[number];
export type SimulateGroup = NonNullable<ParsedCampaign['simulate']>[number];

/** A campaign with its quantities parsed. */
export interface NamedCampaign extends ParsedCampaign {
  readonly name: string;
}
