import { z } from 'zod';
import { memoryModels } from './store-buffer.ts';

const actor = z.int().min(0).describe('id of an actor: its index in `actors`');
const params = z.record(z.string(), z.int()).describe('params of the model');

const access = z
  .object({
    cell: z.string().describe('path of the cell: kvm.dirtyBitmap[0], vcpu0.gfn'),
    region: z
      .enum(['shared', 'owned', 'register', 'ghost'])
      .describe('shared: all actors; owned: one actor at a time; register: one actor; ghost: properties only'),
    operation: z.string().describe('name of the operation: has, set, xchgWord'),
    kind: z.enum(['load', 'store', 'rmw']).describe('effect on memory; rmw is one atomic read-modify-write'),
    before: z.string(),
    after: z.string(),
    buffered: z
      .literal(true)
      .exactOptional()
      .describe('a buffered store, or a load of one: before and after are then the values that the actor sees'),
  })
  .describe('an operation on a cell');

const move = z
  .object({
    actor,
    event: z.string(),
    from: actor.describe('sender of a message; the actor itself for its spontaneous events'),
    fields: z.record(z.string(), z.int()).exactOptional().describe('fields of the message, if it has any'),
    before: z.string().describe('path of its state before'),
    after: z.string().describe('path of its state after'),
    actions: z.array(z.string()).describe('names of the actions that ran, in order'),
    accesses: z.array(access).describe('accesses of guards and actions, in order'),
    sent: z.array(
      z.object({
        type: z.string(),
        to: actor,
        posted: z.boolean().describe('true if the message is pending in a mailbox; else it is taken within this step'),
        call: z
          .literal(true)
          .exactOptional()
          .describe('true if sender and receiver are one thread: an ioctl, or its return'),
      }),
    ),
  })
  .describe('how an actor handled an event');

const step = z
  .object({
    actor: actor.describe('actor that took the event'),
    event: z.string(),
    payload: z
      .object({ field: z.string(), value: z.int() })
      .exactOptional()
      .describe('payload of the event, out of its domain'),
    from: actor.exactOptional().describe('sender of the message that the event delivers'),
    moves: z
      .array(move)
      .describe('first of the actor that took the event, then of the receivers of rendezvous messages, in order'),
  })
  .describe('a choice, run to completion');

/** The document that `--format json` prints. */
export const traceDocument = z
  .object({
    format: z.literal('precopy-trace'),
    version: z.literal(1),
    design: z.string().describe('id of the design'),
    params,
    memoryModel: z.enum(memoryModels).describe('sc: plain stores reach memory at once; tso: through store buffers'),
    actors: z.array(z.string()).describe('names of the actors, by id'),
    schedule: z.string().describe('argument of `precopy replay`'),
    initial: z
      .object({
        cells: z
          .record(z.string(), z.string())
          .describe('initial values of the cells that some step accesses, or the violated property reads'),
        states: z.array(z.string()).describe('initial states of the actors, as paths'),
      })
      .describe('the initial state'),
    steps: z.array(step),
    cycle: z
      .int()
      .exactOptional()
      .describe(
        'number of last steps that repeat for ever; 0 if nothing happens any more; absent if the run is finite',
      ),
    violation: z
      .object({
        property: z.string(),
        description: z.string().describe('description of the property'),
        detail: z.string().exactOptional().describe('further explanation, if precopy has one'),
        reads: z
          .array(z.string())
          .exactOptional()
          .describe('paths of the cells that the property reads in the last state, if it reads any'),
      })
      .exactOptional()
      .describe('the violated property: in the last state, or, if the run is infinite, in the run as a whole'),
    reached: z
      .object({
        property: z.string().describe('id of the cover; `until` for an expression'),
        description: z.string().describe('description of the cover, or the expression'),
        reads: z.array(z.string()).exactOptional().describe('paths of the cells that it reads in the last state'),
      })
      .exactOptional()
      .describe('of a run that was sought: what its last state, or the step to that, reaches'),
  })
  .describe('a run of a design on live actors, step by step');

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A trace as a JSON document; docs/schemas/trace.schema.json describes it. */
export type TraceDocument = DeepReadonly<z.infer<typeof traceDocument>>;

/**
 * A run of a design on live actors, step by step. Its fields are described in the schema above.
 * @example
 * const trace: Trace = replay(design, params, schedule);
 * console.log(trace.violation?.property);
 */
export type Trace = Omit<TraceDocument, 'format' | 'version'>;

/**
 * A choice, run to completion.
 * @example
 * const names = trace.steps.map(({ event }: TraceStep) => event);
 */
export type TraceStep = Trace['steps'][number];

/**
 * How an actor handled an event of a step.
 * @example
 * const actions = step.moves.flatMap((move: TraceMove) => move.actions);
 */
export type TraceMove = TraceStep['moves'][number];
