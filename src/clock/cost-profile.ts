import { z } from 'zod';
import { PrecopyError } from '../model/errors.ts';

const ns = z.number().nonnegative();

/** A time that is drawn anew each time. */
const distribution = z.union([
  z.strictObject({ exponential: z.strictObject({ meanNs: ns }) }),
  z.strictObject({ uniform: z.strictObject({ fromNs: ns, toNs: ns }) }),
  z.strictObject({ lognormal: z.strictObject({ medianNs: ns, sigma: z.number().nonnegative() }) }),
]);
export type Drawn = z.infer<typeof distribution>;

const origin = z.string().min(1).describe('where the figure is from: measured, published (where), or reasoned (how)');

const cost = z.strictObject({
  ns: ns.exactOptional(),
  distribution: distribution.exactOptional().describe('a time that differs each time, added to the others'),
  cold: z
    .strictObject({ ns, afterNs: ns })
    .exactOptional()
    .describe(
      'what it costs more where it was not run for so long, as caches forget; of what an ioctl does, not of who calls it',
    ),
  perPageNs: ns.exactOptional().describe('for each page of guest memory'),
  perWordNs: ns.exactOptional().describe('for each word of the dirty bitmap, of bitsPerWord bits'),
  perShadowPageNs: ns.exactOptional().describe('for each shadow page, of 512 pages of guest memory'),
  perByteNs: ns.exactOptional().describe('for each byte of the dirty bitmap'),
  spreadNs: ns
    .exactOptional()
    .describe('of a measured figure: the median distance of the measurements from their median'),
  origin,
});
export type Cost = z.infer<typeof cost>;

/**
 * What things cost on some machine, in nanoseconds. A key is the name of an action, `xchgDirtyWord`, or of an action of one machine,
 * `get-dirty-log.requestMmuLock`, which comes first.
 */
export const profileSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  name: z.string(),
  says: z.string().describe('what machine and software the figures are for'),
  host: z
    .strictObject({
      kernel: z.string().describe('the release of the kernel, as `uname -r` has it'),
      processor: z.string(),
      mmu: z.string(),
      date: z.string(),
    })
    .exactOptional()
    .describe('where a measured profile is from'),
  costs: z.record(z.string(), cost).describe('what an action costs whoever runs it'),
  free: z
    .strictObject({ actions: z.array(z.string()), origin })
    .describe('actions that cost nothing, as they only keep the books of the model or are part of another'),
  latencies: z.record(z.string(), cost).describe('from the sending of a posted message to its arrival, by type'),
  wakes: z
    .record(z.string(), cost)
    .describe('what it takes to go on for an actor that had to wait for a rendezvous, by type of message'),
  contextSwitch: cost
    .exactOptional()
    .describe('what it takes a processor to go on with another thread; needed where threads share processors'),
  exitsPerSecond: z
    .strictObject({ count: z.number().positive(), origin })
    .describe('VM exits of a vCPU for reasons of the guest, such as timers; they drain page-modification logs'),
  tlbEntries: z
    .strictObject({ count: z.int().positive(), origin })
    .describe('how many pages the TLB of a vCPU holds at once'),
});
export type Profile = z.infer<typeof profileSchema>;

/**
 * Reads a profile.
 * @param source what to call it in errors
 * @throws PrecopyError `BAD_FILE`
 */
export function parseProfile(text: string, source: string): Profile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${source} is no JSON: ${(error as Error).message}`, 'correct the file');
  }
  const parsed = profileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.');
  throw new PrecopyError(
    'BAD_FILE',
    `${source} is no cost profile: ${path ? `${path}: ` : ''}${issue?.message}`,
    'docs/schemas/profile.schema.json tells what one has',
  );
}
