import type { Exploration } from '../../search/exploration.ts';

type TransitionInfo = NonNullable<Exploration['untaken']>[number];

/** Formats a transition: `vcpu: host.lockMmu on LOCK_GRANTED [2] -> host.markPageDirty`. */
export function transitionName({ machine, source, event, index, target }: TransitionInfo): string {
  const which = index === 0 ? '' : ` [${index}]`;
  const on = event === '' ? 'always' : `on ${event}`;
  return `${machine}: ${source} ${on}${which}${target === undefined ? '' : ` -> ${target}`}`;
}
