import { counter, type Design, defineDesign, defineSystem, owned, type Property } from '../../src/index.ts';
import type { Implementation } from '../../src/model/actor-definition.ts';
import type { AnyDesign } from '../../src/model/design.ts';

/** A system of one actor, which owns two small counters: a step may access both. */
const toySystem = defineSystem({
  name: 'toy',
  memory: () => ({ toy: owned({ a: counter(7), b: counter(7) }) }),
  actors: { it: 'one' },
  tags: ['marked'],
});

/** Parts of a toy design. The states are those of xstate, untyped, so that unusual ones are possible. */
export interface ToySpec {
  readonly states: object;
  readonly root?: object;
  readonly initial?: string;
  readonly actions?: Readonly<Record<string, Implementation>>;
  readonly guards?: Readonly<Record<string, Implementation>>;
  readonly properties?: readonly Property[];
}

const actions: Record<string, Implementation> = {
  incA: ({ context: { toy } }) => toy.a.set(toy.a.get() + 1),
  incB: ({ context: { toy } }) => toy.b.set(toy.b.get() + 1),
  setA: ({ context: { toy } }) => toy.a.set(1),
  noteSender: ({ context: { toy }, event }) => toy.b.set(event.from + 1),
};

const guards: Record<string, Implementation> = {
  aIsBelow3: ({ context: { toy } }) => toy.a.get() < 3,
  aIsZero: ({ context: { toy } }) => toy.a.get() === 0,
  always: () => true,
  never: () => false,
};

/** Creates a design of one actor that takes the events `E` and `F`, and counts in `toy.a` and `toy.b`. */
export function toy({
  states,
  root = {},
  initial = Object.keys(states)[0] ?? '',
  properties = [],
  ...more
}: ToySpec): Design {
  const machine = toySystem
    .actor({ events: { E: {}, F: {} } })
    .setup({ actions: { ...actions, ...more.actions }, guards: { ...guards, ...more.guards } })
    .createMachine({ id: 'it', ...root, initial, states } as never);
  return defineDesign({
    id: 'toy',
    title: 'a toy',
    system: toySystem,
    machines: { it: machine },
    properties,
  }) as AnyDesign;
}

/** A toy whose counter goes up to 3 and back to 0. */
export const cycle = {
  states: {
    s: {
      on: { E: { guard: 'aIsBelow3', actions: 'incA' }, F: { guard: 'full', actions: 'clear' } },
    },
  },
  actions: { clear: ({ context: { toy } }) => toy.a.set(0) },
  guards: { full: ({ context: { toy } }) => toy.a.get() === 3 },
} satisfies ToySpec;

export const { always, leadsTo, never, noDeadlock, reachable } = toySystem.properties;
