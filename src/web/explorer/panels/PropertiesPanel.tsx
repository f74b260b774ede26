import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import type { SearchAnswer, SearchGoal } from '../../../explore/messages.ts';
import { runTo, takeAll } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

/** Properties of the state that is shown, what can still go wrong from here, and searches. */
export function PropertiesPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const [prospects, setProspects] = createSignal<ReadonlyMap<string, SearchAnswer>>(new Map());
  const [answer, setAnswer] = createSignal<{ readonly text: string }>();
  const [expression, setExpression] = createSignal('');
  // What was found of one state says nothing of another.
  createEffect(
    on(explorer.situation, () => {
      setProspects(new Map());
      setAnswer(undefined);
    }),
  );
  const status = (id: string) => explorer.moment()?.properties.find((property) => property.id === id);
  const away = (found: SearchAnswer | undefined): string => {
    if (found === undefined) return '';
    if (found.outcome === 'found') return `${found.steps?.length} steps away`;
    return found.outcome === 'none' ? 'cannot be violated from here' : `not decided: ${found.detail}`;
  };
  const search = async (what: string, goal: SearchGoal): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const run = explorer.here();
    const found = await explorer.ask(what, 'search', { model, run, goal });
    if (!found) return;
    const states = `${found.states.toLocaleString('en')} states`;
    if (found.outcome === 'none') setAnswer({ text: `No run from here: ${states} were searched.` });
    else if (found.outcome === 'undecided')
      setAnswer({ text: `Not decided (${found.detail}): ${states} were searched.` });
    else {
      const of = found.property === undefined ? '' : ` that violates ${found.property}`;
      // The cursor may have moved during the search: what was found goes on from where it began.
      const whole = [...(goal.kind === 'this-state' ? [] : run), ...(found.steps ?? [])];
      explorer.update((shown) => takeAll({ ...shown, cursor: 0 }, whole));
      setAnswer({ text: `A shortest run${of}: ${found.steps?.length} steps.` });
    }
  };
  const allProspects = async (): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const found = await explorer.ask('what can go wrong', 'prospects', { model, run: explorer.here() });
    if (found) setProspects(new Map(found.map(({ property, answer }) => [property, answer])));
  };
  return (
    <section class="panel" aria-label="Properties and search">
      <h2>Properties</h2>
      <ul class="properties">
        <For each={explorer.info()?.properties.filter(({ kind }) => kind !== 'cover' && kind !== 'leads-to')}>
          {({ id, description }) => (
            <li>
              <button
                type="button"
                class="property"
                classList={{ bad: status(id)?.isTrue === false }}
                title={description}
                aria-pressed={
                  explorer.marked().size > 0 &&
                  [...(status(id)?.reads ?? [])].every((path) => explorer.marked().has(path))
                }
                onClick={() => explorer.setMarked(new Set(status(id)?.reads ?? []))}
              >
                <span aria-hidden="true">{status(id)?.isTrue === false ? '✗' : '✓'}</span> {id}
                <small>
                  {status(id)?.isTrue === false
                    ? `false here ${status(id)?.failsFor ?? ''}`
                    : away(prospects().get(id))}
                </small>
              </button>
            </li>
          )}
        </For>
      </ul>
      <button type="button" disabled={!explorer.moment()} onClick={allProspects}>
        What can still go wrong from here?
      </button>
      <h2>Search from here</h2>
      <div class="buttons">
        <button
          type="button"
          disabled={!explorer.moment()}
          onClick={() => search('a violation', { kind: 'violation' })}
        >
          Nearest violation
        </button>
        <button
          type="button"
          disabled={!explorer.moment()}
          onClick={() => search('why this is reachable', { kind: 'this-state' })}
        >
          Shortest run to this state
        </button>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void search('a state', { kind: 'until', expression: expression() });
        }}
      >
        <label>
          Run until{' '}
          <input
            value={expression()}
            onInput={(event) => setExpression(event.currentTarget.value)}
            placeholder="vcpu0 in host and kvm.dirtyBitmap[0].has(0)"
            spellcheck={false}
          />
        </label>{' '}
        <button type="submit" disabled={!explorer.moment()}>
          Search
        </button>
      </form>
      <label>
        Run to a cover{' '}
        <select
          onChange={(event) =>
            event.currentTarget.value && search('a cover', { kind: 'cover', cover: event.currentTarget.value })
          }
        >
          <option value="">…</option>
          <For each={explorer.info()?.properties.filter(({ kind }) => kind === 'cover')}>
            {({ id }) => (
              <option value={id}>
                {id}
                {explorer.moment()?.coversHit.includes(id) ? ' (hit)' : ''}
              </option>
            )}
          </For>
        </select>
      </label>
      <Show when={(explorer.situation()?.branches.length ?? 0) > 1}>
        <label>
          Run to the last state of{' '}
          <select
            onChange={(event) => {
              const now = explorer.situation();
              const tip = now?.branches[Number(event.currentTarget.value)]?.tip;
              if (now && tip !== undefined && event.currentTarget.value !== '')
                void search('where two runs meet', { kind: 'meet', run: runTo(now, tip) });
            }}
          >
            <option value="">…</option>
            <For each={explorer.situation()?.branches}>
              {({ name }, n) => (
                <Show when={n() !== explorer.situation()?.branch}>
                  <option value={n()}>{name}</option>
                </Show>
              )}
            </For>
          </select>
        </label>
      </Show>
      <Show when={answer()}>{(found) => <p role="status">{found().text}</p>}</Show>
    </section>
  );
}
