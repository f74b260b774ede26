import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { designFigures } from '../../simulate/results.ts';
import type { ExperimentOptions } from './simulation-options.ts';

const sweptFigures = designFigures.extend({
  swept: z.record(z.string(), z.string()).describe('the point of the sweep, as written; empty without a sweep'),
});

/** The figures of a design at one point of a sweep. */
export type SweptFigures = DeepReadonly<z.infer<typeof sweptFigures>>;

const notRun = z.object({ design: z.string(), reason: z.enum(['time', 'interrupt']) });

/** A design at a point of a sweep that was not simulated. */
export type NotRun = DeepReadonly<z.infer<typeof notRun>>;

/** Schema of the document that `simulate --json` prints. */
export const simulateDocument = z
  .object({
    format: z.literal('precopy-simulate'),
    version: z.literal(2),
    seed: z.int(),
    profile: z.string(),
    workload: z.string(),
    designs: z.array(sweptFigures),
    brokenThresholds: z.array(z.object({ design: z.string(), threshold: z.string() })),
    notRun: z.array(notRun).describe('what --time or Ctrl-C left out'),
  })
  .describe('figures of simulation runs, an entry for each design and point of a sweep');

/** The document that `simulate --json` prints. */
export type SimulateDocument = DeepReadonly<z.infer<typeof simulateDocument>>;

/** Creates the document of `simulate --json`. */
export function createSimulateDocument(
  result: Pick<SimulateDocument, 'brokenThresholds' | 'notRun'> & { readonly figures: readonly SweptFigures[] },
  { seed, profile, workload }: Pick<ExperimentOptions, 'seed' | 'profile' | 'workload'>,
): SimulateDocument {
  const header = { format: 'precopy-simulate', version: 2, seed, profile, workload } as const;
  const { figures, brokenThresholds, notRun } = result;
  return { ...header, designs: figures, brokenThresholds, notRun };
}

/** Formats a design and its point of a sweep: `manual-clear chunk=64`. */
export const labelOf = ({ design, swept }: Pick<SweptFigures, 'design' | 'swept'>): string =>
  [design, ...Object.entries(swept).map(([name, value]) => `${name}=${value}`)].join(' ');
