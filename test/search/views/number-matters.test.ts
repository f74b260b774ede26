import {
  type AnyDesign,
  actorQueue,
  actorSet,
  bitmap,
  compile,
  counter,
  defineDesign,
  defineSystem,
  rendezvous,
  runEngine,
  shared,
} from 'precopy';
import { expect, it } from 'vitest';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';

/** Guests arrive at a desk, one by one. What it does may be right for four of them, and wrong from the fifth on. */
const system = defineSystem({
  name: 'arriving',
  params: {
    guests: { default: 2, min: 1, max: 24, description: 'number of guests' },
    short: { default: 0, min: 0, max: 1, description: '1: the line holds four' },
  },
  memory: ({ guests }) => ({ all: shared({ here: bitmap(guests) }) }),
  messages: { ARRIVE: rendezvous() },
  actors: { guest: ({ guests }) => guests, desk: 'one' },
  tags: ['wrong'],
  symmetry: {
    role: 'guest',
    perProcess: ['all.here'],
    processSets: ['desk.set'],
    processIds: { 'desk.line': () => true },
    payloads: [],
  },
});

const deskOf = (arrive: keyof typeof arrivals, isWrong: keyof typeof mistakes) =>
  desk.createMachine({
    id: 'desk',
    initial: 'open',
    states: {
      open: { on: { ARRIVE: [{ guard: isWrong, target: 'wrong' }, { actions: arrive }] } },
      wrong: { tags: ['wrong'], on: { ARRIVE: { actions: 'nothing' } } },
    },
  });

const builder = system.actor({
  events: {},
  registers: ({ guests, short }) => ({
    line: actorQueue(short === 1 ? 4 : guests, guests),
    set: actorSet(guests),
    arrived: counter(9),
  }),
});
type Setup = Parameters<typeof builder.setup>[0];
type Actions = NonNullable<Setup['actions']>;
type Guards = NonNullable<Setup['guards']>;

const arrivals = {
  nothing: () => undefined,
  join: ({ context: { my }, event }) => my.set.set((event as { from: number }).from),
  queue: ({ context: { my }, event }) => my.line.push((event as { from: number }).from),
  count: ({ context: { my } }) => {
    my.arrived++;
  },
} satisfies Actions;

const mistakes = {
  never: () => false,
  manyParams: ({ context: { params } }) => params.guests >= 5,
  manyActors: ({ context: { actors } }) => actors.guest.length >= 5,
  manyInSet: ({ context: { my } }) => my.set.count() >= 5,
  manyInLine: ({ context: { my } }) => my.line.count() >= 5,
  fifthInLine: ({ context: { my } }) => !my.line.isEmpty() && my.line.at(0) === 4,
  isFifth: ({ event }) => (event as { from: number }).from === 4,
  isAfterFourth: ({ event }) => (event as { from: number }).from >= 4,
  manyRounds: ({ context: { actors } }) => {
    let rounds = 0;
    for (const _ of actors.guest) rounds++;
    return rounds >= 5;
  },
  countedFive: ({ context: { my } }) => my.arrived === 5,
} satisfies Guards;

const desk = builder.setup({ actions: arrivals, guards: mistakes });

const guest = system
  .actor({ events: { STEP: {} } })
  .setup({ actions: { arrive: ({ context: { send, actors } }) => send('ARRIVE', actors.desk) } })
  .createMachine({
    id: 'guest',
    initial: 'away',
    states: { away: { on: { STEP: { actions: 'arrive', target: 'here' } } }, here: {} },
  });

const designOf = (...how: Parameters<typeof deskOf>): AnyDesign =>
  defineDesign({
    id: 'arriving',
    title: 'guests arrive',
    system,
    machines: { guest, desk: deskOf(...how) },
    properties: [
      system.properties.never({ id: 'right', description: 'nothing goes wrong' }, ({ is }) => is.wrong.count() > 0),
    ],
  });

const prove = (design: AnyDesign) => runEngine(proveForAnyNumber(compile(design)));

it.each(['nothing', 'join', 'queue'] as const)('proves that nothing goes wrong for any number who %s', (arrive) => {
  expect(prove(designOf(arrive, 'never')).verdict).toBe('holds');
});

it.each([
  ['nothing', 'manyParams', /params\.guests/],
  ['nothing', 'manyActors', /actors\.guest\.length/],
  ['join', 'manyInSet', /desk\.set\.count/],
  ['queue', 'manyInLine', /desk\.line\.count/],
  ['queue', 'fifthInLine', /desk\.line\.at/],
  ['nothing', 'isFifth', /where there are/],
  ['nothing', 'isAfterFourth', /where there are/],
  ['nothing', 'manyRounds', /where there are/],
] as const)('refuses a desk that does %s and is wrong where %s', (arrive, isWrong, reason) => {
  expect(() => prove(designOf(arrive, isWrong))).toThrow(reason);
});

it('refuses a line that is too short for the fifth', () => {
  const program = compile(designOf('queue', 'never'), { short: 1 });
  expect(() => runEngine(proveForAnyNumber(program))).toThrow(/desk\.line/);
});

it('does not prove what a counter of guests decides', () => {
  const { verdict, anyNumber } = prove(designOf('count', 'countedFive'));
  expect(verdict).toBe('inconclusive');
  expect(anyNumber?.notProved).toContain('right');
});
