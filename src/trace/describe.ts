import type { Region } from '../model/access-recording.ts';
import { drain } from '../model/store-buffer.ts';
import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';

/** The accesses of a move to a cell, summarized. */
export interface AccessSummary {
  readonly path: string;
  /** path of the cell; of a register only its name, as it belongs to the actor */
  readonly cell: string;
  readonly region: Region;
  readonly before: string;
  readonly after: string;
  /** true if it was only read */
  readonly read: boolean;
  /** true if the access is a buffered store, or a load of one */
  readonly buffered: boolean;
}

/** Returns the event of a move with the fields of its message: `PAGE gfn=0`. */
export function messageOf({ event, fields = {} }: TraceMove): string {
  return [event, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(' ');
}

/** Returns the event of a move as text: `WRITE gfn=0`, `IPI from getDirtyLog`; empty for a plain `STEP`. */
export function eventOf(trace: Trace, step: TraceStep, move: TraceMove): string {
  const isChosen = move === step.moves[0];
  if (!isChosen || step.from !== undefined) return `${messageOf(move)} from ${trace.actors[move.from]}`;
  if (step.payload) return `${move.event} ${step.payload.field}=${step.payload.value}`;
  return move.event === 'STEP' ? '' : move.event;
}

/** Returns the names of the actions of a move, or, if there are none, its states before and after. */
export function describeAction({ event, actions, before, after, sent }: TraceMove): string {
  if (event === drain) return sent.length > 0 ? 'buffered message leaves' : 'buffered store reaches memory';
  if (actions.length > 0) return actions.join(' ');
  if (before === after) return `stays in ${after}`;
  const parent = before.slice(0, before.lastIndexOf('.') + 1);
  return after.startsWith(parent)
    ? `${before.slice(parent.length)} -> ${after.slice(parent.length)}`
    : `${before} -> ${after}`;
}

/** Returns the messages that a move posted: `posts IPI to vcpu0 vcpu1`. A rendezvous message is the next move. */
export function postsOf(trace: Trace, { sent }: TraceMove): string {
  const posted = sent.filter(({ posted }) => posted);
  const types = [...new Set(posted.map(({ type }) => type))];
  return types
    .map((type) => {
      const receivers = posted.filter((message) => message.type === type).map(({ to }) => trace.actors[to]);
      return `posts ${type} to ${receivers.join(' ')}`;
    })
    .join(', ');
}

/**
 * Summarizes the accesses of a move by cell, in the order of the first access: all changes, loads of shared and owned
 * memory, and stores to shared memory that change nothing. Ghost memory, which the system does not have, is omitted, but
 * for changes of what the violated property reads. Accesses to buffered stores are separate from accesses to memory.
 */
export function summarizeAccesses(trace: Trace, { accesses }: TraceMove): AccessSummary[] {
  const summaries = new Map<string, AccessSummary>();
  for (const { cell, region, kind, before, after, buffered = false } of accesses) {
    const key = buffered ? `${cell} in the store buffer` : cell;
    const first = summaries.get(key);
    summaries.set(key, {
      path: cell,
      cell: region === 'register' ? cell.slice(cell.indexOf('.') + 1) : cell,
      region,
      before: first?.before ?? before,
      after,
      read: kind === 'load' && (first?.read ?? true),
      buffered,
    });
  }
  return [...summaries.values()].filter((one) => isShown(one, readsOf(trace)));
}

function isShown({ path, region, before, after, read }: AccessSummary, reads: readonly string[]): boolean {
  if (region === 'ghost') return before !== after && reads.includes(path);
  if (before !== after || region === 'shared') return true;
  return region === 'owned' && read;
}

/**
 * Returns the text of an access: `kvm.dirtyBitmap[0] 10->00`, `reads kvm.memslots=1`, `ram.stale stays 11`, `buffers
 * kvm.memslots=1`.
 */
export function describeAccess({ cell, before, after, read, buffered }: AccessSummary): string {
  if (buffered) return read ? `reads ${cell}=${after} from its store buffer` : `buffers ${cell}=${after}`;
  if (read) return `reads ${cell}=${after}`;
  return before === after ? `${cell} stays ${after}` : `${cell} ${before}->${after}`;
}

/** Returns the ids of the actors that move in a trace; all actors if there are no steps. */
export function participantsOf(trace: Trace): number[] {
  const active = new Set(trace.steps.flatMap(({ moves }) => moves.map(({ actor }) => actor)));
  return trace.actors.flatMap((_, actor) => (active.has(actor) || active.size === 0 ? [actor] : []));
}

type NamedValue = readonly [name: string, value: string];

/**
 * Returns the last state of a trace: the states of the actors, the values of the cells that the violated property reads,
 * and of the other accessed cells, without registers.
 */
export function endOf(trace: Trace): {
  readonly states: readonly string[];
  readonly reads: readonly NamedValue[];
  readonly cells: readonly NamedValue[];
} {
  const states = [...trace.initial.states];
  const cells = new Map(Object.entries(trace.initial.cells));
  for (const { moves } of trace.steps) {
    for (const { actor, after, accesses } of moves) {
      states[actor] = after;
      for (const { cell, after, buffered } of accesses) if (!buffered) cells.set(cell, after);
    }
  }
  const reads = readsOf(trace);
  return {
    states,
    reads: reads.flatMap((name) => (cells.has(name) ? [[name, cells.get(name) as string]] : [])),
    cells: [...cells].filter(([name]) => !reads.includes(name) && !isRegister(trace, name)),
  };
}

/** Returns whether a cell is a register: its path begins with the name of an actor. */
function isRegister({ actors }: Trace, cell: string): boolean {
  return actors.includes(cell.slice(0, cell.indexOf('.')));
}

/** Returns the number of steps before the cycle. */
export function stemOf({ steps, cycle = 0 }: Trace): number {
  return steps.length - cycle;
}

/** Returns how a trace ends: which property is violated, or that a goal is reached; undefined for any other run. */
export function outcomeOf(
  trace: Trace,
): { readonly text: string; readonly description: string; readonly detail?: string } | undefined {
  const { violation, reached } = trace;
  if (!violation) return reached && { ...reached, text: `reached${describeViolationSite(trace)}` };
  return { ...violation, text: `${violation.property} is violated${describeViolationSite(trace)}` };
}

/** Returns the paths of the cells that the violated property reads in the last state, or the goal. */
export const readsOf = ({ violation, reached }: Trace): readonly string[] => (violation ?? reached)?.reads ?? [];

/** Returns where a run ends, as the end of a sentence. */
function describeViolationSite(trace: Trace): string {
  const { steps, cycle } = trace;
  if (cycle === undefined) return steps.length === 0 ? ' in the initial state' : ` at step ${steps.length}`;
  return cycle === 0 ? `, as nothing need happen after step ${steps.length}` : `, as ${repeatsOf(trace)} for ever`;
}

/** Returns the cycle as text: `steps 7 to 12 repeat`. */
export function repeatsOf(trace: Trace): string {
  const [first, last] = [stemOf(trace) + 1, trace.steps.length];
  return first === last ? `step ${last} repeats` : `steps ${first} to ${last} repeat`;
}

/** Returns the displayed params: `vcpus=2 pages=2`. */
export function paramsText({ schedule }: Pick<Trace, 'schedule'>): string {
  const [, params = ''] = /@([^:]*):/.exec(schedule) ?? [];
  return params.replaceAll(',', ' ');
}
