import { choiceKeys, enabledOffers } from './panels/ChoicesPanel.tsx';
import { goToStep, move, take } from './state/tree.ts';
import type { Explorer } from './store.ts';

/** What each key does, as the help lists it. */
export const keyHelp: readonly (readonly [string, string])[] = [
  ['1 to 9', 'take that choice'],
  ['← or k', 'a step back'],
  ['→ or j', 'a step forward along the run'],
  ['Home, End', 'the initial state, the end of the run'],
  ['Page Up, Page Down', 'ten steps'],
  ['Space', 'play, and pause'],
  ['u, Ctrl+Z', 'undo'],
  ['r, Ctrl+Shift+Z', 'redo'],
  ['c', 'lanes, or the statechart of the actor of the step'],
  ['s', 'share: the situation as a link'],
  ['o', 'open a saved situation or schedule'],
  ['/', 'filter the lanes and the memory'],
  ['?', 'this list'],
  ['Escape', 'close, or stop a search'],
];

interface KeyActions {
  readonly play: () => void;
  readonly share: () => void;
  readonly openFile: () => void;
  readonly chart: () => void;
  readonly help: () => void;
  readonly filter: () => void;
  readonly escape: () => void;
}

/** Handles a key that is not typed into a field. Returns true if it did something. */
export function handleKey(event: KeyboardEvent, explorer: Explorer, actions: KeyActions): boolean {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (altKey) return false;
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() !== 'z') return false;
    if (shiftKey) explorer.redo();
    else explorer.undo();
    return true;
  }
  const by = moves[key];
  if (by !== undefined) {
    explorer.update((now) => move(now, by));
    return true;
  }
  const nth = choiceKeys.indexOf(key);
  if (nth >= 0 && key.length === 1) {
    // Keys that come faster than the engine answers wait for the choices of their state.
    explorer.whenCurrent(() => {
      const offer = enabledOffers(explorer)[nth];
      if (offer) explorer.update((now) => take(now, offer.choice));
    });
    return true;
  }
  const act = {
    Home: () => explorer.update((now) => goToStep(now, 0)),
    End: () => explorer.update((now) => goToStep(now, Number.MAX_SAFE_INTEGER)),
    ' ': actions.play,
    u: explorer.undo,
    r: explorer.redo,
    c: actions.chart,
    s: actions.share,
    o: actions.openFile,
    '/': actions.filter,
    '?': actions.help,
    Escape: actions.escape,
  }[key];
  act?.();
  return act !== undefined;
}

const moves: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  k: -1,
  ArrowRight: 1,
  j: 1,
  PageUp: -10,
  PageDown: 10,
};
