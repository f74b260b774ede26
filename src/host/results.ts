/** Results of the host commands: their schemas, and the types that follow from them. */
import { z } from 'zod';
import type { DeepReadonly } from '../model/deep-readonly.ts';

export const hostIdentity = z.object({
  kernel: z.string().describe('release of the kernel'),
  processor: z.string(),
  cpus: z.int(),
  mmu: z.string().describe('the KVM module, and how it translates guest addresses'),
});

/** Identifies the host that a cost profile or a validation belongs to. */
export type HostIdentity = DeepReadonly<z.infer<typeof hostIdentity>>;

const trialResult = z
  .object({
    pagesWritten: z.int(),
    pagesReported: z.int().describe('by GET_DIRTY_LOG'),
    writeNs: z.number().describe('median time of a write to a mapped page, with two reads of the TSC'),
  })
  .describe('result of a short run of a guest');

/** Result of a short run of a guest. */
export type TrialResult = DeepReadonly<z.infer<typeof trialResult>>;

export const hostCapabilities = hostIdentity.extend({
  apiVersion: z.literal(12),
  maxVcpus: z.int(),
  manualProtect: z.boolean().describe('KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: GET_DIRTY_LOG and CLEAR_DIRTY_LOG'),
  initiallySet: z.boolean().describe('KVM_DIRTY_LOG_INITIALLY_SET'),
  dirtyRingEntries: z.int().describe('entries of the largest dirty ring of a vCPU; 0 if there is none'),
  availableBytes: z.int().describe('MemAvailable of /proc/meminfo'),
  trial: trialResult,
});

/** What the KVM of a host offers for dirty logging. */
export type HostCapabilities = DeepReadonly<z.infer<typeof hostCapabilities>>;

const writeId = z.object({ vcpu: z.int(), write: z.int().describe('number of the write on its vCPU, from 1') });

/** Identifies a write of the guest, as its value encodes it. */
export type WriteId = DeepReadonly<z.infer<typeof writeId>>;

const pageCopy = z.object({
  round: z.int(),
  copied: writeId.exactOptional().describe('the write whose value was copied; absent for an unwritten page'),
});

/** A copy of a page in one round. */
export type PageCopy = DeepReadonly<z.infer<typeof pageCopy>>;

const lostWrite = z.object({
  page: z.int(),
  round: z.int().describe('the last round before the comparison'),
  inMemory: writeId.exactOptional().describe('the write whose value is in memory'),
  lastCopied: writeId.exactOptional().describe('the write whose value was copied last'),
  history: z.array(pageCopy).describe('copies of the page, oldest first'),
  historySince: z.int().describe('the first round that the history covers'),
});

/** A page whose content differs from its last copy, although the log reports nothing. */
export type LostWrite = DeepReadonly<z.infer<typeof lostWrite>>;

export const stressResult = z.object({
  collector: z.string(),
  verdict: z.enum(['holds', 'violated', 'inconclusive']),
  seconds: z.number(),
  rounds: z.int().describe('rounds of the dirty log'),
  checks: z.int().describe('comparisons of all pages, with all vCPUs stopped'),
  pagesCompared: z.int(),
  copies: z.int().describe('copies of reported pages'),
  writes: z.int().describe('of the guest'),
  kicks: z.int().describe('signals that interrupted KVM_RUN'),
  ringFullExits: z.int(),
  lost: z.array(lostWrite).describe('at most five of the pages that lost a write'),
});

/** Result of stressing one collector. */
export type StressResult = DeepReadonly<z.infer<typeof stressResult>>;

const logMethod = z.union([
  z.object({ kind: z.literal('get') }),
  z.object({ kind: z.literal('clear'), chunkPages: z.int() }),
]);

/** How the log is read: GET_DIRTY_LOG alone, or GET_DIRTY_LOG and CLEAR_DIRTY_LOG in chunks. */
export type LogMethod = DeepReadonly<z.infer<typeof logMethod>>;

export const gridCell = z.object({
  memoryBytes: z.int(),
  vcpus: z.int(),
  intervalMs: z.number().describe('from the start of a round to GET_DIRTY_LOG'),
  pattern: z
    .enum(['uniform', 'hot', 'sweep'])
    .describe('random pages; nine tenths of the writes to a tenth of the pages; pages in order'),
  method: logMethod,
  rounds: z.int(),
});

/** A point of the validation grid. */
export type GridCell = DeepReadonly<z.infer<typeof gridCell>>;

export const cellMetrics = z.object({
  getNs: z.number().describe('GET_DIRTY_LOG'),
  clearNs: z.number().describe('all CLEAR_DIRTY_LOG calls of a round; 0 if there are none'),
  worstWriteNs: z.number().describe('longest write of the guest while the log is read'),
  writesPerSecond: z.number().describe('of all vCPUs together, with the log on'),
  dirtyPages: z.number().describe('pages that a round reports'),
});

/** Measured or predicted metrics of a cell: medians over its rounds. */
export type CellMetrics = DeepReadonly<z.infer<typeof cellMetrics>>;
