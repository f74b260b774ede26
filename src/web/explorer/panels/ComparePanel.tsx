import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Alignment, ModelRequest, Run, RunStep } from '../../../explore/messages.ts';
import { describeAction } from '../../../trace/describe.ts';
import { goToStep, runTo, shownPath } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

interface Comparison {
  readonly name: string;
  readonly alignment: Alignment;
  readonly steps: readonly RunStep[];
  /** why the other run goes no further, if it does not */
  readonly ended: string | undefined;
}

/** The run that is shown beside another one, or beside itself on a mutant: aligned by cause, the first difference marked. */
export function ComparePanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const [found, setFound] = createSignal<Comparison>();
  const shownRun = (): Run => {
    const now = explorer.situation();
    return now ? runTo(now, shownPath(now).at(-1) ?? 0) : [];
  };
  const family = createMemo(() => {
    const own = explorer.info()?.design;
    const base = own?.mutantOf ?? own?.id;
    return explorer.designs().filter(({ id, mutantOf }) => id !== own?.id && (id === base || mutantOf === base));
  });
  const compare = async (name: string, other: ModelRequest, run: Run): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const left = { model, run: shownRun() };
    const right = { model: other, run };
    const alignment = await explorer.ask('the first difference', 'compare', { left, right });
    const part = await explorer.ask('the other run', 'run', { model: other, run, from: 0 });
    if (alignment && part) setFound({ name, alignment, steps: part.steps, ended: part.ended?.cause });
  };
  /** Compares with the same choices on another design, whose events may have other ids. */
  const compareWith = async (name: string, to: ModelRequest): Promise<void> => {
    const model = explorer.model();
    const run = model && (await explorer.ask('the same choices', 'translate', { model, run: shownRun(), to }));
    if (run) await compare(name, to, run);
  };
  const choose = (value: string): void => {
    const [model, now] = [explorer.model(), explorer.situation()];
    if (!model || !now || value === '') return;
    const branch = now.branches[Number(value)];
    if (/^\d+$/.test(value) && branch) void compare(branch.name, model, runTo(now, branch.tip));
    else void compareWith(value, { ...model, design: value });
  };
  const text = (step: RunStep | undefined): string =>
    step === undefined
      ? ''
      : `${step.label}: ${step.step.moves
          .map(describeAction)
          .filter((one) => !one.startsWith('stays'))
          .join('; ')}`;
  return (
    <div class="chart">
      <p>
        <label>
          Compare this run with{' '}
          <select onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">…</option>
            <optgroup label="another run">
              <For each={explorer.situation()?.branches}>
                {({ name }, n) => (
                  <Show when={n() !== explorer.situation()?.branch}>
                    <option value={n()}>{name}</option>
                  </Show>
                )}
              </For>
            </optgroup>
            <optgroup label="the same choices on">
              <For each={family()}>{({ id }) => <option value={id}>{id}</option>}</For>
            </optgroup>
          </select>
        </label>
      </p>
      <Show when={found()}>
        {(now) => (
          <div class="wide">
            <Show when={now().alignment.firstDifference === undefined}>
              <p role="status">They do the same, step by step.</p>
            </Show>
            <table class="compare">
              <thead>
                <tr>
                  <th scope="col" />
                  <th scope="col">{explorer.info()?.design.id}, this run</th>
                  <th scope="col" />
                  <th scope="col">{now().name}</th>
                </tr>
              </thead>
              <tbody>
                <For each={now().alignment.rows}>
                  {({ left, right, isEqual }, n) => (
                    <tr classList={{ differs: !isEqual, first: n() === now().alignment.firstDifference }}>
                      <td>
                        <Show when={left}>
                          {(step) => (
                            <button type="button" onClick={() => explorer.update((shown) => goToStep(shown, step()))}>
                              {step()}
                            </button>
                          )}
                        </Show>
                      </td>
                      <td>{text(explorer.steps()[(left ?? 0) - 1])}</td>
                      <td>{right}</td>
                      <td>{text(now().steps[(right ?? 0) - 1])}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
            <Show when={now().ended}>
              {(cause) => (
                <p class="bad">
                  {now().name} goes no further: {cause()}
                </p>
              )}
            </Show>
          </div>
        )}
      </Show>
    </div>
  );
}
