import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { goToStep } from '../state/tree.ts';
import type { Explorer } from '../store.ts';
import { tour } from '../tour.ts';

/** The tour: chapters, and what to see at the step that is shown. It can be left at any point, to play. */
export function TourPanel(props: { readonly explorer: Explorer; readonly onClose: () => void }): JSX.Element {
  const { explorer } = props;
  const [chapter, setChapter] = createSignal(-1);
  const goTo = (step: number): void => explorer.update((now) => goToStep(now, step));
  const open = async (n: number): Promise<void> => {
    const next = tour[n];
    if (!next) return;
    await explorer.openSchedule(next.schedule);
    setChapter(n);
    goTo(next.stops[0]?.step ?? 0);
  };
  const stops = createMemo(() => tour[chapter()]?.stops ?? []);
  const at = createMemo(() => stops().findLastIndex(({ step }) => step <= explorer.depth()));
  const next = (): void => {
    const stop = stops()[at() + 1];
    if (stop) goTo(stop.step);
    else void open(chapter() + 1);
  };
  return (
    <section class="tour" aria-label="Tour">
      <ol>
        <For each={tour}>
          {({ title }, n) => (
            <li>
              <button type="button" aria-current={chapter() === n() ? 'step' : undefined} onClick={() => open(n())}>
                {title}
              </button>
            </li>
          )}
        </For>
      </ol>
      <p role="status">
        {chapter() < 0
          ? 'Five short runs of real designs. Leave at any point: what you see is the explorer itself.'
          : stops()[at()]?.text}
      </p>
      <Show when={chapter() < 0 || at() + 1 < stops().length || chapter() + 1 < tour.length}>
        <button type="button" onClick={() => (chapter() < 0 ? open(0) : next())}>
          {chapter() < 0 ? 'Begin' : at() + 1 < stops().length ? 'Next' : 'Next chapter'}
        </button>
      </Show>
      <button type="button" onClick={props.onClose}>
        Leave the tour
      </button>
    </section>
  );
}
