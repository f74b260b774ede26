import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import {
  type AnyDesign,
  bit,
  counter,
  defineDesign,
  defineSystem,
  posted,
  rendezvous,
  shared,
} from '../../src/index.ts';
import { instantiate } from '../../src/model/instance.ts';
import { explore } from '../support/explore.ts';

// Mistakes that JavaScript would answer with `undefined`, which equals nothing and is false, or not at all.

// biome-ignore lint/suspicious/noExplicitAny: the builders are called without types, as a file may call them
type Untyped = any;

interface Parts {
  readonly memory?: unknown;
  readonly actors?: object;
  readonly size?: () => unknown;
  readonly registers?: unknown;
  readonly action?: unknown;
  readonly never?: (view: Untyped) => unknown;
}

/** Creates a design of two actors that are busy in turns. */
function designWith({ memory, actors, size, registers, action, never }: Parts): AnyDesign {
  const system: Untyped = defineSystem({
    name: 'office',
    memory: memory ?? (() => ({ desk: shared({ lamp: bit(), count: counter(3), drawers: [bit(), bit()] }) })),
    messages: { ASK: rendezvous(), KICK: posted() },
    actors: actors ?? { worker: () => 2 },
    tags: ['busy'],
  } as Untyped);
  const worker = system
    .actor({ events: { STEP: size ? { field: 'n', size } : {} }, ...(registers !== undefined && { registers }) })
    .setup({ actions: { work: action ?? (({ context }: Untyped) => context.desk.lamp.set(true)) } })
    .createMachine({
      id: 'worker',
      initial: 'idle',
      states: { idle: { on: { STEP: { actions: 'work', target: 'busy' } } }, busy: { tags: ['busy'] } },
    });
  const properties = [system.properties.never({ id: 'p', description: 'p' }, never ?? (() => false))];
  return defineDesign({ id: 'office', title: 'office', system, machines: { worker }, properties });
}

describe('a property that asks for what there is not is refused', () => {
  it.each<[string, (view: Untyped) => unknown, RegExp]>([
    ['an actor that there is not', ({ is, actors }) => is.busy.of(actors.worker[2]), /'p' reads '2', but the role/],
    [
      'a comparison with it',
      ({ desk, actors }) => desk.count.get() === actors.worker[9],
      /'p' reads '9', but the role/,
    ],
    ['all actors of a role as one', ({ is, actors }) => is.busy.of(actors.worker), /is\.busy\.of\(a list\)/],
    ['the id of no actor', ({ is }) => is.busy.of(3), /is\.busy\.of\(3\).*/],
    ['a fraction', ({ is }) => is.busy.of(0.5), /is\.busy\.of\(0\.5\)/],
    ['a name of an actor', ({ is }) => is.busy.of('worker0'), /is\.busy\.of\("worker0"\)/],
    ['a value that is none', ({ desk }) => desk.lamp.value === true, /reads 'value', but a cell has no such operation/],
    ['a list like one of JavaScript', ({ desk }) => desk.drawers[0] === true, /reads '0', but the list drawers/],
    ['a rendezvous message in a mailbox', ({ posted }) => posted.ASK.waitsFor(0), /'p' reads 'ASK', but the system/],
    ['a test that a tag does not have', ({ is }) => is.busy.size === 2, /reads 'size', but the tag 'busy'/],
  ])('%s', (_, never, message) => {
    expect(() => explore(designWith({ never }))).toThrow(message);
  });

  it('but nobody is in no state', () => {
    const design = designWith({ never: ({ is, actors }) => is.busy.of(actors.nobody) });
    expect(explore(design).verdict).toBe('holds');
  });

  it('and lists of actors still are lists', () => {
    const { actors } = instantiate(designWith({})).view as Untyped;
    expect(actors.worker.map((id: number) => id + 1)).toEqual([1, 2]);
    expect([...actors.worker, actors.worker.length]).toEqual([0, 1, 2]);
  });
});

describe('an action that does nothing, or is none, is refused', () => {
  const throwing = (value: unknown) => () => {
    throw value;
  };

  it.each<[string, unknown, RegExp]>([
    [
      'it assigns to a list',
      ({ context }: Untyped) => Object.assign(context.desk.drawers, { 0: true }),
      /list drawers/,
    ],
    ['it is a class', class {}, /the action 'work' is a class/],
    ['it throws nothing', throwing(undefined), /the action 'work' throws undefined/],
    ['it throws a text', throwing('no'), /the action 'work' throws "no"/],
  ])('%s', (_, action, message) => {
    expect(() => explore(designWith({ action }))).toThrow(message);
  });
});

describe('what declares a system depends on the params alone', () => {
  let calls = 0;

  it.each<[string, Parts, RegExp]>([
    ['the number of actors', { actors: { worker: () => 1 + (calls++ % 2) } }, /the role 'worker' gives 1, and then 2/],
    ['the size of a payload', { size: () => 1 + (calls++ % 2) }, /the size of STEP gives/],
    [
      'memory',
      { memory: () => ({ desk: shared({ lamp: bit(), count: counter(3 + calls++) }) }) },
      /declares other cells each time/,
    ],
    ['registers', { registers: () => ({ [`r${calls++}`]: bit() }) }, /declares other cells each time/],
    ['chance', { memory: () => ({ desk: shared({ lamp: bit(Math.random() < 0.5) }) }) }, /calls Math\.random/],
  ])('%s', (_, parts, message) => {
    calls = 0;
    const design = designWith(parts);
    expect(() => {
      compile(design);
      compile(design);
    }).toThrow(message);
  });
});

describe('what a machine was made from may change later', () => {
  it('and the machine stays as it was', () => {
    const system: Untyped = defineSystem({
      name: 'office',
      memory: () => ({ desk: shared({ lamp: bit() }) }),
      actors: { worker: 'one' },
    });
    const actions: Untyped = { work: ({ context }: Untyped) => context.desk.lamp.set(true) };
    const states: Untyped = { idle: { on: { STEP: { actions: 'work' } } } };
    const worker = system
      .actor({ events: { STEP: {} } })
      .setup({ actions })
      .createMachine({
        id: 'worker',
        initial: 'idle',
        states,
      });
    const patch: Untyped = { idle: { on: { STEP: { actions: ['work'] } } } };
    const extended = worker.extend({ states: patch });
    actions.work = () => {};
    states.idle.on.STEP = { target: 'idle' };
    patch.idle.on.STEP.actions.pop();
    const properties = [system.properties.never({ id: 'p', description: 'p' }, ({ desk }: Untyped) => desk.lamp.get())];
    for (const machine of [worker, extended]) {
      const design = defineDesign({
        id: 'o',
        title: 'o',
        system,
        machines: { worker: machine },
        properties,
      } as Untyped);
      expect(explore(design).violation?.property).toBe('p');
    }
  });
});

describe('a property without its function is refused', () => {
  it.each(['always', 'never', 'reachable', 'leadsTo'])('%s', (kind) => {
    const { system, machines } = designWith({});
    const property = (system.properties as Untyped)[kind]({ id: 'p', description: 'p' }, undefined);
    expect(() => defineDesign({ id: 'o', title: 'o', system, machines, properties: [property] })).toThrow(
      /property 'p': \w+ is no function/,
    );
  });
});
