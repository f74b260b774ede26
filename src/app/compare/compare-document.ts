import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { checkDocument } from '../check/check-schema.ts';
import { simulateDocument } from '../simulate/simulate-document.ts';

/** Schema of the document that `compare --json` prints. Entries of the two documents belong together by `design`. */
export const compareDocument = z
  .object({
    format: z.literal('precopy-compare'),
    version: z.literal(2),
    collectEverySeconds: z.number().describe('simulated interval at which the dirty log is read'),
    check: checkDocument.describe('as `check --json` prints it'),
    simulate: simulateDocument.describe('as `simulate --json` prints it'),
  })
  .describe('verdicts and simulated figures of designs');

/** The document that `compare --json` prints. */
export type CompareDocument = DeepReadonly<z.infer<typeof compareDocument>>;
