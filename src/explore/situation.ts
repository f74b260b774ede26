import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../model/base64url.ts';
import { PrecopyError } from '../model/errors.ts';

const step = z.tuple([
  z.int().min(0).describe('index of the step before it, plus one; 0 for the initial state'),
  z.int().min(0),
]);

/** What a link or a saved file of the explorer contains. */
export const situationDocument = z.strictObject({
  format: z.literal('precopy-situation'),
  version: z.literal(1),
  design: z.string().min(1).max(200).describe('id of the design'),
  params: z.record(z.string().max(60), z.int()).describe('params that differ from those of the design'),
  memoryModel: z.enum(['sc', 'tso']),
  hash: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .describe('hash of the model'),
  steps: z
    .array(step)
    .max(200_000)
    .describe('the tree of steps: each with the one before it, and the id of its choice'),
  branches: z
    .array(z.strictObject({ name: z.string().max(80), tip: z.int().min(0) }))
    .min(1)
    .max(500)
    .describe('named runs; tip: index of the last step, plus one'),
  branch: z.int().min(0).describe('index of the branch that is shown'),
  cursor: z.int().min(0).describe('index of the step that is shown, plus one'),
  pinned: z.array(z.string().max(80)).max(200),
  hidden: z.array(z.string().max(80)).max(200),
});

/** A situation of the explorer: a model, a tree of steps, and what is shown of it. */
export type Situation = z.infer<typeof situationDocument>;

/** Longest link that every browser, chat and mail program takes. */
export const maxLinkLength = 2000;

/**
 * Parses a situation. Nothing of it is executed.
 * @throws PrecopyError `BAD_FILE` for a text that is no situation, or one of another version
 */
export function parseSituation(text: string): Situation {
  const refuse = (why: string): never => {
    throw new PrecopyError(
      'BAD_FILE',
      `this is no situation of the explorer: ${why}`,
      'copy the whole link, or open the saved file',
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('it is cut off, or no JSON');
  }
  const { format, version } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (format === 'precopy-situation' && version !== 1)
    refuse(`it has version ${String(version)}, and this explorer knows 1`);
  const parsed = situationDocument.safeParse(value);
  if (!parsed.success) return refuse(z.prettifyError(parsed.error).split('\n')[0] ?? 'it has another form');
  const { steps, branches, branch, cursor } = parsed.data;
  if (steps.some(([before], n) => before > n)) refuse('a step comes before the one that it follows');
  if (branches.some(({ tip }) => tip > steps.length) || cursor > steps.length || branch >= branches.length) {
    refuse('it names a step that it does not have');
  }
  return parsed.data;
}

/** Encodes a situation for the address of a page: deflated, in base64url. */
export async function encodeSituation(situation: Situation): Promise<string> {
  const bytes = await through(
    new CompressionStream('deflate-raw'),
    new TextEncoder().encode(JSON.stringify(situation)),
  );
  return toBase64Url(bytes);
}

/**
 * Decodes the address of a page.
 * @throws PrecopyError `BAD_FILE`
 */
export async function decodeSituation(text: string): Promise<Situation> {
  let json: string;
  try {
    const bytes = fromBase64Url(text);
    json = new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
  } catch {
    throw new PrecopyError('BAD_FILE', 'this link is cut off', 'copy the whole link');
  }
  return parseSituation(json);
}

/** More than this, unpacked, is no link that the explorer made. */
const maxBytes = 16 << 20;

async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  written.catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) throw new RangeError('too large');
    chunks.push(value);
  }
  await written;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
