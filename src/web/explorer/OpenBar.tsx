import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from 'solid-js';
import type { Explorer } from './store.ts';

/** Chooses a design, its mutant, its params and the memory model. */
export function OpenBar(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const originals = createMemo(() => explorer.designs().filter(({ mutantOf }) => mutantOf === undefined));
  const base = (): string => explorer.info()?.design.mutantOf ?? explorer.info()?.design.id ?? '';
  const mutants = createMemo(() => explorer.designs().filter(({ mutantOf }) => mutantOf === base()));
  const [params, setParams] = createSignal('');
  createEffect(on(explorer.situation, (shown) => shown && setParams(textOf(shown.params))));
  const open = (design: string): void => void explorer.open({ ...explorer.model(), design });
  const openWith = (text: string): void => {
    const now = explorer.model();
    if (!now) return;
    const pairs = text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((one) => one.split('='));
    const wrong = pairs.find(([name, value]) => !name || !/^\d+$/.test(value ?? ''));
    if (wrong) explorer.setNotice({ text: `'${wrong.join('=')}' is no parameter`, remedy: 'write vcpus=2 pages=1' });
    else
      void explorer.open({
        ...now,
        params: Object.fromEntries(pairs.map(([name, value]) => [name as string, Number(value)])),
      });
  };
  return (
    <div class="open-bar">
      <label>
        Design{' '}
        <select onChange={(event) => open(event.currentTarget.value)}>
          <For each={originals()}>
            {({ id, title }) => <option value={id} selected={id === base()}>{`${id}: ${title}`}</option>}
          </For>
        </select>
      </label>
      <label>
        Mutant{' '}
        <select onChange={(event) => open(event.currentTarget.value)}>
          <option value={base()}>none</option>
          <For each={mutants()}>
            {({ id, bug }) => (
              <option
                value={id}
                selected={id === explorer.info()?.design.id}
              >{`${id.slice(base().length + 1)}: ${bug}`}</option>
            )}
          </For>
        </select>
      </label>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          openWith(params());
        }}
      >
        <label>
          Params{' '}
          <input
            value={params()}
            onInput={(event) => setParams(event.currentTarget.value)}
            list="param-names"
            spellcheck={false}
            placeholder="vcpus=2 pages=1"
          />
        </label>
        <datalist id="param-names">
          <For each={explorer.info()?.params}>
            {({ name, value, description, min, max }) => (
              <option value={`${name}=${value}`}>{`${description} (${min} to ${max})`}</option>
            )}
          </For>
        </datalist>
      </form>
      <label>
        Memory{' '}
        <select
          value={explorer.info()?.memoryModel}
          onChange={(event) => {
            const now = explorer.model();
            if (now) void explorer.open({ ...now, memoryModel: event.currentTarget.value === 'tso' ? 'tso' : 'sc' });
          }}
        >
          <option value="sc">sc</option>
          <option value="tso">tso</option>
        </select>
      </label>
      <Show when={explorer.info()}>
        {(info) => (
          <small class="quiet">
            {info()
              .params.filter(({ name }) => ['vcpus', 'pages', 'loggingOn'].includes(name))
              .map(({ name, value }) => `${name}=${value}`)
              .join(' ')}
          </small>
        )}
      </Show>
    </div>
  );
}

const textOf = (params: Readonly<Record<string, number>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
