import type { Implementation } from './actor-definition.ts';
import { ghostArgs } from './context-keys.ts';
import { checkResult } from './model-code.ts';

const withUpdate = new WeakSet<Implementation>();

/** Returns whether an action has a ghost update. */
export const hasGhostUpdate = (action: Implementation): boolean => withUpdate.has(action);

/**
 * Composes each action with its ghost update, if it has one. The update gets a context of its own, in which it reads
 * all memory and writes ghosts: so the system never depends on a ghost.
 */
export function withGhosts(
  actions: Readonly<Record<string, Implementation>>,
  ghosts: Readonly<Partial<Record<string, Implementation>>>,
): Readonly<Record<string, Implementation>> {
  const composed = { ...actions };
  for (const [name, ghost] of Object.entries(ghosts)) {
    const action = actions[name];
    if (!action || !ghost) continue;
    const both: Implementation = (args) => {
      const result = action(args);
      const update = args.context[ghostArgs];
      update.event = args.event;
      checkResult(ghost(update));
      return result;
    };
    withUpdate.add(both);
    composed[name] = both;
  }
  return composed;
}
