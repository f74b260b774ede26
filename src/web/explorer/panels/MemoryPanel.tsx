import { createMemo, For, type JSX, Show } from 'solid-js';
import type { CellInfo } from '../../../explore/messages.ts';
import type { Explorer } from '../store.ts';

/** Most pages that the grid has columns for. */
const maxPages = 64;

/** Memory at the cursor: a grid of pages by bitmaps, then the other cells and registers. */
export function MemoryPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const all = createMemo(() => {
    const text = explorer.filter().toLowerCase();
    return (explorer.info()?.cells ?? []).flatMap((cell, index) =>
      cell.size > 0 && cell.path.toLowerCase().includes(text) ? [{ cell, index }] : [],
    );
  });
  const byPage = createMemo(() => all().filter(({ cell }) => cell.isByPage && cell.region !== 'register'));
  const others = createMemo(() => all().filter((one) => !byPage().includes(one)));
  const groups = createMemo(() => {
    const owners = new Map<string, { cell: CellInfo; index: number }[]>();
    for (const one of others()) {
      const owner = one.cell.path.slice(0, one.cell.path.indexOf('.'));
      owners.set(owner, [...(owners.get(owner) ?? []), one]);
    }
    return [...owners];
  });
  const pages = (): number[] =>
    Array.from({ length: Math.min(maxPages, byPage()[0]?.cell.size ?? 0) }, (_, gfn) => gfn);
  const writer = (index: number): string => {
    const step = explorer.cells()[index]?.writtenBy ?? 0;
    return step === 0 ? 'as in the initial state' : `written by step ${step}: ${explorer.steps()[step - 1]?.label}`;
  };
  const isChanged = (index: number): boolean => {
    const step = explorer.cells()[index]?.writtenBy ?? 0;
    return step > 0 && step === explorer.depth();
  };
  const isRead = (path: string): boolean => explorer.marked().has(path);
  return (
    <section class="panel" aria-label="Memory">
      <h2>Memory</h2>
      <Show when={byPage().length > 0}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">page</th>
              <For each={pages()}>{(gfn) => <th scope="col">{gfn}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={byPage()}>
              {({ cell, index }) => (
                <tr
                  classList={{ changed: isChanged(index), read: isRead(cell.path), ghost: cell.region === 'ghost' }}
                  title={writer(index)}
                >
                  <th scope="row">{cell.path}</th>
                  <For each={pages()}>
                    {(gfn) => {
                      const isSet = (): boolean => explorer.cells()[index]?.value.members?.includes(gfn) === true;
                      return <td classList={{ set: isSet() }}>{isSet() ? '1' : '·'}</td>;
                    }}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={(byPage()[0]?.cell.size ?? 0) > maxPages}>
          <p class="quiet">The first {maxPages} pages.</p>
        </Show>
      </Show>
      <For each={groups()}>
        {([owner, cells]) => (
          <table class="cells">
            <caption>{owner}</caption>
            <tbody>
              <For each={cells}>
                {({ cell, index }) => (
                  <tr
                    classList={{ changed: isChanged(index), read: isRead(cell.path), ghost: cell.region === 'ghost' }}
                    title={writer(index)}
                  >
                    <th scope="row">{cell.path.slice(owner.length + 1)}</th>
                    <td>{explorer.cells()[index]?.value.text}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </For>
    </section>
  );
}
