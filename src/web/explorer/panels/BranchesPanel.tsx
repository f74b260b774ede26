import { For, type JSX, Show } from 'solid-js';
import { pathTo, removeBranch, renameBranch, selectBranch, takeAll } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

/** The runs of the tree: shown, named, removed, shrunk and compared. */
export function BranchesPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const shrink = async (towards: 'length' | 'switches'): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const run = await explorer.ask('a shorter run', 'shrink', { model, run: explorer.here(), towards });
    if (run) explorer.update((shown) => takeAll({ ...shown, cursor: 0 }, run));
  };
  return (
    <section class="panel" aria-label="Runs">
      <h2>Runs</h2>
      <ul class="branches">
        <For each={explorer.situation()?.branches}>
          {({ name, tip }, n) => {
            const isShown = (): boolean => explorer.situation()?.branch === n();
            return (
              <li classList={{ shown: isShown() }}>
                <button
                  type="button"
                  aria-current={isShown()}
                  onClick={() => explorer.update((now) => selectBranch(now, n()))}
                >
                  {isShown() ? 'shown' : 'show'}
                </button>
                <input
                  aria-label="name of the run"
                  value={name}
                  maxlength={80}
                  onChange={(event) =>
                    explorer.update((now) => renameBranch(now, n(), event.currentTarget.value || name))
                  }
                />
                <small>{pathTo(explorer.situation() ?? { steps: [] }, tip).length - 1} steps</small>
                <Show when={(explorer.situation()?.branches.length ?? 0) > 1}>
                  <button
                    type="button"
                    aria-label={`remove ${name}`}
                    onClick={() => explorer.update((now) => removeBranch(now, n()))}
                  >
                    ×
                  </button>
                </Show>
              </li>
            );
          }}
        </For>
      </ul>
      <div class="buttons">
        <button type="button" onClick={() => shrink('length')}>
          Shrink to fewest steps
        </button>
        <button type="button" onClick={() => shrink('switches')}>
          Shrink to fewest switches
        </button>
      </div>
    </section>
  );
}
