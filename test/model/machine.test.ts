import { describe, expect, it } from 'vitest';
import { bit, defineSystem, shared } from '../../src/index.ts';
import { ghostArgs } from '../../src/model/context-keys.ts';

const system = defineSystem({
  name: 's',
  memory: () => ({ m: shared({ flag: bit() }) }),
  actors: { it: 'one' },
  tags: ['old', 'new'],
});
const machine = system
  .actor({ events: { STEP: {}, OTHER: {} } })
  .setup({
    actions: { raise: ({ context: { m } }) => m.flag.set(true) },
    guards: { up: ({ context: { m } }) => m.flag.get() },
  })
  .createMachine({
    id: 'm',
    initial: 'one',
    states: {
      one: { tags: ['old'], entry: 'raise', on: { STEP: 'two', OTHER: 'one' } },
      two: { initial: 'a', states: { a: { on: { STEP: 'b' } }, b: { exit: 'raise' } }, on: { OTHER: 'one' } },
    },
  });

describe('a machine with a patch', () => {
  it('leaves the machine itself as it was', () => {
    const before = JSON.stringify(machine.config);
    machine.extend({ states: { one: { entry: [] }, three: {} }, initial: 'three' });
    expect(JSON.stringify(machine.config)).toBe(before);
  });

  it('replaces a key of a state and keeps its other keys', () => {
    const { config } = machine.extend({ states: { one: { entry: [] } } });
    expect(config['states'].one).toEqual({ tags: ['old'], entry: [], on: { STEP: 'two', OTHER: 'one' } });
  });

  it('replaces what a state does with one event and keeps the others', () => {
    const { config } = machine.extend({ states: { one: { on: { STEP: 'one' } } } });
    expect(config['states'].one.on).toEqual({ STEP: 'one', OTHER: 'one' });
  });

  it('takes an event away with an empty list', () => {
    const { statechart } = machine.extend({ states: { one: { on: { OTHER: [] } } } });
    expect(statechart.root.states['one']?.transitions.get('OTHER')).toEqual([]);
  });

  it('goes into the states of a compound state by name', () => {
    const { config } = machine.extend({
      states: { two: { states: { a: { tags: ['new'], on: { OTHER: 'c' } }, c: {} } } },
    });
    expect(config['states'].two).toEqual({
      initial: 'a',
      states: { a: { tags: ['new'], on: { STEP: 'b', OTHER: 'c' } }, b: { exit: 'raise' }, c: {} },
      on: { OTHER: 'one' },
    });
  });

  it('adds states, and may start in one of them', () => {
    const patched = machine.extend({ initial: 'three', states: { three: { on: { STEP: 'one' } } } });
    expect(patched.config['initial']).toBe('three');
    expect(Object.keys(patched.statechart.root.states)).toEqual(['one', 'two', 'three']);
  });

  it('replaces actions and guards by name', () => {
    const raise = (): void => undefined;
    const up = (): boolean => false;
    const { definition, statechart } = machine.extend({ actions: { raise }, guards: { up } });
    expect([definition.actions['raise'], definition.guards['up']]).toEqual([raise, up]);
    expect(statechart.implementations.actions['raise']).toBe(raise);
    expect(machine.definition.actions['raise']).not.toBe(raise);
  });
});

describe('parts of an actor', () => {
  const actor = system.actor({ events: { STEP: {} } });
  const raise = actor.implement({ actions: { raise: ({ context: { m } }) => m.flag.set(true) } });
  const lower = actor.implement({ actions: { lower: ({ context: { m } }) => m.flag.set(false) } });

  it('are picked by `use`, and more of them by a variant', () => {
    const base = actor.use(raise).createMachine({ id: 'm', initial: 'one', states: { one: { entry: 'raise' } } });
    const variant = base.use(lower).extend({ states: { one: { entry: 'lower' } } });
    expect(Object.keys(base.definition.actions)).toEqual(['raise']);
    expect(Object.keys(variant.definition.actions)).toEqual(['raise', 'lower']);
  });

  it('may come twice, and may not share a name', () => {
    const other = actor.implement({ actions: { raise: () => undefined } });
    expect(() => actor.use(raise, raise)).not.toThrow();
    expect(() => actor.use(raise, other)).toThrow("two different actions of one machine are named 'raise'");
  });

  it('update ghosts right after the action of that name', () => {
    const order: string[] = [];
    const { actions } = actor.implement({
      actions: { raise: () => order.push('action') },
      ghost: { raise: () => order.push('ghost') },
    });
    actions['raise']?.({ context: { [ghostArgs]: {} } });
    expect(order).toEqual(['action', 'ghost']);
  });
});
