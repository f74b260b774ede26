import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount, Show } from 'solid-js';
import type { RunFormat } from '../../explore/messages.ts';
import { decodeSituation, encodeSituation, parseSituation, type Situation } from '../../explore/situation.ts';
import { Lanes } from '../lanes/Lanes.tsx';
import { layoutLanes } from '../lanes/layout.ts';
import { handleKey, keyHelp } from './keys.ts';
import { OpenBar } from './OpenBar.tsx';
import { BranchesPanel } from './panels/BranchesPanel.tsx';
import { ChartPanel } from './panels/ChartPanel.tsx';
import { ChoicesPanel } from './panels/ChoicesPanel.tsx';
import { ComparePanel } from './panels/ComparePanel.tsx';
import { MemoryPanel } from './panels/MemoryPanel.tsx';
import { PropertiesPanel } from './panels/PropertiesPanel.tsx';
import { TourPanel } from './panels/TourPanel.tsx';
import { exportLanes, exportRun, share } from './share.ts';
import { pageStart, startWorker } from './start-worker.ts';
import { goToStep as goTo, move, shownPath } from './state/tree.ts';
import { createExplorer } from './store.ts';

/** Milliseconds between two steps while it plays, by speed. */
const speeds = { slow: 1200, normal: 500, fast: 120 } as const;

export function App(): JSX.Element {
  const explorer = createExplorer(startWorker);
  const start = pageStart();
  const [isPlaying, setPlaying] = createSignal(false);
  const [speed, setSpeed] = createSignal<keyof typeof speeds>('normal');
  const [isHelpOpen, setHelp] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const [view, setView] = createSignal<'lanes' | 'chart' | 'compare'>('lanes');
  const [isTourOpen, setTour] = createSignal(false);
  let filterField: HTMLInputElement | undefined;
  let fileField: HTMLInputElement | undefined;

  const lanes = createMemo(() => {
    const [info, situation] = [explorer.info(), explorer.situation()];
    if (!info || !situation) return undefined;
    const { pinned, hidden } = situation;
    return layoutLanes(info.actors, info.initialStates, explorer.steps(), {
      pinned,
      hidden,
      filter: explorer.filter(),
    });
  });
  const length = createMemo(() => {
    const situation = explorer.situation();
    return situation ? shownPath(situation).length - 1 : 0;
  });
  const goToStep = (step: number): void => explorer.update((now) => goTo(now, step));
  const violatedAt = createMemo(() =>
    explorer.depth() > 0 && explorer.moment()?.properties.some(({ id, isTrue }) => !isTrue && isForbidden(id))
      ? explorer.depth()
      : undefined,
  );
  const isForbidden = (id: string): boolean =>
    ['invariant', 'deadlock'].includes(explorer.info()?.properties.find((property) => property.id === id)?.kind ?? '');

  const openSituation = async (situation: Situation): Promise<void> => {
    const { design, params, memoryModel } = situation;
    await explorer.open({ design, params, memoryModel }, situation);
  };
  const openText = async (text: string): Promise<void> => {
    try {
      if (/^[^\s{]+@[^\s]*$/.test(text.trim())) await explorer.openSchedule(text.trim());
      else await openSituation(parseSituation(text));
    } catch (error) {
      explorer.setNotice({ text: (error as Error).message, remedy: (error as { remedy?: string }).remedy });
    }
  };
  const openAddress = async (): Promise<boolean> => {
    if (location.hash.length < 2) return false;
    try {
      await openSituation(await decodeSituation(location.hash.slice(1)));
      return true;
    } catch (error) {
      explorer.setNotice({ text: (error as Error).message, remedy: (error as { remedy?: string }).remedy });
      return false;
    }
  };
  const shareIt = async (): Promise<void> => {
    const now = explorer.situation();
    if (now) setSaid(await share(now));
  };

  const openFirst = async (): Promise<void> => {
    if (await openAddress()) return;
    if (start.situation !== undefined) await openText(start.situation);
    else if (start.schedule !== undefined) await explorer.openSchedule(start.schedule);
    if (explorer.info()) return;
    const design =
      start.design ?? explorer.designs().find(({ id }) => id === 'rmap-xchg')?.id ?? explorer.designs()[0]?.id;
    if (design === undefined) return;
    await explorer.open({
      design,
      params: start.params ?? {},
      ...(start.memoryModel && { memoryModel: start.memoryModel }),
    });
  };
  onMount(async () => {
    await explorer.loadDesigns();
    await openFirst();
    // Last: what the engine says of the file as it was before matters less.
    if (start.problem !== undefined) explorer.setNotice({ text: start.problem });
  });

  createEffect(
    on([isPlaying, speed], ([playing, at]) => {
      if (!playing) return;
      const timer = setInterval(() => {
        if (explorer.depth() >= length()) setPlaying(false);
        else explorer.update((now) => move(now, 1));
      }, speeds[at]);
      onCleanup(() => clearInterval(timer));
    }),
  );

  // A server tells when a file of one's own has changed. What was done stays, as far as its steps still exist.
  onMount(() => {
    if (!start.isWatched) return;
    const changes = new EventSource('changes');
    changes.addEventListener('changed', () => {
      void (async () => {
        const now = explorer.situation();
        if (now) location.hash = await encodeSituation(now);
        location.reload();
      })();
    });
    onCleanup(() => changes.close());
  });

  const onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const isField = target.closest('input, select, textarea') !== null;
    if (isField && event.key !== 'Escape') return;
    if (event.key === ' ' && target.closest('button, summary')) return;
    const done = handleKey(event, explorer, {
      play: () => setPlaying(!isPlaying()),
      share: () => void shareIt(),
      openFile: () => fileField?.click(),
      chart: () => setView(view() === 'lanes' ? 'chart' : 'lanes'),
      help: () => setHelp(!isHelpOpen()),
      filter: () => filterField?.focus(),
      escape: () => {
        explorer.busy()?.stop();
        setHelp(false);
        explorer.setNotice(undefined);
        target.blur();
      },
    });
    if (done) event.preventDefault();
  };
  onMount(() => {
    window.addEventListener('keydown', onKey);
    const onHash = (): void => void openAddress();
    window.addEventListener('hashchange', onHash);
    onCleanup(() => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('hashchange', onHash);
    });
  });
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) await openText(await file.text());
  };
  const toggle = (list: 'pinned' | 'hidden', name: string): void =>
    explorer.update((now) => ({
      ...now,
      [list]: now[list].includes(name) ? now[list].filter((one) => one !== name) : [...now[list], name],
    }));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file is dropped anywhere on the page; `Open` does the same
    <div class="app" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <header>
        <h1>precopy explore</h1>
        <OpenBar explorer={explorer} />
        <div class="buttons">
          <button type="button" disabled={!explorer.canUndo()} onClick={explorer.undo}>
            Undo
          </button>
          <button type="button" disabled={!explorer.canRedo()} onClick={explorer.redo}>
            Redo
          </button>
          <button type="button" onClick={shareIt}>
            Share
          </button>
          <button type="button" title="a saved situation or schedule" onClick={() => fileField?.click()}>
            Open
          </button>
          <input
            ref={fileField}
            type="file"
            hidden
            aria-label="Open a saved situation or schedule"
            onChange={async (event) => {
              const field = event.currentTarget;
              const file = field.files?.[0];
              if (file) await openText(await file.text());
              field.value = '';
            }}
          />
          <select
            aria-label="Export"
            onChange={(event) => {
              const format = event.currentTarget.value;
              event.currentTarget.value = '';
              const [now, shown, info] = [explorer.situation(), lanes(), explorer.info()];
              if (!now || !shown || !info) return;
              const marks = { current: explorer.depth(), violated: violatedAt() };
              if (format === 'svg' || format === 'png') void exportLanes(now, shown, info.actors, format, marks);
              else if (format) void exportRun(explorer, format as RunFormat);
            }}
          >
            <option value="">Export…</option>
            <option value="svg">lanes as SVG</option>
            <option value="png">lanes as PNG</option>
            <option value="columns">columns</option>
            <option value="mermaid">Mermaid</option>
            <option value="perfetto">Perfetto</option>
            <option value="itf">ITF</option>
            <option value="json">JSON</option>
          </select>
          <button type="button" aria-expanded={isTourOpen()} onClick={() => setTour(!isTourOpen())}>
            Tour
          </button>
          <button type="button" aria-expanded={isHelpOpen()} onClick={() => setHelp(!isHelpOpen())}>
            Keys
          </button>
        </div>
      </header>
      <Show when={explorer.notice()}>
        {(notice) => (
          <div class="notice" role="alert">
            <p>
              {notice().text}
              <Show when={notice().remedy}>
                <br />
                <small>{notice().remedy}</small>
              </Show>
            </p>
            <Show when={notice().excerpt}>{(excerpt) => <pre>{excerpt()}</pre>}</Show>
            <button type="button" onClick={() => explorer.setNotice(undefined)}>
              Close
            </button>
          </div>
        )}
      </Show>
      <Show when={isHelpOpen()}>
        <dl class="help">
          <For each={keyHelp}>
            {([keys, what]) => (
              <div>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
      <Show when={isTourOpen()}>
        <TourPanel explorer={explorer} onClose={() => setTour(false)} />
      </Show>
      <div class="bar">
        <button type="button" aria-label="step back" onClick={() => explorer.update((now) => move(now, -1))}>
          ←
        </button>
        <button type="button" aria-label="step forward" onClick={() => explorer.update((now) => move(now, 1))}>
          →
        </button>
        <button type="button" onClick={() => setPlaying(!isPlaying())}>
          {isPlaying() ? 'Pause' : 'Play'}
        </button>
        <select
          aria-label="speed"
          value={speed()}
          onChange={(event) => setSpeed(event.currentTarget.value as keyof typeof speeds)}
        >
          <For each={Object.keys(speeds)}>{(name) => <option value={name}>{name}</option>}</For>
        </select>
        <input
          type="range"
          aria-label="step"
          min={0}
          max={length()}
          value={explorer.depth()}
          onInput={(event) => goToStep(Number(event.currentTarget.value))}
        />
        <output aria-live="off">
          step {explorer.depth()} of {length()}
        </output>
        <label>
          Filter{' '}
          <input
            ref={filterField}
            type="search"
            value={explorer.filter()}
            onInput={(event) => explorer.setFilter(event.currentTarget.value)}
            placeholder="actor, cell, page, lock"
          />
        </label>
        <details class="actors">
          <summary>Actors</summary>
          <div>
            <For each={explorer.info()?.actors}>
              {({ name }) => (
                <p>
                  <label>
                    <input
                      type="checkbox"
                      checked={!explorer.situation()?.hidden.includes(name)}
                      onChange={() => toggle('hidden', name)}
                    />{' '}
                    {name}
                  </label>
                  <button
                    type="button"
                    aria-pressed={explorer.situation()?.pinned.includes(name)}
                    onClick={() => toggle('pinned', name)}
                  >
                    pin
                  </button>
                </p>
              )}
            </For>
          </div>
        </details>
        <Show when={explorer.slow()}>
          {(slow) => (
            <span class="busy" role="status">
              What is shown is the state before: the engine is at work on this one.
              <button type="button" onClick={() => slow().stop()}>
                Stop
              </button>
            </span>
          )}
        </Show>
        <Show when={explorer.busy()}>
          {(busy) => (
            <span class="busy" role="status">
              Searching for {busy().what}: {(busy().progress?.states ?? 0).toLocaleString('en')} states, depth{' '}
              {busy().progress?.depth ?? 0}
              <button type="button" onClick={() => busy().stop()}>
                Stop
              </button>
            </span>
          )}
        </Show>
        <span role="status" class="quiet">
          {said()}
        </span>
      </div>
      <main aria-busy={explorer.slow() !== undefined} classList={{ slow: explorer.slow() !== undefined }}>
        <ChoicesPanel explorer={explorer} />
        <section class="run" aria-label="Run">
          <div class="views">
            <button type="button" aria-pressed={view() === 'lanes'} onClick={() => setView('lanes')}>
              Lanes
            </button>
            <button type="button" aria-pressed={view() === 'chart'} onClick={() => setView('chart')}>
              Statechart
            </button>
            <button type="button" aria-pressed={view() === 'compare'} onClick={() => setView('compare')}>
              Compare
            </button>
          </div>
          <Show when={view() === 'compare'}>
            <ComparePanel explorer={explorer} />
          </Show>
          <Show when={view() === 'chart'}>
            <ChartPanel explorer={explorer} />
          </Show>
          <Show when={view() === 'lanes' && lanes()}>
            {(shown) => (
              <Show
                when={shown().rows.length > 0}
                fallback={<p class="quiet empty">Take a choice on the left, or search for a violation on the right.</p>}
              >
                <Lanes
                  lanes={shown()}
                  actors={explorer.info()?.actors ?? []}
                  cursor={explorer.depth()}
                  marked={explorer.marked()}
                  violatedAt={violatedAt()}
                  onGoTo={goToStep}
                />
              </Show>
            )}
          </Show>
        </section>
        <aside>
          <PropertiesPanel explorer={explorer} />
          <MemoryPanel explorer={explorer} />
          <BranchesPanel explorer={explorer} />
        </aside>
      </main>
    </div>
  );
}
