// biome-ignore lint/suspicious/noExplicitAny: a configuration of which nothing is known yet
export type AnyConfig = Record<string, any>;

/** A state of a machine's configuration. The root is the machine itself, with the path ''. */
export interface ConfigState {
  /** keys from the root, joined by dots: `host.setSpte` */
  readonly path: string;
  readonly key: string;
  readonly config: AnyConfig;
  readonly parent: ConfigState | undefined;
  readonly children: ReadonlyMap<string, ConfigState>;
}

/** A transition of a configuration in its long form. */
export interface ConfigTransition {
  /** type of its event; '' if eventless */
  readonly event: string;
  readonly config: AnyConfig;
}

export const isRecord = (value: unknown): value is AnyConfig =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a copy of a configuration, so that nothing changes a machine later. Functions stay the same. */
export function copyOf<T>(config: T): T {
  if (Array.isArray(config)) return config.map(copyOf) as T;
  if (!isRecord(config)) return config;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, copyOf(value)])) as T;
}

/** Returns a value that may be absent, alone or a list, as a list. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Returns the root of a configuration, with all its states. */
export function configTree(config: AnyConfig, key = '', parent?: ConfigState): ConfigState {
  const children = new Map<string, ConfigState>();
  const path = parent === undefined || parent.path === '' ? key : `${parent.path}.${key}`;
  const state: ConfigState = { path, key, config, parent, children };
  for (const [name, child] of Object.entries(
    (isRecord(config) && isRecord(config['states']) && config['states']) || {},
  )) {
    children.set(name, configTree(child, name, state));
  }
  return state;
}

/** Returns a state and all states inside of it, from the outside in. */
export function withDescendants(state: ConfigState): ConfigState[] {
  return [state, ...[...state.children.values()].flatMap(withDescendants)];
}

/** Returns the transitions of a state: those of `on`, and eventless ones. */
export function transitionsOf({ config }: ConfigState): ConfigTransition[] {
  const on = Object.entries((config['on'] as AnyConfig | undefined) ?? {});
  return [...on, ['', config['always']] as const].flatMap(([event, transitions]) =>
    listOf(transitions).map((one) => ({ event, config: isRecord(one) ? one : { target: one } })),
  );
}

/**
 * Returns the state that a target names, as xstate resolves it: `#id.path` from the machine or a state with an id,
 * `.child` from the source, anything else from the parent of the source. Undefined if there is none.
 */
export function resolveTarget(source: ConfigState, target: string): ConfigState | undefined {
  const steps = target.split('.');
  if (target.startsWith('#')) {
    const [id = '', ...rest] = steps;
    return follow(stateWithId(source, id.slice(1)), rest);
  }
  return target.startsWith('.') ? follow(source, steps.slice(1)) : follow(source.parent, steps);
}

function stateWithId(source: ConfigState, id: string): ConfigState | undefined {
  let root = source;
  while (root.parent !== undefined) root = root.parent;
  return withDescendants(root).find(({ config }) => config['id'] === id);
}

const follow = (from: ConfigState | undefined, steps: readonly string[]): ConfigState | undefined =>
  steps.reduce((state: ConfigState | undefined, step) => state?.children.get(step), from);

/** Returns the state in which a compound state is entered. */
export function initialOf(state: ConfigState): ConfigState | undefined {
  const { initial } = state.config;
  const target: unknown = isRecord(initial) ? initial['target'] : initial;
  return typeof target === 'string' ? follow(state, target.replace(/^\./, '').split('.')) : undefined;
}

/**
 * Returns the states that some way of transitions leads to from the start of the machine. Guards are not evaluated, so
 * a state may be among them and yet never be reached.
 */
export function reachableStates(root: ConfigState): ReadonlySet<ConfigState> {
  const reached = new Set<ConfigState>();
  const todo: (ConfigState | undefined)[] = [root];
  while (todo.length > 0) {
    const state = todo.pop();
    if (state === undefined || reached.has(state)) continue;
    reached.add(state);
    todo.push(state.parent, initialOf(state), ...(state.config['type'] === 'parallel' ? state.children.values() : []));
    for (const { config } of transitionsOf(state)) {
      for (const target of listOf(config['target'])) {
        if (typeof target === 'string') todo.push(resolveTarget(state, target));
      }
    }
  }
  return reached;
}
