import {
  type AnyDesign,
  asStore,
  bitmap,
  counter,
  defineDesign,
  defineSystem,
  ghost,
  owned,
  type Property,
  posted,
  queue,
  rendezvous,
  shared,
} from 'precopy';
import type { Implementation } from '../../src/model/actor-definition.ts';

const system = defineSystem({
  name: 'rules',
  memory: () => ({
    v: shared({ n: counter(3), map: bitmap(4) }),
    mine: owned({ x: counter(3), map: bitmap(4) }),
    past: ghost({ seen: counter(3), map: bitmap(4) }),
  }),
  messages: { ASK: rendezvous(), TELL: posted(), LATER: asStore(rendezvous()) },
  actors: { thread: () => 2, server: 'one' },
  tags: ['done'],
});

/** What may break a rule, and a thread that does so in its second step. */
export interface Parts {
  /** replaces `act`, the action of the second step */
  readonly act?: Implementation;
  readonly actions?: readonly string[];
  readonly guard?: Implementation;
  /** entry action of the state behind it, an eventless transition, and its guard */
  readonly entry?: Implementation;
  readonly always?: Implementation;
  /** entry actions of the first states: they run when the system starts */
  readonly starts?: Implementation;
  readonly serverStarts?: Implementation;
  /** the action of the server for `ASK` and `LATER` */
  readonly serve?: Implementation;
  /** ghost update of `act` */
  readonly ghost?: Implementation;
  readonly coarse?: string;
  readonly properties?: (build: typeof system.properties) => readonly Property[];
  readonly memoryModel?: 'tso';
}

const writes = ({ n }: { readonly n: { set(value: number): void } }): boolean => void n.set(1) === undefined;
const nothing: Implementation = () => undefined;

/** Two threads take a first step, then a second one; a server takes what they send. */
export function threadsAndServer(parts: Parts): AnyDesign {
  const { act = nothing, guard = () => true, entry = nothing, always, serve = nothing, ghost: update } = parts;
  const { starts = nothing, serverStarts = nothing } = parts;
  const thread = system.actor({
    events: { STEP: {} },
    registers: () => ({ r: counter(3), bits: bitmap(4), log: queue(2, 4) }),
  });
  const machine = thread
    .use(
      thread.implement({
        actions: { start: starts, begin: nothing, act, enter: entry },
        guards: { may: guard, goesOn: always ?? (() => false) },
        ...(update && { ghost: { act: update } }),
      }),
    )
    .createMachine({
      id: 'thread',
      initial: 'first',
      states: {
        first: { entry: 'start', on: { STEP: { actions: 'begin', target: 'second' } } },
        second: {
          on: {
            STEP: {
              guard: 'may',
              actions: 'act',
              target: 'third',
              ...(parts.coarse !== undefined && { meta: { coarse: parts.coarse } }),
            },
          },
        },
        third: { entry: 'enter', always: { guard: 'goesOn', target: 'done' }, on: { STEP: 'done' } },
        done: { type: 'final', tags: ['done'] },
      },
    });
  const server = system
    .actor({ events: {} })
    .setup({ actions: { start: serverStarts, serve } })
    .createMachine({
      id: 'server',
      initial: 'idle',
      states: {
        idle: {
          entry: 'start',
          on: { ASK: { actions: 'serve' }, LATER: { actions: 'serve' }, TELL: { actions: 'serve' } },
        },
      },
    });
  return defineDesign({
    id: 'rules',
    title: 'two threads and a server',
    system,
    machines: { thread: machine, server },
    properties: parts.properties?.(system.properties) ?? [
      system.properties.always({ id: 'anything', description: 'anything may be' }, () => true),
    ],
    ...(parts.memoryModel && { memoryModel: parts.memoryModel }),
  }) as AnyDesign;
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of an action of the thread
type Args = any;

const twice = /thread0 STEP in 'second' accesses shared memory twice: (.*); take several steps/;
const race =
  /mine\.\w+ is owned memory, and two actors can access it here: thread0 in 'second' .* and thread1 in 'second'/;

/** Designs with a step that is not well-formed, and what is said of it. */
export const malformed: Readonly<Record<string, readonly [parts: Parts, text: RegExp]>> = {
  'a load and a store in one action': [{ act: ({ context: { v } }: Args) => v.n.set(v.n.get()) }, twice],
  'two operations of a bitmap': [
    {
      act: ({ context: { v } }: Args) => {
        v.map.set(0);
        v.map.clear(1);
      },
    },
    twice,
  ],
  'a guard that loads and an action that stores': [
    { guard: ({ context: { v } }: Args) => v.n.get() === 0, act: ({ context: { v } }: Args) => v.map.set(0) },
    twice,
  ],
  'an action and an entry action': [
    { act: ({ context: { v } }: Args) => v.n.set(1), entry: ({ context: { v } }: Args) => v.n.set(2) },
    twice,
  ],
  'an action and an eventless guard': [
    { act: ({ context: { v } }: Args) => v.n.set(1), always: ({ context: { v } }: Args) => v.n.get() > 1 },
    twice,
  ],
  'an action, and the receiver of its message': [
    {
      act: ({ context: { v, send, actors } }: Args) => {
        v.n.set(1);
        send('ASK', actors.server);
      },
      serve: ({ context: { v } }: Args) => v.n.set(2),
    },
    /twice: v\.n\.set, server: v\.n\.set/,
  ],
  'shared memory as the operand of a register': [
    {
      act: ({ context: { v, my } }: Args) => {
        v.n.set(1);
        my.bits.orFrom(v.map);
      },
    },
    /twice: v\.n\.set, v\.map\.orFrom/,
  ],
  'two shared bitmaps in one operation': [{ act: ({ context: { v } }: Args) => v.map.orFrom(v.map) }, twice],
  'a raw value of a bitmap': [{ act: ({ context: { v } }: Args) => v.map.all + v.n.get() }, twice],
  'a text of a cell': [{ act: ({ context: { v } }: Args) => v.map.show() + v.n.show() }, twice],
  'owned memory that both threads write': [{ act: ({ context: { mine } }: Args) => mine.x.set(1) }, race],
  'owned memory that one thread reads, and the other writes': [
    { act: ({ context: { mine, nth } }: Args) => (nth === 0 ? mine.x.set(1) : void mine.x.get()) },
    race,
  ],
  'owned memory that guards read which refuse, while another writes': [
    {
      guard: ({ context: { mine, nth } }: Args) => nth === 0 || mine.x.get() === 1,
      act: ({ context: { mine, nth } }: Args) => nth === 0 && mine.x.set(1),
    },
    race,
  ],
  'owned memory as the operand of a register': [
    { act: ({ context: { mine, my } }: Args) => my.bits.xchgWord(0, mine.map) },
    race,
  ],
};

const guardThat = (guard: Implementation): Parts => ({ guard: (args: Args) => guard(args) !== 7 });
const updateThat = (ghost: Implementation): Parts => ({ ghost });
const actionThat = (act: Implementation): Parts => ({ act });
const propertyThat = (look: (view: Args) => unknown): Parts => ({
  properties: ({ always }) => [always({ id: 'looks', description: 'it looks' }, (view) => look(view) !== 7)],
});

/** Designs with a function that does what it may not, and what is said of it. */
export const refused: Readonly<Record<string, readonly [parts: Parts, text: RegExp]>> = {
  'a guard that writes shared memory': [
    guardThat(({ context: { v } }) => v.n.set(1)),
    /machine 'thread': the guard 'may' writes v\.n \(set\)/,
  ],
  'a guard that writes owned memory': [
    guardThat(({ context: { mine } }) => mine.map.testAndSet(1)),
    /'may' writes mine\.map/,
  ],
  'a guard that writes a register': [
    guardThat(({ context: { my } }) => {
      my.r = 1;
    }),
    /'may' writes thread0\.r \(set\)/,
  ],
  'a guard that pushes to a register': [
    guardThat(({ context: { my } }) => my.log.push(1)),
    /'may' writes thread0\.log/,
  ],
  'a guard that loads a word into a register': [
    guardThat(({ context: { v, my } }) => v.map.loadWord(0, my.bits)),
    /'may' writes thread0\.bits \(loadWord\)/,
  ],
  'a guard that resets a cell': [guardThat(({ context: { v } }) => v.n.reset()), /'may' writes v\.n \(reset\)/],
  'a guard that sends': [guardThat(({ context: { send, actors } }) => send('TELL', actors.server)), /'may' sends TELL/],
  'a guard that is a barrier': [guardThat(({ context: { barrier } }) => barrier()), /'may' calls barrier\(\)/],
  'a guard that reads a ghost': [
    guardThat(({ context: { past } }) => past.seen.get()),
    /'may' reads past\.seen \(get\)/,
  ],
  'an eventless guard that writes': [
    { always: ({ context: { v } }: Args) => void v.n.set(1) === undefined },
    /'goesOn' writes v\.n \(set\)/,
  ],
  'an action that reads a ghost': [
    actionThat(({ context: { past, my } }) => {
      my.r = past.seen.get();
    }),
    /machine 'thread': the action 'act' reads past\.seen \(get\)/,
  ],
  'an action that copies a ghost': [
    actionThat(({ context: { past, my } }) => my.bits.copyFrom(past.map)),
    /'act' reads past\.map \(copyFrom\)/,
  ],
  'an action that tests and sets a ghost': [
    actionThat(({ context: { past } }) => past.map.testAndSet(0)),
    /'act' reads past\.map \(testAndSet\)/,
  ],
  'a ghost update that writes shared memory': [
    updateThat(({ context: { v } }) => v.n.set(1)),
    /'act' writes v\.n \(set\)/,
  ],
  'a ghost update that writes a register': [
    updateThat(({ context: { my } }) => {
      my.r = 1;
    }),
    /'act' writes thread0\.r/,
  ],
  'a ghost update that sends': [updateThat(({ context: { send } }) => send('TELL', 2)), /'act' sends TELL/],
};

/** Designs with a property that does what it may not, and what is said of it. */
export const refusedProperties: Readonly<Record<string, readonly [parts: Parts, text: RegExp]>> = {
  'an invariant that writes': [propertyThat(({ v }) => v.n.set(1)), /the property 'looks' writes v\.n \(set\)/],
  'an invariant that loads a word into a cell': [
    propertyThat(({ v, past }) => v.map.loadWord(0, past.map)),
    /the property 'looks' writes past\.map \(loadWord\)/,
  ],
  'an invariant that resets a cell': [propertyThat(({ mine }) => mine.x.reset()), /writes mine\.x \(reset\)/],
};

/** Parts of properties that only some engines evaluate. */
export const refusedElsewhere: Readonly<Record<'cover' | 'leadsTo' | 'when' | 'end', Parts>> = {
  cover: {
    properties: ({ reachable }) => [reachable({ id: 'looks', description: 'it looks' }, ({ v }) => writes(v))],
  },
  leadsTo: {
    properties: ({ leadsTo }) => [
      leadsTo(
        { id: 'looks', description: 'it looks' },
        ({ v }) => writes(v),
        () => true,
      ),
    ],
  },
  when: {
    properties: ({ leadsTo }) => [
      leadsTo(
        { id: 'looks', description: 'it looks', strongly: [{ event: 'STEP', when: ({ v }) => writes(v) }] },
        () => true,
        () => true,
      ),
    ],
  },
  end: {
    properties: ({ noDeadlock }) => [noDeadlock({ id: 'looks', description: 'it looks' }, ({ v }) => writes(v))],
  },
};

/** Designs that keep the rules. */
export const wellFormed: Readonly<Record<string, Parts>> = {
  'an access that gives its reason': {
    act: ({ context: { v } }: Args) => v.n.set(v.n.get()),
    coarse: 'nobody else accesses it',
  },
  'an access in each step': { act: ({ context: { v } }: Args) => v.n.set(1) },
  'an access as an actor starts, and one as it gets the first message': {
    starts: ({ context: { send, actors, nth } }: Args) => {
      if (nth === 0) send('ASK', actors.server);
    },
    serverStarts: ({ context: { v } }: Args) => v.n.set(1),
    serve: ({ context: { v } }: Args) => v.n.set(2),
  },
  'registers, as often as one likes': {
    act: ({ context: { v, my } }: Args) => {
      my.r = v.n.get();
      my.r = (my.r + 1) % 4;
      my.bits.set(my.r);
    },
  },
  'owned memory of a server that two threads ask': {
    act: ({ context: { send, actors } }: Args) => send('ASK', actors.server),
    serve: ({ context: { mine } }: Args) => mine.x.set((mine.x.get() + 1) % 4),
  },
  'owned memory that all read': { act: ({ context: { mine } }: Args) => void mine.x.get() },
  'a ghost update that reads a ghost': {
    ghost: ({ context: { past } }: Args) => past.seen.set((past.seen.get() + 1) % 4),
  },
  'an action that writes a ghost': { act: ({ context: { past, nth } }: Args) => past.map.set(nth) },
};
