import type { Instance } from './instance.ts';

/**
 * Returns the hash of a model: eight hex digits that change with the statecharts, the roles, the params and the memory
 * model. Titles and descriptions are not part of the model: a schedule stays valid when only they change. So is `meta`,
 * which no engine executes. The function is FNV-1a with 32 bits.
 */
export function modelHash({ actors, params, design: { memoryModel } }: Instance): string {
  const text = JSON.stringify(
    [
      memoryModel === 'tso' ? { ...params, memoryModel } : params,
      actors.map(({ name, machine, domains }) => [name, behaviourOf(machine.config), domains]),
    ],
    (_, value) => (typeof value === 'function' ? [value.name, value.guards] : value),
  );
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

type Node = Readonly<Record<string, unknown>>;

/** Copies the configuration of a state, and of all states inside, without what no engine executes. */
function behaviourOf(node: Node): Node {
  const { description: _, meta: __, ...rest } = node;
  return {
    ...rest,
    ...(rest['on'] !== undefined && { on: mapValues(rest['on'] as Node, transitionsOf) }),
    ...(rest['always'] !== undefined && { always: transitionsOf(rest['always']) }),
    ...(rest['states'] !== undefined && {
      states: mapValues(rest['states'] as Node, (state) => behaviourOf(state as Node)),
    }),
  };
}

function transitionsOf(transitions: unknown): unknown {
  if (Array.isArray(transitions)) return transitions.map(transitionsOf);
  if (typeof transitions !== 'object' || transitions === null) return transitions;
  const { description: _, meta: __, ...rest } = transitions as Node;
  return rest;
}

const mapValues = (node: Node, map: (value: unknown) => unknown): Node =>
  Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)]));
