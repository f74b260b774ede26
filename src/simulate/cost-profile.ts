import { z } from 'zod';
import type { CostTable, TimeCost } from '../clock/cost-model.ts';
import { PrecopyError } from '../model/errors.ts';

const ns = z.number().nonnegative();

const randomTime = z.union([
  z.strictObject({ exponential: z.strictObject({ meanNs: ns }) }),
  z.strictObject({ uniform: z.strictObject({ fromNs: ns, toNs: ns }) }),
  z.strictObject({ lognormal: z.strictObject({ medianNs: ns, sigma: z.number().nonnegative() }) }),
]);

const origin = z
  .string()
  .min(1)
  .describe('where the figure comes from: measured, published (where), or reasoned (how)');

const cost = z.strictObject({
  ns: ns.exactOptional(),
  distribution: randomTime
    .exactOptional()
    .describe('a random time, drawn for each occurrence and added to the other parts'),
  cold: z
    .strictObject({ ns, afterNs: ns })
    .exactOptional()
    .describe(
      'surcharge if the last occurrence was at least afterNs ago, because caches are cold; for actions of an ioctl, not of its caller',
    ),
  perPageNs: ns.exactOptional().describe('per page of guest memory'),
  perWordNs: ns.exactOptional().describe('per word of the dirty bitmap, of bitsPerWord bits'),
  perShadowPageNs: ns.exactOptional().describe('per shadow page, of 512 pages of guest memory'),
  perByteNs: ns.exactOptional().describe('per byte of the dirty bitmap'),
  spreadNs: ns.exactOptional().describe('of a measured figure: median absolute deviation of the measurements'),
  origin,
});

/** Cost of an action or a message, as a profile gives it: the sum of its parts. */
export type Cost = z.infer<typeof cost>;

/**
 * Schema of a cost profile: times of one machine and its software, in nanoseconds. A key of `costs` is the name of an
 * action, `xchgDirtyWord`, or an action of one machine, `get-dirty-log.requestMmuLock`, which takes precedence.
 */
export const profileSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  name: z.string(),
  description: z.string().describe('the machine and software that the figures are for'),
  host: z
    .strictObject({
      kernel: z.string().describe('release of the kernel, as printed by `uname -r`'),
      processor: z.string(),
      mmu: z.string(),
      date: z.string(),
    })
    .exactOptional()
    .describe('where a measured profile was measured'),
  costs: z.record(z.string(), cost).describe('by action: its cost, whichever actor executes it'),
  free: z
    .strictObject({ actions: z.array(z.string()), origin })
    .describe('actions that cost nothing: bookkeeping of the model, or part of another action'),
  latencies: z.record(z.string(), cost).describe('by type of a posted message: time from send to arrival'),
  wakes: z
    .record(z.string(), cost)
    .describe('by type of a rendezvous message: time that an actor that waited for the message needs to wake up'),
  contextSwitch: cost
    .exactOptional()
    .describe('cost of switching a processor to another thread; required if threads share processors'),
  exitsPerSecond: z
    .strictObject({ count: z.number().positive(), origin })
    .describe('VM exits of a vCPU that the guest causes, such as timers; they drain page-modification logs'),
  tlbEntries: z
    .strictObject({ count: z.int().positive(), origin })
    .describe('number of pages that the TLB of a vCPU holds'),
});

/** A cost profile. */
export type Profile = z.infer<typeof profileSchema>;

/**
 * Parses a cost profile.
 * @param source name of the profile in error messages
 * @throws PrecopyError `BAD_FILE`
 */
export function parseProfile(text: string, source: string): Profile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${source} is not valid JSON: ${(error as Error).message}`, 'correct the file');
  }
  if (typeof json === 'object' && json !== null && 'says' in json) {
    throw new PrecopyError(
      'BAD_FILE',
      `${source} is a cost profile of an older format: its field 'says' is now 'description'`,
      "rename the field 'says' to 'description'",
    );
  }
  const parsed = profileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.');
  throw new PrecopyError(
    'BAD_FILE',
    `${source} is not a cost profile: ${path ? `${path}: ` : ''}${issue?.message}`,
    'docs/schemas/profile.schema.json describes the format',
  );
}

/** Quantities that a cost may be proportional to. */
interface Quantities {
  readonly pages: number;
  readonly words: number;
  readonly shadowPages: number;
  readonly bytes: number;
}

/** Returns the costs of a profile at given parameters of a design. */
export function costTable(profile: Profile, params: Readonly<Record<string, number>>): CostTable {
  const { name, costs, free, latencies, wakes, contextSwitch } = profile;
  const quantities = quantitiesOf(params);
  const resolve = (one: Cost): TimeCost => ({
    ns: constantNs(one, quantities),
    ...(one.distribution && { random: one.distribution }),
    ...(one.cold && { cold: one.cold }),
  });
  const resolveAll = (all: Readonly<Record<string, Cost>>): Record<string, TimeCost> =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, resolve(one)]));
  return {
    name,
    actions: resolveAll(costs),
    free: free.actions,
    latencies: resolveAll(latencies),
    wakes: resolveAll(wakes),
    contextSwitch: contextSwitch && resolve(contextSwitch),
  };
}

function constantNs(one: Cost, { pages, words, shadowPages, bytes }: Quantities): number {
  const { ns = 0, perPageNs = 0, perWordNs = 0, perShadowPageNs = 0, perByteNs = 0 } = one;
  return ns + perPageNs * pages + perWordNs * words + perShadowPageNs * shadowPages + perByteNs * bytes;
}

function quantitiesOf({ pages = 0, bitsPerWord = 32 }: Readonly<Record<string, number>>): Quantities {
  return {
    pages,
    words: Math.ceil(pages / bitsPerWord),
    shadowPages: Math.ceil(pages / 512),
    bytes: Math.ceil(pages / 8),
  };
}
