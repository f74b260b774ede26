import type { MachineSpecification, StateSpecification } from '../reference/specification.ts';

type States = MachineSpecification['states'];
type Chart = Pick<MachineSpecification, 'initial' | 'states'>;

/** Returns a statechart without the states that no way of transitions leads to: precopy refuses them. */
export function withoutLostStates({ initial, states }: Chart): Chart {
  const reached = new Set<string>();
  const todo: string[] = [];
  const enter = (path: string): void => {
    const names = path.split('.');
    for (const [n] of names.entries()) {
      const outer = names.slice(0, n + 1).join('.');
      if (!reached.has(outer)) todo.push(outer);
      reached.add(outer);
    }
    const inner = stateAt(states, path)?.initial;
    if (inner !== undefined) enter(`${path}.${inner}`);
  };
  enter(initial);
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const { on, always } = stateAt(states, path) as StateSpecification;
    for (const { target } of [...Object.values(on).flat(), ...always]) if (target !== undefined) enter(target);
  }
  return { initial, states: kept(states, '', reached) };
}

function stateAt(states: States, path: string): StateSpecification | undefined {
  const [first = '', ...rest] = path.split('.');
  const state = states[first];
  return rest.length === 0 || state === undefined ? state : stateAt(state.states ?? {}, rest.join('.'));
}

function kept(states: States, prefix: string, reached: ReadonlySet<string>): States {
  const entries = Object.entries(states).flatMap(([name, state]): [string, StateSpecification][] => {
    const path = `${prefix}${name}`;
    if (!reached.has(path)) return [];
    if (!state.states) return [[name, state]];
    const inner = kept(state.states, `${path}.`, reached);
    const initial = inner[state.initial as string] ? state.initial : Object.keys(inner)[0];
    return [[name, { ...state, states: inner, initial: initial as string }]];
  });
  return Object.fromEntries(entries);
}
