import type { ActorInfo, RunStep } from '../../explore/messages.ts';
import type { TraceMove } from '../../model/trace.ts';
import { describeAction } from '../../trace/describe.ts';

/** A row of lanes: one move of one actor. */
export interface LaneRow {
  /** number of the step, from 1 on */
  readonly step: number;
  /** true for the first move of the step */
  readonly isFirst: boolean;
  readonly actor: number;
  /** the event, as text; empty for a plain STEP */
  readonly event: string;
  readonly actions: string;
  /** what it did to memory: `kvm.dirtyBitmap[0] 1->0`, `reads kvm.spteWritable=1` */
  readonly memory: readonly MemoryAccess[];
}

/** An access of a move, as a row shows it. */
interface MemoryAccess {
  readonly path: string;
  readonly text: string;
  readonly isChange: boolean;
}

/** A state that an actor is in, or what it does to a lock, from one row to another; `to` is exclusive. */
interface LaneSpan {
  readonly actor: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly kind: 'state' | 'hold' | 'wait';
}

/** A message. A posted one is pending from the row that sends it to the one that takes it. */
interface LaneArrow {
  readonly from: number;
  readonly to: number;
  readonly sentAt: number;
  /** undefined if it is still pending at the end */
  readonly takenAt: number | undefined;
  readonly type: string;
  readonly isPosted: boolean;
}

export interface Lanes {
  /** ids of the actors that have a lane, from left to right */
  readonly actors: readonly number[];
  readonly rows: readonly LaneRow[];
  readonly spans: readonly LaneSpan[];
  readonly arrows: readonly LaneArrow[];
  /** by number of steps: the number of rows of these steps */
  readonly rowsBefore: readonly number[];
}

/** What of a run is shown. */
export interface LaneOptions {
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** rows that contain this text, in an event, an action, a cell or an actor; all if it is empty */
  readonly filter?: string;
}

/** Lays out a run: a lane for each actor that takes part, pinned ones first, and a row for each move. */
export function layoutLanes(
  actors: readonly ActorInfo[],
  initialStates: readonly string[],
  steps: readonly RunStep[],
  { pinned, hidden, filter = '' }: LaneOptions,
): Lanes {
  const moves = steps.flatMap(({ step }, n) =>
    step.moves.map((move, m) => ({ move, step: n + 1, isFirst: m === 0, chosen: step })),
  );
  const isHidden = (actor: number): boolean => hidden.includes(actors[actor]?.name ?? '');
  const present = new Set([
    ...moves.map(({ move }) => move.actor),
    ...moves.flatMap(({ move }) => move.sent.map(({ to }) => to)),
  ]);
  for (const name of pinned) present.add(actors.findIndex((one) => one.name === name));
  const isPinned = (actor: number): boolean => pinned.includes(actors[actor]?.name ?? '');
  const shown = [...present]
    .filter((actor) => actor >= 0 && !isHidden(actor))
    .sort((a, b) => Number(isPinned(b)) - Number(isPinned(a)) || a - b);

  const rows: LaneRow[] = [];
  const rowsBefore = [0];
  const rowOf = new Map<TraceMove, number>();
  const isShown = new Set<TraceMove>();
  for (const { move, step, isFirst, chosen } of moves) {
    const row = rowFor(move, step, isFirst, chosen, actors);
    if (!isHidden(move.actor) && matches(row, actors, filter)) {
      rowOf.set(move, rows.length);
      isShown.add(move);
      rows.push(row);
    } else rowOf.set(move, Math.max(0, rows.length - 1));
    rowsBefore[step] = rows.length;
  }
  for (let n = 1; n <= steps.length; n++) rowsBefore[n] ??= rowsBefore[n - 1] as number;
  return {
    actors: shown,
    rows,
    rowsBefore,
    spans: spansOf(
      moves.map(({ move }) => move),
      rowOf,
      actors,
      initialStates,
      rows.length,
    ).filter(({ actor }) => shown.includes(actor)),
    arrows: arrowsOf(
      moves.map(({ move }) => move),
      rowOf,
      isShown,
    ).filter(({ from, to }) => shown.includes(from) && shown.includes(to)),
  };
}

function rowFor(
  move: TraceMove,
  step: number,
  isFirst: boolean,
  chosen: RunStep['step'],
  actors: readonly ActorInfo[],
): LaneRow {
  const fields = Object.entries(move.fields ?? {}).map(([field, value]) => `${field}=${value}`);
  const payload = isFirst && chosen.payload ? [`${chosen.payload.field}=${chosen.payload.value}`] : [];
  const sender = move.from === move.actor ? [] : [`from ${actors[move.from]?.name}`];
  const event = [move.event, ...fields, ...payload, ...sender].join(' ');
  return {
    step,
    isFirst,
    actor: move.actor,
    event: event === 'STEP' ? '' : event,
    actions: describeAction(move),
    memory: accessesOf(move),
  };
}

/** Returns the accesses of a move by cell: changes, and loads of memory that is not a register. */
function accessesOf({ accesses }: TraceMove): MemoryAccess[] {
  const byCell = new Map<string, { before: string; after: string; isRead: boolean; region: string }>();
  for (const { cell, before, after, kind, region } of accesses) {
    const first = byCell.get(cell);
    byCell.set(cell, {
      before: first?.before ?? before,
      after,
      isRead: (first?.isRead ?? true) && kind === 'load',
      region,
    });
  }
  return [...byCell].flatMap(([path, { before, after, isRead, region }]): MemoryAccess[] => {
    if (before !== after) return [{ path, text: `${path} ${before}->${after}`, isChange: true }];
    if (region === 'register' || region === 'ghost') return [];
    return [{ path, text: isRead ? `reads ${path}=${after}` : `${path} stays ${after}`, isChange: false }];
  });
}

function matches({ event, actions, memory, actor }: LaneRow, actors: readonly ActorInfo[], filter: string): boolean {
  if (filter === '') return true;
  const text = [actors[actor]?.name, event, actions, ...memory.map((access) => access.text)].join(' ').toLowerCase();
  return text.includes(filter.toLowerCase());
}

/** Returns for how long each actor was in which state, and held or awaited a lock, by the tags of its states. */
function spansOf(
  moves: readonly TraceMove[],
  rowOf: ReadonlyMap<TraceMove, number>,
  actors: readonly ActorInfo[],
  initialStates: readonly string[],
  end: number,
): LaneSpan[] {
  const spans: LaneSpan[] = [];
  for (const [actor, info] of actors.entries()) {
    const changes = [{ at: 0, state: initialStates[actor] ?? '' }];
    for (const move of moves) {
      if (move.actor === actor && move.before !== move.after)
        changes.push({ at: rowOf.get(move) ?? 0, state: move.after });
    }
    const tagged = (state: string, start: RegExp): string | undefined =>
      info.tags[state]?.find((tag) => start.test(tag));
    for (const [kind, textOf] of [
      ['state', (state: string) => state],
      ['hold', (state: string) => tagged(state, /^(holds|shares)/)],
      ['wait', (state: string) => tagged(state, /^waits/)],
    ] as const) {
      let open: { from: number; text: string } | undefined;
      const close = (to: number): void => {
        if (open && to > open.from) spans.push({ actor, from: open.from, to, text: open.text, kind });
        open = undefined;
      };
      for (const { at, state } of changes) {
        const text = textOf(state);
        if (open?.text === text) continue;
        close(at);
        if (text !== undefined) open = { from: at, text };
      }
      close(end);
    }
  }
  return spans;
}

/** Returns the messages that leave a row that is shown, and arrive at one or are pending at the end. */
function arrowsOf(
  moves: readonly TraceMove[],
  rowOf: ReadonlyMap<TraceMove, number>,
  isShown: ReadonlySet<TraceMove>,
): LaneArrow[] {
  const arrows: { -readonly [K in keyof LaneArrow]: LaneArrow[K] }[] = [];
  const pending: (typeof arrows)[number][] = [];
  const unseen = new Set<LaneArrow>();
  for (const move of moves) {
    const at = rowOf.get(move) ?? 0;
    const index = pending.findIndex(
      ({ from, to, type }) => from === move.from && to === move.actor && type === move.event,
    );
    const [arrow] = index < 0 ? [] : pending.splice(index, 1);
    if (arrow) arrow.takenAt = at;
    if (arrow && !isShown.has(move)) unseen.add(arrow);
    for (const { type, to, posted } of move.sent) {
      const arrow = { from: move.actor, to, sentAt: at, takenAt: undefined, type, isPosted: posted };
      arrows.push(arrow);
      pending.push(arrow);
      if (!isShown.has(move)) unseen.add(arrow);
    }
  }
  return arrows.filter((arrow) => !unseen.has(arrow));
}
