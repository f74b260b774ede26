import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { bit, bitmap, counter, defineDesign, defineSystem, ModelFault, posted, shared } from '../../src/index.ts';
import type { Access } from '../../src/model/access-recording.ts';
import { eventName, eventsOf } from '../../src/model/events.ts';
import { instantiate } from '../../src/model/instance.ts';

const system = defineSystem({
  name: 'post',
  params: { clerks: { default: 2, min: 1, max: 3, description: 'clerks' } },
  memory: ({ clerks }) => ({ hall: shared({ bell: bit(), desk: Array.from({ length: clerks }, () => counter(3)) }) }),
  messages: { LETTER: posted() },
  actors: { clerk: ({ clerks }) => clerks, boss: 'one' },
  tags: ['working', 'away'],
});
const clerk = system
  .actor({
    events: { STEP: {}, UNUSED: {} },
    registers: () => ({ count: counter(5, 4), done: bit(), mask: bitmap(2) }),
  })
  .setup({ actions: { count: ({ context: { my } }) => void my.count++ } })
  .createMachine({
    id: 'clerk',
    initial: 'working',
    states: {
      working: {
        tags: ['working'],
        initial: 'sorting',
        states: { sorting: { on: { STEP: '#clerk.away' } }, reading: { on: { STEP: 'sorting' } } },
      },
      away: { tags: ['away'], on: { STEP: [{ actions: 'count' }, { target: 'working.reading' }] } },
    },
  });
const boss = system
  .actor({ events: { WALK: { field: 'to', size: ({ clerks }) => clerks } } })
  .setup({ actions: {} })
  .createMachine({ id: 'boss', initial: 'here', states: { here: { on: { WALK: 'here', LETTER: 'here' } } } });
const office = defineDesign({ id: 'office', title: 'office', system, machines: { clerk, boss }, properties: [] });

// biome-ignore lint/suspicious/noExplicitAny: the context of an actor of any system
const contextOf = (instance: ReturnType<typeof instantiate>, actor: number): any => instance.actors[actor]?.context;

describe('an instance of a design', () => {
  it('has an actor for each that plays a role, numbered in the order of the roles', () => {
    const { actors } = instantiate(office, { clerks: 3 });
    expect(actors.map(({ id, name, role }) => [id, name, role])).toEqual([
      [0, 'clerk0', 'clerk'],
      [1, 'clerk1', 'clerk'],
      [2, 'clerk2', 'clerk'],
      [3, 'boss', 'boss'],
    ]);
  });

  describe('of a system with a role that only some designs have, and a second role of a kind', () => {
    const company = defineSystem({
      name: 'company',
      params: { guests: { default: 0, min: 0, max: 2, description: 'guests' } },
      memory: () => ({}),
      actors: {
        host: 'one',
        guest: { some: ({ guests }) => guests },
        second: { some: ({ guests }) => guests, machineOf: 'host' },
      },
    });
    const plain = (id: string) =>
      company
        .actor({ events: {} })
        .setup({ actions: {} })
        .createMachine({ id, initial: 's', states: { s: {} } });
    const host = plain('host');
    const alone = defineDesign({ id: 'alone', title: 'alone', system: company, machines: { host }, properties: [] });

    it('needs a machine only if the role has actors', () => {
      expect(instantiate(alone).actors.map(({ name }) => name)).toEqual(['host']);
      expect(() => instantiate(alone, { guests: 1 })).toThrow("design alone has no machine for the role 'guest'");
    });

    it('gives the second role the machine of the first, and no other', () => {
      const other = plain('other');
      const { actors } = instantiate({ ...alone, machines: { host: other, guest: plain('guest') } }, { guests: 2 });
      expect(actors.map(({ name, machine }) => [name, machine.id])).toEqual([
        ['host', 'other'],
        ['guest0', 'guest'],
        ['guest1', 'guest'],
        ['second0', 'other'],
        ['second1', 'other'],
      ]);
      const bad = { ...alone, machines: { host, second: other } } as never;
      expect(() => instantiate(bad)).toThrow("a machine for 'second', which uses that of 'host'");
    });
  });

  it('knows the states that an actor can be in: those without states inside, in the order of the document', () => {
    expect(instantiate(office).actors[0]?.leaves).toEqual(['working.sorting', 'working.reading', 'away']);
  });

  it('names each cell by region and register, and tells which are only control', () => {
    const { cells } = instantiate(office, { clerks: 1 });
    expect(Object.fromEntries(cells.map(({ plain, region }) => [plain.name, region]))).toEqual({
      clerk0: 'control',
      boss: 'control',
      'hall.bell': 'shared',
      'hall.desk[0]': 'shared',
      'clerk0.count': 'register',
      'clerk0.done': 'register',
      'clerk0.mask': 'register',
      'boss.mailbox.LETTER': 'control',
    });
  });

  it('starts with the declared values', () => {
    const instance = instantiate(office);
    expect(contextOf(instance, 1).my.count).toBe(4);
    contextOf(instance, 1).my.count = 1;
    instance.reset();
    expect(contextOf(instance, 1).my.count).toBe(4);
  });

  it('lets registers that are numbers and truth values be read and written as properties', () => {
    const { my } = contextOf(instantiate(office), 0);
    my.count++;
    my.done = true;
    my.mask.set(1);
    expect([my.count, my.done, my.mask.show()]).toEqual([5, true, '01']);
  });

  it('gives each actor registers of its own, and all the same memory', () => {
    const instance = instantiate(office);
    contextOf(instance, 0).my.count = 0;
    contextOf(instance, 0).hall.bell.set(true);
    expect(contextOf(instance, 1).my.count).toBe(4);
    expect(contextOf(instance, 1).hall.bell.get()).toBe(true);
  });

  it('is independent of every other instance', () => {
    const one = instantiate(office);
    const two = instantiate(office);
    contextOf(one, 0).my.count = 0;
    expect(contextOf(two, 0).my.count).toBe(4);
  });

  it('faults on an index outside a list of cells', () => {
    const { hall } = contextOf(instantiate(office), 0);
    expect(() => hall.desk(2)).toThrow(new ModelFault('desk has 0 to 1, not 2'));
  });

  it('faults on a message to an actor that does not exist', () => {
    const { send } = contextOf(instantiate(office), 0);
    for (const to of [-1, 3, undefined]) expect(() => send('LETTER', to), String(to)).toThrow(ModelFault);
  });

  it('tells which actors are in a state with a tag, of their own or around them', () => {
    const instance = instantiate(office, { clerks: 3 });
    const { is } = instance.view as { is: Record<string, { of(actor: number): boolean; count(): number }> };
    instance.actors[1]?.location.set(2);
    expect([is['working']?.count(), is['away']?.count()]).toEqual([2, 1]);
    expect([is['working']?.of(1), is['away']?.of(1), is['working']?.of(3)]).toEqual([false, true, false]);
  });

  it('records what actions do to memory and registers, and nothing that properties read', () => {
    const accesses: Access[] = [];
    const instance = instantiate(office, {}, (access) => accesses.push(access));
    const { my, hall } = contextOf(instance, 0);
    hall.bell.set(true);
    my.count = 2;
    expect(my.count).toBe(2);
    my.mask.set(0);
    hall.desk(1).set(3);
    (instance.view as typeof instance.view & { hall: typeof hall }).hall.bell.get();
    expect(
      accesses.map(({ region, cell, operation, before, after }) => [region, cell, operation, before, after]),
    ).toEqual([
      ['shared', 'hall.bell', 'set', '0', '1'],
      ['register', 'clerk0.count', 'set', '4', '2'],
      ['register', 'clerk0.count', 'get', '2', '2'],
      ['register', 'clerk0.mask', 'set', '00', '10'],
      ['shared', 'hall.desk[1]', 'set', '0', '3'],
    ]);
  });
});

describe('the events of a system', () => {
  it('are what actors do by themselves, where the statechart takes it, and then deliveries from each actor', () => {
    const instance = instantiate(office, { clerks: 1 });
    const events = eventsOf(instance);
    expect(events.map(({ id, actor, type, domain, field, from }) => [id, actor, type, domain, field, from])).toEqual([
      [0, 0, 'STEP', 1, undefined, undefined],
      [1, 1, 'WALK', 1, 'to', undefined],
      [2, 1, 'LETTER', 1, undefined, 0],
      [3, 1, 'LETTER', 1, undefined, 1],
    ]);
  });

  it('have names that say who does what', () => {
    const instance = instantiate(office);
    const names = eventsOf(instance).map((event) => eventName(instance, event, 1));
    expect(names).toEqual([
      'clerk0 STEP',
      'clerk1 STEP',
      'boss WALK to=1',
      'boss takes LETTER from clerk0',
      'boss takes LETTER from clerk1',
      'boss takes LETTER from boss',
    ]);
  });
});

describe('the state of a design', () => {
  it('is packed into few words: three pages and two vCPUs fit in 32 bytes', () => {
    expect(instantiate(rmapXchg, { vcpus: 2, pages: 3 }).state.byteLength).toBeLessThanOrEqual(32);
  });
});
