import { z } from 'zod';
import type { CheckDocument, NotChecked } from '../check/check-document.ts';
import { designEntry } from '../check/check-schema.ts';
import type { SweptFigures } from '../simulate/simulate-document.ts';
import { figures } from '../simulate/simulate-schema.ts';

/** A design: what the checker says of it, and what it costs under the clock. */
export interface Compared {
  readonly design: string;
  /** absent where there is no verdict */
  readonly check?: CheckDocument['designs'][number];
  readonly clock: SweptFigures;
}

/** What `compare --json` prints. */
export interface CompareDocument {
  readonly format: 'precopy-compare';
  readonly version: 1;
  readonly seed: number;
  readonly profile: string;
  readonly workload: string;
  readonly collectEverySeconds: number;
  readonly designs: readonly Compared[];
  readonly notChecked: readonly NotChecked[];
}

export const compareDocument: z.ZodType<CompareDocument> = z
  .object({
    format: z.literal('precopy-compare'),
    version: z.literal(1),
    seed: z.int(),
    profile: z.string(),
    workload: z.string(),
    collectEverySeconds: z.number(),
    designs: z.array(
      z.object({
        design: z.string().describe('id of the design'),
        check: designEntry
          .meta({ id: 'check' })
          .exactOptional()
          .describe('as in `check --json`; absent where there is no verdict'),
        clock: figures.meta({ id: 'figures' }).describe('as in `simulate --json`'),
      }),
    ),
    notChecked: z.array(z.object({ design: z.string(), reason: z.string() })).describe('what has no verdict'),
  })
  .describe('the verdict of the checker and the figures of the clock, one entry a design');
