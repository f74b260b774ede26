import './lanes.css';
import { createEffect, createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js';
import type { ActorInfo } from '../../explore/messages.ts';
import { columnOf, laneWidth, memoryColumn, memoryWidth, rowHeight } from './geometry.ts';
import type { LaneRow, Lanes as LanesLayout } from './layout.ts';

interface LanesProps {
  readonly lanes: LanesLayout;
  readonly actors: readonly ActorInfo[];
  /** number of steps of the run up to the state that is shown */
  readonly cursor: number;
  /** paths of cells that are marked */
  readonly marked?: ReadonlySet<string>;
  /** number of the step that violates a property */
  readonly violatedAt?: number | undefined;
  readonly onGoTo?: (step: number) => void;
}

/** Rows that are drawn above and below those that can be seen. */
const margin = 12;

/** A run as lanes: an actor each, time downwards. Only the rows that can be seen are in the document. */
export function Lanes(props: LanesProps): JSX.Element {
  let scroller: HTMLDivElement | undefined;
  let head: HTMLDivElement | undefined;
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(600);
  onMount(() => {
    if (!scroller) return;
    const box = scroller;
    const observer = new ResizeObserver(() => setHeight(box.clientHeight));
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  const first = createMemo(() => Math.max(0, Math.floor(top() / rowHeight) - margin));
  const last = createMemo(() => Math.min(props.lanes.rows.length, Math.ceil((top() + height()) / rowHeight) + margin));
  // The same objects while one scrolls: rows that stay in sight are not drawn anew.
  const placed = createMemo(() => props.lanes.rows.map((row, at) => ({ row, at })));
  const visible = createMemo(() => placed().slice(first(), last()));
  const memoryAt = createMemo(() => memoryColumn(props.lanes));
  const width = createMemo(() => props.lanes.actors.length * laneWidth);
  const spans = createMemo(() => props.lanes.spans.filter(({ from, to }) => from < last() && to > first()));
  const arrows = createMemo(() =>
    props.lanes.arrows.filter(
      ({ sentAt, takenAt }) => sentAt < last() && (takenAt ?? props.lanes.rows.length) >= first(),
    ),
  );
  // The step that is shown stays in sight.
  createEffect(() => {
    const row = (props.lanes.rowsBefore[props.cursor] ?? 0) - 1;
    if (!scroller || row < 0) return;
    const y = row * rowHeight;
    if (y < scroller.scrollTop + rowHeight) scroller.scrollTop = y - rowHeight;
    else if (y > scroller.scrollTop + scroller.clientHeight - 3 * rowHeight)
      scroller.scrollTop = y - scroller.clientHeight + 3 * rowHeight;
  });
  const x = (actor: number): number => columnOf(props.lanes, actor);
  const longest = createMemo(() =>
    Math.max(0, ...props.lanes.rows.map(({ memory }) => memory.reduce((sum, { text }) => sum + text.length + 1, 0))),
  );
  const isCurrent = (row: LaneRow): boolean => row.step === props.cursor;
  // Tab reaches the step that is shown, or, where its rows are out of sight, the first row that is in sight.
  const reachable = createMemo(() => {
    const inSight = (at: number): boolean => at >= first() && at < last();
    const current = placed().find(({ row }) => isCurrent(row));
    return current && inSight(current.at) ? current.at : Math.min(Math.ceil(top() / rowHeight), last() - 1);
  });
  return (
    <div class="lanes">
      <div class="lanes-head" ref={head}>
        <For each={props.lanes.actors}>
          {(actor) => (
            <span class="lanes-name" style={{ width: `${laneWidth}px` }} title={props.actors[actor]?.machine}>
              {props.actors[actor]?.name}
            </span>
          )}
        </For>
        <span class="lanes-name lanes-memory" style={{ left: `${memoryAt()}px` }}>
          memory
        </span>
      </div>
      <div
        class="lanes-scroll"
        ref={scroller}
        onScroll={(event) => {
          setTop(event.currentTarget.scrollTop);
          if (head) head.scrollLeft = event.currentTarget.scrollLeft;
        }}
      >
        <div
          class="lanes-sheet"
          style={{
            height: `${props.lanes.rows.length * rowHeight}px`,
            width: `${memoryAt() + 12 + Math.max(80, longest() * memoryWidth)}px`,
          }}
        >
          <svg
            class="lanes-drawing"
            aria-hidden="true"
            width={width() + 44}
            height={(last() - first()) * rowHeight}
            style={{ top: `${first() * rowHeight}px` }}
          >
            <For each={spans()}>
              {({ actor, from, to, kind }) => (
                <rect
                  class={`lane-${kind}`}
                  x={x(actor) + (kind === 'state' ? 3 : 7)}
                  y={(Math.max(from, first()) - first()) * rowHeight}
                  width={kind === 'state' ? 2 : 4}
                  height={(Math.min(to, last()) - Math.max(from, first())) * rowHeight}
                />
              )}
            </For>
            <For each={arrows()}>
              {({ from, to, sentAt, takenAt, isPosted }) => {
                const y = (row: number): number => (row - first() + 0.5) * rowHeight;
                // One that is pending has no tip, and goes on to the end of the run.
                const end = takenAt ?? props.lanes.rows.length - 0.5;
                return (
                  <path
                    class={isPosted ? 'lane-posted' : 'lane-sent'}
                    d={`M${x(from) + 8},${y(sentAt)} L${x(to) + (x(to) > x(from) ? 2 : 14)},${y(end)}`}
                    marker-end={takenAt === undefined ? undefined : 'url(#lane-arrow)'}
                  />
                );
              }}
            </For>
            <defs>
              <marker
                id="lane-arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path class="lane-tip" d="M0,0 L8,4 L0,8 z" />
              </marker>
            </defs>
          </svg>
          <For each={visible()}>
            {({ row, at }) => (
              <button
                type="button"
                class="lane-row"
                classList={{
                  current: isCurrent(row),
                  past: row.step <= props.cursor,
                  bad: row.step === props.violatedAt,
                }}
                style={{ top: `${at * rowHeight}px`, height: `${rowHeight}px` }}
                aria-current={isCurrent(row) ? 'step' : undefined}
                tabindex={at === reachable() ? 0 : -1}
                onClick={() => props.onGoTo?.(row.step)}
              >
                <span class="lane-step">{row.isFirst ? row.step : ''}</span>
                <span class="lane-text" style={{ left: `${x(row.actor) + 16}px` }}>
                  <span class="lane-actor">{props.actors[row.actor]?.name}: </span>
                  <Show when={row.event}>
                    <b>{row.event}</b>{' '}
                  </Show>
                  {row.actions}
                </span>
                <span class="lane-memory" style={{ left: `${memoryAt()}px` }}>
                  <For each={row.memory}>
                    {({ path, text, isChange }) => (
                      <span classList={{ changed: isChange, marked: props.marked?.has(path) === true }}>{text} </span>
                    )}
                  </For>
                </span>
              </button>
            )}
          </For>
        </div>
      </div>
    </div>
  );
}
