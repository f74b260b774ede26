import type { Region } from '../model/access-recording.ts';
import { drain } from '../model/events.ts';
import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';

/** What happened to one cell in one move. */
export interface AccessSummary {
  /** its path; a register has no path but its name, as it belongs to the actor that moves */
  readonly cell: string;
  readonly region: Region;
  readonly before: string;
  readonly after: string;
  /** it was read only */
  readonly read: boolean;
  /** the store waits in the store buffer of the actor, or what was read is one that does */
  readonly buffered: boolean;
}

/** The event of a move with what the message carries: `PAGE gfn=0`. */
export function messageOf({ event, fields = {} }: TraceMove): string {
  return [event, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(' ');
}

/** The event of a move as a reader names it: `WRITE gfn=0`, `IPI from getDirtyLog`; nothing for a plain `STEP`. */
export function eventOf(trace: Trace, step: TraceStep, move: TraceMove): string {
  const isChosen = move === step.moves[0];
  if (!isChosen || step.from !== undefined) return `${messageOf(move)} from ${trace.actors[move.from]}`;
  if (step.payload) return `${move.event} ${step.payload.field}=${step.payload.value}`;
  return move.event === 'STEP' ? '' : move.event;
}

/** What the actor did: the names of its actions, or the way between states where there are none. */
export function describeAction({ event, actions, before, after, sent }: TraceMove): string {
  if (event === drain) return sent.length > 0 ? 'buffered message leaves' : 'buffered store reaches memory';
  if (actions.length > 0) return actions.join(' ');
  if (before === after) return `stays in ${after}`;
  const parent = before.slice(0, before.lastIndexOf('.') + 1);
  return after.startsWith(parent)
    ? `${before.slice(parent.length)} -> ${after.slice(parent.length)}`
    : `${before} -> ${after}`;
}

/** The messages that a move left in mailboxes: `posts IPI to vcpu0 vcpu1`. What it sent by rendezvous is the next move. */
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
 * What a move did to memory, cell by cell in the order of first use: changes everywhere, reads where they tell something about other
 * actors, stores that change nothing only where another actor could have seen them. Ghost memory is left out: the system has none. What
 * waits in a store buffer is told apart from what happens to memory.
 */
export function summarizeAccesses({ accesses }: TraceMove): AccessSummary[] {
  const touches = new Map<string, AccessSummary>();
  for (const { cell, region, kind, before, after, buffered = false } of accesses) {
    const place = buffered ? `${cell} in the store buffer` : cell;
    const first = touches.get(place);
    touches.set(place, {
      cell: region === 'register' ? cell.slice(cell.indexOf('.') + 1) : cell,
      region,
      before: first?.before ?? before,
      after,
      read: kind === 'load' && (first?.read ?? true),
      buffered,
    });
  }
  return [...touches.values()].filter(isTold);
}

function isTold({ region, before, after, read }: AccessSummary): boolean {
  if (region === 'ghost') return false;
  if (before !== after || region === 'shared') return true;
  return region === 'owned' && read;
}

/** A touch in words: `kvm.dirtyBitmap[0] 10->00`, `reads kvm.memslots=1`, `ram.stale stays 11`, `buffers kvm.memslots=1`. */
export function describeAccess({ cell, before, after, read, buffered }: AccessSummary): string {
  if (buffered) return read ? `reads ${cell}=${after} from its store buffer` : `buffers ${cell}=${after}`;
  if (read) return `reads ${cell}=${after}`;
  return before === after ? `${cell} stays ${after}` : `${cell} ${before}->${after}`;
}

/** The actors that do something in a trace, in the order of their numbers; all of them where nothing is done. */
export function participantsOf(trace: Trace): number[] {
  const active = new Set(trace.steps.flatMap(({ moves }) => moves.map(({ actor }) => actor)));
  return trace.actors.flatMap((_, actor) => (active.has(actor) || active.size === 0 ? [actor] : []));
}

/** Where a trace ends: the state of each actor, and the values of the cells that were used, but no registers. */
export function endOf(trace: Trace): {
  readonly states: readonly string[];
  readonly cells: readonly (readonly [name: string, value: string])[];
} {
  const states = [...trace.initial.states];
  const cells = new Map(Object.entries(trace.initial.cells));
  for (const { moves } of trace.steps) {
    for (const { actor, after, accesses } of moves) {
      states[actor] = after;
      for (const { cell, after, buffered } of accesses) if (!buffered) cells.set(cell, after);
    }
  }
  return { states, cells: [...cells].filter(([name]) => !isRegister(trace, name)) };
}

/** A register is named after its actor. */
function isRegister({ actors }: Trace, cell: string): boolean {
  return actors.includes(cell.slice(0, cell.indexOf('.')));
}

/** How many steps are taken once, before those that are repeated for ever. */
export function stemOf({ steps, cycle = 0 }: Trace): number {
  return steps.length - cycle;
}

/** Where a property breaks. */
export function describeViolationSite(trace: Trace): string {
  const { steps, cycle } = trace;
  if (cycle === undefined) return steps.length === 0 ? 'in the initial state' : `at step ${steps.length}`;
  return cycle === 0 ? `as nothing has to happen after step ${steps.length}` : `as ${repeatsOf(trace)} for ever`;
}

/** Which steps are repeated: `steps 7 to 12 repeat`. */
export function repeatsOf(trace: Trace): string {
  const [first, last] = [stemOf(trace) + 1, trace.steps.length];
  return first === last ? `step ${last} repeats` : `steps ${first} to ${last} repeat`;
}

/** `vcpus=2 pages=2` */
export function paramsText({ schedule }: Pick<Trace, 'schedule'>): string {
  const [, params = ''] = /@([^:]*):/.exec(schedule) ?? [];
  return params.replaceAll(',', ' ');
}
