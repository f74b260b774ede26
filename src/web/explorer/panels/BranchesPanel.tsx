import { createSignal, For, type JSX, Show } from 'solid-js';
import { pathTo, removeBranch, renameBranch, selectBranch, takeAll } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

/** The runs of the tree: shown, named, removed, shrunk and compared. */
export function BranchesPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const [differences, setDifferences] = createSignal<string>();
  const shrink = async (towards: 'length' | 'switches'): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const run = await explorer.ask('a shorter run', 'shrink', { model, run: explorer.here(), towards });
    if (run) explorer.update((shown) => takeAll({ ...shown, cursor: 0 }, run));
  };
  const compare = async (branch: number): Promise<void> => {
    const [model, shown] = [explorer.model(), explorer.situation()];
    if (!model || !shown) return;
    const runOf = (n: number) =>
      pathTo(shown, shown.branches[n]?.tip ?? 0)
        .slice(1)
        .map((node) => shown.steps[node - 1]?.[1] ?? 0);
    const found = await explorer.ask('the first difference', 'compare', {
      left: { model, run: runOf(shown.branch) },
      right: { model, run: runOf(branch) },
    });
    if (!found) return;
    const row = found.firstDifference === undefined ? undefined : found.rows[found.firstDifference];
    const name = shown.branches[branch]?.name;
    setDifferences(
      row ? `The first difference to ${name} is at step ${row.left ?? row.right}.` : `The same steps as ${name}.`,
    );
    if (row?.left !== undefined)
      explorer.update((now) => ({
        ...now,
        cursor: pathTo(now, now.branches[now.branch]?.tip ?? 0)[row.left ?? 0] ?? 0,
      }));
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
                <Show when={!isShown()}>
                  <button type="button" onClick={() => compare(n())}>
                    compare
                  </button>
                </Show>
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
      <Show when={differences()}>{(text) => <p role="status">{text()}</p>}</Show>
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
