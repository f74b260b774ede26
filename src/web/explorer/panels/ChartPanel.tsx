import { createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show } from 'solid-js';
import { shownPath } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

type Charts = Readonly<Record<string, string>>;

/** Loads the statecharts of a design: from the page itself, if it is one file, else from the server. */
async function loadCharts(design: string): Promise<Charts | undefined> {
  const inline = document.getElementById('charts')?.textContent;
  if (inline) return (JSON.parse(inline) as Readonly<Record<string, Charts>>)[design];
  const answer = await fetch(`charts/${encodeURIComponent(design)}`);
  return answer.ok ? ((await answer.json()) as Charts) : undefined;
}

/** The statechart of an actor, with its current state lit, and the transition that it took last. */
export function ChartPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const [chosen, setChosen] = createSignal<number>();
  const [charts] = createResource(() => explorer.info()?.design.id, loadCharts);
  /** the chosen actor, or the one that took the last step */
  const actor = createMemo(() => chosen() ?? explorer.steps()[explorer.depth() - 1]?.step.actor ?? 0);
  const svg = createMemo(() => {
    const text = charts()?.[explorer.info()?.actors[actor()]?.role ?? ''];
    if (text === undefined) return undefined;
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    return document.importNode(parsed, true) as unknown as SVGElement;
  });
  createEffect(
    on([svg, explorer.states, explorer.situation], ([drawing]) => {
      if (!drawing) return;
      const state = explorer.states()[actor()];
      const moves = explorer.steps()[explorer.depth() - 1]?.step.moves ?? [];
      const taken = new Set(
        moves.filter((move) => move.actor === actor()).map(({ before, after }) => `${before}->${after}`),
      );
      for (const group of drawing.querySelectorAll('g.node, g.edge')) {
        const title = group.querySelector('title')?.textContent ?? '';
        const isNode = group.classList.contains('node');
        group.classList.toggle('lit', isNode ? title === state : taken.has(title));
        if (isNode && title === state) group.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    }),
  );
  return (
    <div class="chart">
      <p>
        <label>
          Statechart of{' '}
          <select
            onChange={(event) =>
              setChosen(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))
            }
          >
            <option value="">the actor of the step</option>
            <For each={explorer.info()?.actors}>{({ name }, n) => <option value={n()}>{name}</option>}</For>
          </select>
        </label>{' '}
        <b>{explorer.info()?.actors[actor()]?.name}</b> is in <code>{explorer.states()[actor()]}</code>, at step{' '}
        {explorer.depth()} of {shownPath(explorer.situation() ?? emptyPath).length - 1}
      </p>
      <Show
        when={svg()}
        fallback={
          <p class="quiet">{charts.loading ? 'It is being drawn.' : 'There is no drawing of this design here.'}</p>
        }
      >
        {(drawing) => <div class="drawing">{drawing()}</div>}
      </Show>
    </div>
  );
}

const emptyPath = { steps: [], branches: [{ name: '', tip: 0 }], branch: 0 } as unknown as Parameters<
  typeof shownPath
>[0];
