import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** The states that an actor can be in: the atomic and final ones, in document order. */
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

/** The path of a state inside its machine: `host.markDirty`. */
export const pathOf = (node: AnyStateNode): string => node.path.join('.') || node.id;

/** The tags of a state: its own and those of the states around it. */
export function tagsOf(leaf: AnyStateNode): Set<string> {
  const tags = new Set<string>();
  for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) for (const tag of node.tags) tags.add(tag);
  return tags;
}

/** A state value of xstate's (`{ host: 'markDirty' }`) as a path. */
export function pathOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  return `${key}.${pathOfValue(inner)}`;
}
