import { z } from 'zod';
import { memoryModels } from '../model/store-buffer.ts';
import type { TraceDocument } from './json.ts';

const actor = z.int().min(0).describe('an actor, by its place in `actors`');
const params = z.record(z.string(), z.int()).describe('the sizes of the run, by the name of the parameter');

const access = z
  .object({
    cell: z.string().describe('path of the cell: kvm.dirtyBitmap[0], vcpu0.gfn'),
    region: z
      .enum(['shared', 'owned', 'register', 'ghost'])
      .describe('who can reach the cell; only properties read ghost memory'),
    operation: z.string().describe('the operation of the cell: has, set, xchgWord'),
    kind: z.enum(['load', 'store', 'rmw']).describe('what it does to memory; rmw is one atomic read-modify-write'),
    before: z.string(),
    after: z.string(),
    buffered: z
      .literal(true)
      .exactOptional()
      .describe(
        'a store that waits in the store buffer of the actor, or a load of such a store: values as the actor sees them',
      ),
  })
  .describe('one operation on one cell');

const move = z
  .object({
    actor,
    event: z.string(),
    from: actor.describe('the sender of a message; the actor itself for its own events'),
    fields: z
      .record(z.string(), z.int())
      .exactOptional()
      .describe('what a message carries, where it carries something'),
    before: z.string().describe('path of the state before'),
    after: z.string().describe('path of the state after'),
    actions: z.array(z.string()).describe('the actions that ran, in order'),
    accesses: z.array(access).describe('what guards and actions did to memory, in order'),
    sent: z.array(
      z.object({
        type: z.string(),
        to: actor,
        posted: z.boolean().describe('it waits in a mailbox; otherwise it is taken within this step'),
      }),
    ),
  })
  .describe('what one actor did with one event');

const step = z
  .object({
    actor: actor.describe('the actor that took the event'),
    event: z.string(),
    payload: z
      .object({ field: z.string(), value: z.int() })
      .exactOptional()
      .describe('the choice out of the domain of the event'),
    from: actor.exactOptional().describe('the sender, where the event is the delivery of a posted message'),
    moves: z
      .array(move)
      .describe('first the actor that took the event, then those that got messages by rendezvous, in order'),
  })
  .describe('one choice, and all that it led to');

/** What `--format json` prints. */
export const traceDocument: z.ZodType<TraceDocument> = z
  .object({
    format: z.literal('precopy-trace'),
    version: z.literal(1),
    design: z.string().describe('id of the design'),
    params: params,
    memoryModel: z.enum(memoryModels).describe('when plain stores reach memory: at once, or through store buffers'),
    actors: z.array(z.string()).describe('names of the actors'),
    schedule: z.string().describe('what `precopy replay` takes'),
    initial: z
      .object({
        cells: z
          .record(z.string(), z.string())
          .describe('values before the first step of the cells that some step uses'),
        states: z.array(z.string()).describe('paths of the states of the actors'),
      })
      .describe('before the first step'),
    steps: z.array(step),
    cycle: z
      .int()
      .exactOptional()
      .describe('how many of the last steps are repeated for ever; with 0 of them nothing happens any more'),
    violation: z
      .object({
        property: z.string(),
        description: z.string().describe('what the property says'),
        detail: z.string().exactOptional().describe('what went wrong, where precopy itself can tell'),
      })
      .exactOptional()
      .describe(
        'the property that breaks: in the last step, in the initial state where there are no steps, or in a run without an end as a whole',
      ),
  })
  .describe('a run of a design, step by step, as live actors took it');
