import { describe, expect, it } from 'vitest';
import { actor, bit } from '../../src/model/declare.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { instantiate } from '../../src/model/instance.ts';
import { posted } from '../../src/model/messages.ts';
import { defineSystem, shared } from '../../src/model/system.ts';
import { explore } from '../support/explore.ts';
import { expectRefusal } from '../support/misnamed-design.ts';
import { sumOfOrbitSizes } from '../support/orbits.ts';
import {
  alone,
  anyWorker,
  cleaned,
  cleaner,
  clock,
  key,
  litWorker,
  office,
  plain,
  withCleaner,
  withClock,
  worker,
  workerWithLamp,
} from './extension.ts';

const both = withCleaner.combine(withClock);
const withBoth = defineDesign({
  ...cleaned,
  id: 'both',
  system: both,
  machines: { ...cleaned.machines, clock },
} as never);

describe('a system that is extended', () => {
  it('runs machines and properties of the system and of the extension', () => {
    expect(explore(cleaned)).toMatchObject({ verdict: 'holds', covers: [{ id: 'swept', hit: true }] });
  });

  it('can be extended again', () => {
    const system = withCleaner.extend({ name: 'more', tags: ['more'], actors: { clerk: 'one' } });
    const clerk = system
      .actor({ events: {} })
      .setup({ actions: {} })
      .createMachine({ id: 'clerk', initial: 'sits', states: { sits: { tags: ['more', 'inside'] } } });
    expect(
      explore(defineDesign({ ...cleaned, system, machines: { ...cleaned.machines, clerk } } as never)).verdict,
    ).toBe('violated');
  });

  it('can be combined with another extension, and has the layers that both share once', () => {
    expect(both.spec.name).toBe('office + cleaner + clock');
    expect(both.combine(withClock).layers).toEqual(both.layers);
    // the clock shares no memory with the others: 3 of its states for each of theirs
    expect(explore(withBoth).states).toBe(3 * explore(cleaned).states);
  });

  it('leaves the system as it was', () => {
    const before = explore(plain);
    office.extend({ name: 'more', memory: () => ({ more: shared({ flag: bit() }) }), actors: { more: 'one' } });
    expect(explore(plain)).toMatchObject({ states: before.states, transitions: before.transitions });
  });

  it('widens the cells that hold actors, and the queue of those that take a message', () => {
    const cellsOf = (design: typeof plain, name: string) =>
      instantiate(design).cells.find(({ plain: cell }) => cell.name === name)?.plain;
    expect(cellsOf(plain, 'key.holder')).toMatchObject({ max: 3 });
    expect(cellsOf(cleaned as never, 'key.holder')).toMatchObject({ max: 4 });
    expect(cellsOf(plain, 'key.waiters')).toMatchObject({ bound: 3, capacity: 1 });
    expect(cellsOf(cleaned as never, 'key.waiters')).toMatchObject({ bound: 4, capacity: 2 });
  });
});

it('the symmetry of an extended system is that of the system, with more cells', () => {
  expect(sumOfOrbitSizes(cleaned, { workers: 3 })).toBe(explore(cleaned, { workers: 3 }).states);
});

describe('an extension is refused', () => {
  const twice = (what: string, name: string) => `'office' and 'more' both declare the ${what} '${name}'`;

  it.each([
    ['param', 'workers', { params: { workers: { default: 1, min: 1, max: 1, description: '' } } }],
    ['message', 'ASK', { messages: { ASK: posted() } }],
    ['role', 'key', { actors: { key: 'one' as const } }],
    ['tag', 'inside', { tags: ['inside'] }],
  ])('if it declares a %s that the system has', (what, name, parts) => {
    expectRefusal(() => office.extend({ name: 'more', ...parts }), twice(what, name));
  });

  it('if it declares a memory region that the system has', () => {
    const system = office.extend({ name: 'more', memory: () => ({ desk: shared({ flag: bit() }) }) });
    expectRefusal(() => instantiate({ ...plain, system } as never), twice('memory region', 'desk'));
  });

  it('if another one that it is combined with declares the same', () => {
    const other = office.extend({ name: 'other', tags: ['sweeping'] });
    expectRefusal(() => withCleaner.combine(other), "'cleaner' and 'other' both declare the tag 'sweeping'");
  });

  it.each([
    [
      'with an unknown key',
      { memori: () => ({}) },
      "extension 'more': there is no key 'memori' (did you mean 'memory'?)",
    ],
    ['with another role of symmetry', { symmetry: { role: 'key' } }, "there is no key 'role'"],
    ['with processIds that are no functions', { symmetry: { processIds: { 'key.waiters2': 1 } } }, 'is no function'],
    [
      'with processIds that the system has',
      { symmetry: { processIds: { 'key.holder': () => false } } },
      "'office' and 'more' both declare the entry of processIds 'key.holder'",
    ],
    ['without a name', { name: '' }, 'an extension has no name'],
    ['with memory that is no function', { memory: {} }, 'memory is no function'],
    ['with tags that are no list', { tags: 'inside' }, 'has no list of tags'],
  ])('%s', (_, parts, text) => {
    expectRefusal(() => office.extend({ name: 'more', ...parts } as never), text);
  });

  it('if it adds symmetric cells to a system without interchangeable actors', () => {
    const system = defineSystem({ name: 'plain', memory: () => ({}), actors: { one: 'one' } });
    const extend = () => system.extend({ name: 'more', symmetry: { perProcess: ['a.b'] } });
    expectRefusal(extend, "'more' declares symmetry, and 'plain' has no interchangeable actors");
  });
});

describe('a design of an extended system is refused', () => {
  it('if two actors have one name', () => {
    const system = office.extend({ name: 'more', actors: { worker0: 'one' } });
    const design = { ...plain, system, machines: { ...plain.machines, worker0: worker } };
    expectRefusal(
      () => instantiate(design as never),
      "two actors called 'worker0', of the roles 'worker' and 'worker0'",
    );
  });

  it('if a message is called like an event of a machine', () => {
    const system = office.extend({ name: 'more', messages: { STEP: posted() } });
    const cause = "'STEP' is an event of the machine 'worker' and a message of the system 'office + more'";
    expectRefusal(() => defineDesign({ ...plain, system } as never), cause);
  });

  it('if its processIds name a cell that belongs to no actor', () => {
    const memory = () => ({ board: shared({ last: actor() }) });
    const system = office.extend({ name: 'more', memory, symmetry: { processIds: { 'board.last': () => true } } });
    expectRefusal(() => instantiate({ ...plain, system } as never), 'board.last, which belongs to no actor');
  });
});

describe('an actor that is extended is refused', () => {
  it('in a system that does not extend its own', () => {
    expectRefusal(() => withClock.extendActor(workerWithLamp), /extended in 'office \+ clock', which has no 'cleaner'/);
  });

  it('if it declares an event that the actor has', () => {
    expectRefusal(() => withCleaner.extendActor(anyWorker, { events: { STEP: {} } }), "the event 'STEP'");
  });

  it('if it declares a register that the actor has', () => {
    const twice = withCleaner.extendActor(workerWithLamp, { registers: () => ({ swept: bit() }) });
    const design = { ...cleaned, machines: { ...cleaned.machines, worker: litWorker.as(twice) } };
    expectRefusal(() => instantiate(design as never), "the register 'swept'");
  });
});

describe('a machine is refused', () => {
  it('as one of an actor that does not extend its own', () => {
    expectRefusal(() => cleaner.as(workerWithLamp), "the machine 'cleaner' is not of an actor that this one extends");
    expectRefusal(() => litWorker.as(withCleaner.extendActor(anyWorker)), 'is not of an actor that this one extends');
  });

  it('in a design of the system that its own extends', () => {
    const design = () => defineDesign({ ...plain, machines: { worker: litWorker, key } } as never);
    expectRefusal(design, /'worker' of 'worker' is of the system 'office \+ cleaner'.* it has no 'cleaner'$/);
  });

  it('if its patch replaces an action and not the ghost update of that', () => {
    const light = ({ context: { lamp, nth } }: (typeof workerWithLamp.names & object)['args']) => lamp.lit.set(nth);
    const cause = "replaces the action 'light' without its ghost update";
    expectRefusal(() => litWorker.extend({ actions: { light } }), cause);
    expect(() => litWorker.extend({ actions: { light }, ghost: { light: () => {} } })).not.toThrow();
  });

  it('if a ghost update is of no action', () => {
    expectRefusal(() => worker.extend({ ghost: { ad: () => {} } } as never), "there is no action 'ad'");
  });
});

it('a message of which an actor asks who takes it has to exist', () => {
  const counting = office.actor({
    events: {},
    registers: (_, { actorsThatTake }) => (actorsThatTake('GRANTD' as never) ? {} : {}),
  });
  const machine = counting.setup({ actions: {} }).createMachine({ id: 'key', initial: 'a', states: { a: {} } });
  const design = { ...plain, properties: [alone], machines: { worker, key: machine } };
  expectRefusal(() => instantiate(design as never), "there is no message 'GRANTD' (did you mean 'GRANTED'?)");
});
