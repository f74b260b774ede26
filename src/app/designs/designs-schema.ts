import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { memoryModels } from '../../model/store-buffer.ts';

const source = z.object({
  version: z.string(),
  commit: z.string().exactOptional(),
  functions: z.array(z.string()).exactOptional().describe('the functions that the machines model'),
});

const comparison = z
  .object({
    talk: z.string().describe('what the talk says about the design, or what came after the talk'),
    hold: z.string().describe('hold time of mmu_lock, in big-O'),
    heldFor: z.string().describe('what mmu_lock is held for'),
    pays: z.string().describe('who pays for write protection, and how'),
    faultsPerPage: z.string().describe('write faults of a page that the guest keeps writing, per round'),
    rule: z.string().describe('the ordering rule that the design depends on'),
    machine: z.string().describe('the file of its GET_DIRTY_LOG machine'),
  })
  .describe('written by hand, not computed');

const design = z.object({
  design: z.string(),
  title: z.string(),
  source: source.exactOptional(),
  comparison,
  page: z.string().describe('its page of documentation'),
  params: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      min: z.int(),
      max: z.int(),
      default: z.int().describe('the default of this design'),
    }),
  ),
  properties: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['invariant', 'cover', 'deadlock', 'leads-to']),
      description: z.string(),
    }),
  ),
});

const mutant = z.object({
  design: z.string(),
  mutantOf: z.string(),
  bug: z.string(),
  fixedBy: z.string().exactOptional(),
  breaks: z.string(),
  params: z
    .record(z.string(), z.int())
    .exactOptional()
    .describe('parameters at which the bug shows, where they differ from those of the design'),
  races: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('cells of owned memory that two actors of the mutant race for, each with the reason'),
  memoryModel: z.enum(memoryModels).describe('the default of this mutant'),
});

/** Schema of the document that `designs --json` prints. */
export const designsDocument = z
  .object({
    format: z.literal('precopy-designs'),
    version: z.literal(2),
    designs: z.array(design),
    mutants: z.array(mutant),
  })
  .describe('the built-in designs and mutants');

/** The document that `designs --json` prints. */
export type DesignsDocument = DeepReadonly<z.infer<typeof designsDocument>>;
