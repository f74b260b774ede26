import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from 'solid-js';
import type { Commuting, Offer } from '../../../explore/messages.ts';
import { take } from '../state/tree.ts';
import type { Explorer } from '../store.ts';

/** Keys that take the enabled choices, in their order. */
export const choiceKeys = '123456789';

/** Returns the enabled choices of the state that is shown, in the order in which they are listed. */
export const enabledOffers = (explorer: Explorer): readonly Offer[] =>
  (explorer.moment()?.offers ?? []).filter(({ refused }) => refused === undefined);

/** The choices of every actor: those that can be taken, and those that a guard refuses, with why. */
export function ChoicesPanel(props: { readonly explorer: Explorer }): JSX.Element {
  const { explorer } = props;
  const groups = createMemo(() => {
    const offers = explorer.moment()?.offers ?? [];
    return (explorer.info()?.actors ?? []).flatMap(({ name }, actor) => {
      const own = offers.filter((offer) => offer.actor === actor);
      return own.length === 0 ? [] : [{ name, actor, own }];
    });
  });
  const [asked, setAsked] = createSignal<{ readonly choice: number; readonly others: readonly Commuting[] }>();
  createEffect(on(explorer.moment, () => setAsked(undefined)));
  const askCommuting = async (choice: number): Promise<void> => {
    const model = explorer.model();
    if (!model) return;
    const others = await explorer.ask('what commutes', 'commuting', { model, run: explorer.here(), choice });
    if (others) setAsked({ choice, others });
  };
  /** What a choice is to the one that was asked about, as text. */
  const commutes = ({ choice }: Offer): string | undefined => {
    const now = asked();
    if (!now) return undefined;
    if (now.choice === choice) return 'asked about';
    const answer = now.others.find((other) => other.choice === choice);
    if (!answer) return undefined;
    return answer.commutes ? 'commutes with it' : `conflicts: ${answer.because.join(', ')}`;
  };
  /** Takes a choice, unless the list is still that of another state. */
  const takeIfOffered = (offer: Offer): void =>
    explorer.whenCurrent(() => {
      if (explorer.moment()?.offers.includes(offer)) explorer.update((shown) => take(shown, offer.choice));
    });
  const keyOf = (offer: Offer): string | undefined => choiceKeys[enabledOffers(explorer).indexOf(offer)];
  const short = (offer: Offer, name: string): string => offer.label.slice(name.length + 1);
  return (
    <section class="panel" aria-label="Choices">
      <h2>Choices</h2>
      <Show when={explorer.moment()?.fault}>{(fault) => <p class="bad">Not well-formed: {fault()}</p>}</Show>
      <Show when={explorer.moment()?.isDeadlock}>
        <p class="quiet">Nothing can happen any more.</p>
      </Show>
      <For each={groups()}>
        {({ name, actor, own }) => (
          <div class="choices">
            <h3>
              {name} <small>{explorer.states()[actor]}</small>
            </h3>
            <For each={own}>
              {(offer) => (
                <Show
                  when={offer.refused}
                  fallback={
                    <div class="choice-row">
                      <button
                        type="button"
                        class="choice"
                        onClick={() => takeIfOffered(offer)}
                        title={offer.to === explorer.states()[actor] ? 'stays in its state' : `to ${offer.to}`}
                      >
                        <span>{short(offer, name)}</span>
                        <Show when={keyOf(offer)}>{(key) => <kbd>{key()}</kbd>}</Show>
                      </button>
                      <button
                        type="button"
                        class="commute"
                        title="Which other choices commute with this one?"
                        aria-label={`What commutes with ${offer.label}?`}
                        onClick={() => askCommuting(offer.choice)}
                      >
                        ⇄
                      </button>
                      <Show when={commutes(offer)}>{(text) => <small class="conflict">{text()}</small>}</Show>
                    </div>
                  }
                >
                  {(refused) => (
                    <p class="refused">
                      <span>{short(offer, name)}</span>
                      <For each={refused()}>
                        {({ guard, reads }) => (
                          <small>
                            {guard === undefined ? 'not taken in this state' : `${guard} says no`}
                            {reads.length > 0 && `: ${reads.map(({ path, value }) => `${path}=${value}`).join(', ')}`}
                          </small>
                        )}
                      </For>
                    </p>
                  )}
                </Show>
              )}
            </For>
          </div>
        )}
      </For>
    </section>
  );
}
