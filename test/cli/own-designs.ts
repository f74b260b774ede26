/** Returns the source of a small design: a hand presses a button. The parts are inserted as they are. */
export function buttonDesign(parts: {
  readonly id?: string;
  /** the action of pressing */
  readonly press?: string;
  /** whether pressing violates a property */
  readonly forbidden?: boolean;
  /** a cover that cannot be hit */
  readonly vacuous?: boolean;
}): string {
  const {
    id = 'button',
    press = '({ context: { room } }) => room.lit.set(true)',
    forbidden = false,
    vacuous = false,
  } = parts;
  return `
import { bit, defineDesign, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 'button',
  params: { rooms: { default: 1, min: 1, max: 4, description: 'how many rooms there are' } },
  memory: () => ({ room: shared({ lit: bit() }) }),
  actors: { hand: 'one' },
});
const hand = system
  .actor({ events: { STEP: {} } })
  .setup({ actions: { press: ${press} } })
  .createMachine({
    id: 'hand',
    initial: 'up',
    states: { up: { on: { STEP: { actions: 'press', target: 'down' } } }, down: {} },
  });
export default defineDesign({
  id: '${id}',
  title: 'a button',
  system,
  machines: { hand },
  properties: [
    system.properties.always({ id: 'dark', description: 'the room is dark' }, ({ room }) => ${forbidden ? '!room.lit.get()' : 'room.lit.get() || !room.lit.get()'}),
    system.properties.reachable({ id: 'lit', description: 'the room is lit' }, ({ room }) => ${vacuous ? 'false' : 'room.lit.get()'}),
  ],
});
`;
}

/** The source of a file with one design that is checked at once, and two that are too large to complete. */
export const quickAndEndless = `
import { counter, defineDesign, defineSystem, owned } from 'precopy';

const system = defineSystem({
  name: 'counting',
  params: { most: { default: 1, min: 1, max: 1000000000, description: 'how far to count' } },
  memory: ({ most }) => ({ count: owned({ of: [counter(most), counter(most)] }) }),
  actors: { counter: () => 2 },
});
const counter_ = system
  .actor({ events: { STEP: {} } })
  .setup({
    actions: { add: ({ context: { count, nth } }) => count.of(nth).set(count.of(nth).get() + 1) },
    guards: { isFree: ({ context: { count, nth, params } }) => count.of(nth).get() < params.most },
  })
  .createMachine({ id: 'counter', initial: 'counting', states: { counting: { on: { STEP: { guard: 'isFree', actions: 'add' } } } } });
const design = { title: 'counting', system, machines: { counter: counter_ }, properties: [] };
const most = 1000000000;
export const designs = [
  defineDesign({ ...design, id: 'quick' }),
  defineDesign({ ...design, id: 'endless', params: { most } }),
  defineDesign({ ...design, id: 'never-begun', params: { most } }),
];
`;

/** The source of designs of which a verdict leaves something open. */
export const caveatDesigns = `
import { defineDesign, defineSystem } from 'precopy';

const system = defineSystem({ name: 'waiting', memory: () => ({}), actors: { a: 'one' }, tags: ['end'] });
const a = system
  .actor({ events: { WAIT: {}, END: {} } })
  .setup({ actions: {}, guards: { never: () => false } })
  .createMachine({
    id: 'a',
    initial: 'waiting',
    states: {
      waiting: { on: { WAIT: 'waiting', END: 'end' } },
      end: { tags: ['end'], on: { WAIT: { guard: 'never', target: 'waiting' } } },
    },
  });
const { leadsTo, never, reachable } = system.properties;
const ends = leadsTo({ id: 'ends', description: 'it ends' }, () => true, ({ is }) => is.end.of(0));
const one = never({ id: 'one', description: 'there is one actor' }, ({ is }) => is.end.count() > 1);
const isHit = reachable({ id: 'is-hit', description: 'it can end' }, ({ is }) => is.end.of(0));
const design = { title: 'waits', system, machines: { a } };
export const waits = defineDesign({ ...design, id: 'waits', properties: [ends] });
export const designs = [
  defineDesign({ ...design, id: 'both', properties: [ends, one] }),
  defineDesign({ ...design, id: 'covers', properties: [isHit] }),
];
`;
