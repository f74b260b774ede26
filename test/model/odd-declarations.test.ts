import {
  type AnyDesign,
  actor,
  actorSet,
  bit,
  bitmap,
  counter,
  defineDesign,
  defineSystem,
  index,
  LiveSystem,
  PrecopyError,
  queue,
  rendezvous,
  shared,
} from 'precopy';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { type ActorInstance, instantiate } from '../../src/model/instance.ts';
import { explore } from '../support/explore.ts';

/** What a toy declares, and what its one action does. TypeScript refuses some of it; JavaScript does not. */
interface Parts {
  readonly cell?: () => unknown;
  readonly actors?: unknown;
  readonly size?: unknown;
  readonly act?: (context: { send(type: unknown, to: unknown, fields?: unknown): void }) => void;
}

function toy({ cell = () => bit(), actors = 2, size = 1, act = () => undefined }: Parts): AnyDesign {
  const system = defineSystem({
    name: 'toy',
    memory: () => ({ m: shared({ x: cell() as never }) }),
    messages: { PAGE: rendezvous('gfn'), LOCK: rendezvous() },
    actors: { a: () => actors as number, b: 'one' },
  });
  const a = system
    .actor({ events: { GO: { field: 'page', size: () => size as number } } })
    .setup({ actions: { act: ({ context }) => act(context as never) } })
    .createMachine({ id: 'a', initial: 'p', states: { p: { on: { GO: { actions: 'act', target: 'q' } } }, q: {} } });
  const b = system
    .actor({ events: {} })
    .setup({ actions: { take: () => undefined } })
    .createMachine({
      id: 'b',
      initial: 'p',
      states: { p: { on: { PAGE: { actions: 'take' }, LOCK: { actions: 'take' } } } },
    });
  const mayStop = system.properties.noDeadlock({ id: 'end', description: 'it may stop' }, () => true);
  return defineDesign({ id: 'toy', title: 'a toy', system, machines: { a, b }, properties: [mayStop] });
}

/** Returns why compiler and live actors refuse a design. */
function refusals(parts: Parts): string[] {
  return [() => void compile(toy(parts)), () => new LiveSystem(toy(parts)).stop()].map((load) => {
    try {
      load();
    } catch (error) {
      if (error instanceof PrecopyError && error.code === 'BAD_DESIGN') return error.message;
      throw error;
    }
    return 'nothing';
  });
}

test('the toy itself is fine', () => {
  expect(refusals({})).toEqual(['nothing', 'nothing']);
  expect(explore(toy({ act: ({ send }) => send('PAGE', 2, { gfn: 1 }) })).verdict).toBe('holds');
});

describe('a cell is declared with a value that is none:', () => {
  const text = 'two' as never;
  const declarations: Readonly<Record<string, () => unknown>> = {
    'm.x: a bitmap has the size 2.5': () => bitmap(2.5),
    'm.x: a bitmap has the size NaN': () => bitmap(Number.NaN),
    'm.x: a bitmap has the size -1': () => bitmap(-1),
    'm.x: a bitmap has the size "two"': () => bitmap(text),
    'm.x: a bitmap has bitsPerWord 0': () => bitmap(4, { bitsPerWord: 0 }),
    'm.x: a bitmap has bitsPerWord 33': () => bitmap(4, { bitsPerWord: 33 }),
    'm.x: a bitmap starts true': () => bitmap(4, { initial: true as never }),
    'm.x: a bitmap has the size 1.5': () => actorSet(1.5),
    'm.x: a counter has the maximum 2.5': () => counter(2.5),
    'm.x: a counter has the maximum -1': () => counter(-1),
    'm.x: a counter has the maximum 2147483648': () => counter(2 ** 31),
    'm.x: a counter starts with 4': () => counter(3, 4),
    'm.x: a counter starts with 0.5': () => counter(3, 1 / 2),
    'm.x: an index has the size -2': () => index(-2),
    'm.x: the number of actors of a cell is NaN': () => actor(Number.NaN),
    'm.x: a bit starts with "two"': () => bit(text),
    'm.x: a queue has the capacity 1.5': () => queue(1.5, 3),
    'm.x: a queue has the size -3': () => queue(2, -3),
  };
  test.each(Object.entries(declarations))('%s', (message, cell) => {
    expect(refusals({ cell })).toEqual([message, message]);
  });
});

test.each([1.5, -1, Number.NaN, '2'])('a role of %s actors is refused', (actors) => {
  const [compiled, live] = refusals({ actors });
  expect(compiled).toMatch(/role|actors/);
  expect(live).toBe(compiled);
});

test.each([
  [1.5, '1.5'],
  [-1, '-1'],
  [Number.NaN, 'NaN'],
  ['2', '"2"'],
])('an event with %s payloads is refused', (size, shown) => {
  const message = `machine 'a': the event GO has ${shown} payloads`;
  expect(refusals({ size })).toEqual([message, message]);
});

describe('a message', () => {
  const faults: Readonly<Record<string, readonly unknown[]>> = {
    'PAGE is sent to actor 0.5, but the actors are 0 to 2': ['PAGE', 1 / 2, { gfn: 1 }],
    'PAGE is sent to actor "2", but the actors are 0 to 2': ['PAGE', '2', { gfn: 1 }],
    'PAGE is sent to actor undefined, but the actors are 0 to 2': ['PAGE', undefined, { gfn: 1 }],
    'LOCK is sent to actor 3, but the actors are 0 to 2': ['LOCK', 3],
    'PAGE.gfn is an integer and cannot be 0.5': ['PAGE', 2, { gfn: 1 / 2 }],
    'PAGE.gfn is an integer and cannot be "1"': ['PAGE', 2, { gfn: '1' }],
    'PAGE.gfn is an integer and cannot be a list': ['PAGE', 2, { gfn: [1] }],
  };
  test.each(Object.entries(faults))('with a wrong value is a fault: %s', (message, args) => {
    const violation = explore(
      toy({ act: ({ send }) => (send as (...all: readonly unknown[]) => void)(...args) }),
    ).violation;
    expect(violation).toMatchObject({ property: 'well-formed', fault: message });
  });

  const refused: Readonly<Record<string, readonly unknown[]>> = {
    'sends PAEG, which is no message': ['PAEG', 2, { gfn: 1 }],
    'sends toString, which is no message': ['toString', 2],
    'sends PAGE without the field gfn': ['PAGE', 2],
    'sends PAGE with the field gnf': ['PAGE', 2, { gfn: 1, gnf: 2 }],
    'sends LOCK with the field gfn': ['LOCK', 2, { gfn: 1 }],
  };
  test.each(Object.entries(refused))('with a wrong name is refused: %s', (does, args) => {
    const act = ({ send }: { send(...all: readonly unknown[]): void }): void => send(...args);
    expect(() => explore(toy({ act: act as never }))).toThrow(`machine 'a': the action 'act' ${does}`);
  });

  test('is what it was when it was sent, whatever becomes of the object', () => {
    const received: number[] = [];
    const instance = instantiate(toy({}));
    const sender = instance.actors[0] as ActorInstance;
    const { send } = sender.context as unknown as { send(...all: readonly unknown[]): void };
    const fields = { gfn: 1 };
    instance.setTransport((_type, _from, _to, sent) => {
      fields.gfn = 2;
      received.push(sent['gfn'] as number);
    });
    send('PAGE', 2, fields);
    expect(received).toEqual([1]);
  });
});
