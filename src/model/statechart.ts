import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** Returns the leaves of a statechart: its atomic and final states, in document order. */
export function leavesOf(statechart: AnyStateMachine): AnyStateNode[] {
  const leaves: AnyStateNode[] = [];
  const walk = (node: AnyStateNode): void => {
    const children = Object.values(node.states) as AnyStateNode[];
    if (children.length === 0) leaves.push(node);
    for (const child of children) walk(child);
  };
  walk(statechart.root);
  return leaves;
}

/** Returns the path of a state in its machine: `host.markDirty`. */
export const pathOf = (node: AnyStateNode): string => node.path.join('.') || node.id;

/** Returns the tags of a state and of its ancestors. */
export function tagsOf(leaf: AnyStateNode): Set<string> {
  const tags = new Set<string>();
  for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) for (const tag of node.tags) tags.add(tag);
  return tags;
}

/** Returns the path of an xstate state value (`{ host: 'markDirty' }`). */
export function pathOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  return `${key}.${pathOfValue(inner)}`;
}
