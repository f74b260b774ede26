import type { ActorDefinition, Implementation } from './actor-definition.ts';
import { PrecopyError } from './errors.ts';
import { hasGhostUpdate } from './ghost-updates.ts';
import { refuseUnknown, refuseUnknownKeys, unknownName } from './refuse-unknown.ts';
import {
  type AnyConfig,
  type ConfigState,
  type ConfigTransition,
  configTree,
  initialOf,
  isRecord,
  listOf,
  reachableStates,
  resolveTarget,
  transitionsOf,
  withDescendants,
} from './statechart-config.ts';
import { xstateGuide } from './xstate-internals.ts';

/** Keys of xstate that the compiler refuses by name. */
const unsupportedKeys = ['invoke', 'after', 'onDone', 'history', 'target'];
const stateKeys = ['type', 'description', 'tags', 'entry', 'exit', 'on', 'always', 'initial', 'states', 'id', 'meta'];
const transitionKeys = ['target', 'guard', 'actions', 'reenter', 'description', 'meta'];
const stateTypes = ['atomic', 'compound', 'final', 'parallel', 'history'];

/**
 * Refuses a machine with a name that nothing refers to, or that refers to nothing: a key, a state without a way in, a
 * target, an event, a tag, an action or a guard. Such a name is a misspelt one as a rule, and without it the machine
 * does less than it seems to, so that everything holds.
 * @throws PrecopyError `BAD_DESIGN`, naming the machine, the state and the event
 */
export function validateMachine(config: AnyConfig, definition: ActorDefinition): void {
  if (!isRecord(config)) throw new PrecopyError('BAD_DESIGN', 'a machine is no object', 'give its id and states');
  const root = configTree(config);
  const states = withDescendants(root);
  for (const state of states) validateState(state, root, definition);
  refuseWithoutWayIn(root, states, states);
}

/**
 * Refuses a patch of a machine for the same reasons. A state that the patch adds needs a way in; a state of the machine
 * that the patch cuts off does not.
 * @param merged configuration of the machine with the patch
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validatePatch(patch: AnyConfig, base: AnyConfig, merged: AnyConfig, definition: ActorDefinition): void {
  const where = `a patch of machine '${base['id']}'`;
  refuseUnknownKeys(where, patch, ['initial', 'states', 'actions', 'guards', 'ghost']);
  for (const [kind, what, known] of [
    ['actions', 'action', definition.actions],
    ['guards', 'guard', definition.guards],
    ['ghost', 'action', definition.actions],
  ] as const) {
    for (const name of Object.keys(patch[kind] ?? {})) refuseUnknown(where, what, name, Object.keys(known));
  }
  for (const name of Object.keys(patch['actions'] ?? {})) {
    if (!hasGhostUpdate(definition.actions[name] as Implementation) || patch['ghost']?.[name] !== undefined) continue;
    const cause = `${where} replaces the action '${name}' without its ghost update, on which properties may depend`;
    throw new PrecopyError('BAD_DESIGN', cause, `give that again, or an empty one: ghost: { ${name}: () => {} }`);
  }
  const root = configTree(merged);
  const patched = withDescendants(configTree({ states: patch['states'] ?? {} })).map(({ path }) => path);
  const states = withDescendants(root).filter(({ path }) => patched.includes(path));
  for (const state of states) validateState(state, root, definition);
  const old = new Set(withDescendants(configTree(base)).map(({ path }) => path));
  const added = states.filter(({ path }) => !old.has(path));
  if (added.length > 0) refuseWithoutWayIn(root, added, withDescendants(configTree(base)));
}

function refuseWithoutWayIn(root: ConfigState, states: readonly ConfigState[], known: readonly ConfigState[]): void {
  const reached = reachableStates(root);
  const lost = states.find((state) => !reached.has(state));
  if (lost === undefined) return;
  const others = known.filter((state) => state.path !== '' && state.path !== lost.path).map(({ path }) => path);
  const { message } = unknownName('', 'way into the state', lost.path, others);
  throw new PrecopyError(
    'BAD_DESIGN',
    `machine '${root.config['id']}': ${message}`,
    'add a transition to it, or correct its name',
  );
}

function validateState(state: ConfigState, root: ConfigState, definition: ActorDefinition): void {
  const machine = `machine '${root.config['id']}'`;
  const where = state === root ? machine : `${machine}, state '${state.path}'`;
  const { config } = state;
  if (state === root && 'context' in config) {
    const remedy = `declare memory in \`defineSystem\`, and registers in \`system.actor\`; ${xstateGuide}`;
    throw new PrecopyError('BAD_DESIGN', `${where} has a context of its own`, remedy);
  }
  refuseUnknownKeys(where, config, [...stateKeys, ...unsupportedKeys]);
  if (config['type'] !== undefined) refuseUnknown(where, 'type of state', String(config['type']), stateTypes);
  for (const tag of listOf(config['tags'])) refuseUnknown(where, 'tag', String(tag), definition.system.spec.tags);
  for (const action of [...listOf(config['entry']), ...listOf(config['exit'])]) refuseAction(where, action, definition);
  refuseInitial(where, state);
  const events = [...Object.keys(definition.events), ...Object.keys(definition.system.spec.messages)];
  for (const transition of transitionsOf(state)) {
    const { event } = transition;
    const isOfXstate = event === '' || event.includes('*') || event.startsWith('xstate.');
    if (!isOfXstate) refuseUnknown(where, 'event or message', event, events);
    validateTransition(`${where}, ${event || 'always'}`, transition, state, definition);
  }
  const isEnd = config['type'] === 'final' && state.parent === root;
  if (isEnd && transitionsOf(state).length > 0) {
    const cause = `${where} is final and has transitions, which are never taken: the machine is done there`;
    throw new PrecopyError('BAD_DESIGN', cause, "take them away, or `type: 'final'`");
  }
}

function refuseInitial(where: string, state: ConfigState): void {
  const { initial } = state.config;
  if (initial === undefined || initialOf(state) !== undefined) return;
  throw unknownName(`${where}, initial`, 'state', String(initial), [...state.children.keys()]);
}

function validateTransition(
  where: string,
  { config }: ConfigTransition,
  source: ConfigState,
  definition: ActorDefinition,
): void {
  refuseUnknownKeys(where, config, transitionKeys);
  for (const target of listOf(config['target'])) {
    if (typeof target === 'string' && resolveTarget(source, target) !== undefined) continue;
    throw unknownName(where, 'state', String(target), [...(source.parent?.children.keys() ?? [])]);
  }
  for (const action of listOf(config['actions'])) refuseAction(where, action, definition);
  refuseGuard(where, config['guard'], definition);
}

function refuseAction(where: string, action: unknown, { actions }: ActorDefinition): void {
  const name = nameOf(where, 'action', action);
  if (name !== undefined) refuseUnknown(where, 'action', name, Object.keys(actions));
}

function refuseGuard(where: string, guard: unknown, definition: ActorDefinition): void {
  if (guard === undefined) return;
  for (const inner of (guard as { readonly guards?: readonly unknown[] } | null)?.guards ?? []) {
    refuseGuard(where, inner, definition);
  }
  const name = nameOf(where, 'guard', guard);
  if (name !== undefined) refuseUnknown(where, 'guard', name, Object.keys(definition.guards));
}

/** Returns the name in a reference to an action or a guard; undefined if the reference is a function. */
function nameOf(where: string, what: 'action' | 'guard', reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'function') return undefined;
  refuseUnknownKeys(`${where}, ${what}`, reference, ['type', 'params']);
  return String((reference as AnyConfig)['type']);
}
