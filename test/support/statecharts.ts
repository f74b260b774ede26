import fc from 'fast-check';
import {
  and,
  counter,
  defineDesign,
  defineSystem,
  index,
  not,
  or,
  posted,
  rendezvous,
  shared,
} from '../../src/index.ts';
import type { Implementation } from '../../src/model/actor-definition.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import { type ConfigState, configTree, reachableStates } from '../../src/model/statechart-config.ts';

/** Maximum length of a chain of rendezvous messages. */
const hops = 2;

/** Three actors with a machine each, a little memory, and messages of every kind. */
const system = defineSystem({
  name: 'generated',
  memory: () => ({ m: shared({ c0: counter(3), c1: counter(3) }) }),
  messages: { ASK: rendezvous('x', 'hops'), TELL: rendezvous('hops'), POST: posted() },
  actors: { p0: 'one', p1: 'one', p2: 'one' },
});

/**
 * Actions of every kind: changes of memory and registers, loads of the event, sends of each kind to each neighbour.
 */
const actions: Record<string, Implementation> = {
  step0: ({ context: { m } }) => m.c0.set((m.c0.get() + 1) % 4),
  step1: ({ context: { m } }) => m.c1.set((m.c1.get() + 1) % 4),
  countUp: ({ context: { m } }) => m.c1.set(m.c1.get() + 1),
  stepMine: ({ context: { my } }) => {
    my.mine = (my.mine + 1) % 3;
  },
  notePayload: ({ context: { my }, event }) => {
    my.mine = 'x' in event ? event.x : 2;
  },
  askNext: (args) => sendOn(args, 'ASK', 1, { x: 1 }),
  askSelf: (args) => sendOn(args, 'ASK', 0, { x: 0 }),
  tellNext: (args) => sendOn(args, 'TELL', 1, {}),
  tellLast: (args) => sendOn(args, 'TELL', 2, {}),
  postNext: ({ context: { send, me } }) => send('POST', (me + 1) % 3),
  postSelf: ({ context: { send, me } }) => send('POST', me),
};

/**
 * Sends a rendezvous message, unless the chain is at its maximum: else two actors could answer each other for ever.
 */
// biome-ignore lint/suspicious/noExplicitAny: the arguments of an action of any actor
function sendOn({ context: { send, me }, event }: any, type: string, distance: number, fields: object): void {
  const left = 'hops' in event ? event.hops : hops;
  if (left > 0) send(type, (me + distance) % 3, { ...fields, hops: left - 1 });
}

const guards: Record<string, Implementation> = {
  c0IsOdd: ({ context: { m } }) => m.c0.get() % 2 === 1,
  c1IsLow: ({ context: { m } }) => m.c1.get() < 2,
  mineIsZero: ({ context: { my } }) => my.mine === 0,
  payloadIsOne: ({ event }) => 'x' in event && event.x === 1,
  fromFirst: ({ event }) => event.from === 0,
};

/** Guards by name and in combinations, or none. */
const anyGuard: fc.Arbitrary<unknown> = fc.option(
  fc.letrec((tie) => ({
    guard: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...Object.keys(guards)),
      fc.array(tie('guard'), { minLength: 1, maxLength: 2 }).map((all) => and(all as string[])),
      fc.array(tie('guard'), { minLength: 1, maxLength: 2 }).map((all) => or(all as string[])),
      tie('guard').map((one) => not(one as string)),
    ),
  })).guard,
  { nil: undefined, freq: 2 },
);

interface TransitionPlan {
  readonly to: 'nowhere' | 'sibling' | 'absolute' | 'parent' | 'child' | 'self';
  readonly pick: number;
  readonly reenter: boolean;
  readonly guard: unknown;
  readonly actions: readonly string[];
}

interface StatePlan {
  readonly final: boolean;
  readonly initial: number;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly on: Readonly<Record<string, readonly TransitionPlan[]>>;
  readonly always: readonly TransitionPlan[];
  readonly states: readonly StatePlan[];
}

const sharedActions = ['step0', 'step1', 'countUp'];
const quietActions = ['step0', 'step1', 'stepMine', 'notePayload', 'postNext', 'postSelf'];
const anyActions = (minLength = 0): fc.Arbitrary<string[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...quietActions) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(actions)) },
    ),
    { minLength, maxLength: 2 },
  );

const anyTransition = (...to: TransitionPlan['to'][]): fc.Arbitrary<TransitionPlan> =>
  fc.record({
    to: fc.constantFrom(...to),
    pick: fc.nat(20),
    reenter: fc.boolean(),
    guard: anyGuard,
    actions: anyActions(1),
  });

const anyCandidates = fc.array(anyTransition('nowhere', 'sibling', 'absolute', 'parent', 'child', 'self'), {
  minLength: 1,
  maxLength: 3,
});

/** Generates a state with up to `depth` levels of states inside. */
const anyState = (depth: number): fc.Arbitrary<StatePlan> =>
  fc.record({
    final: fc.boolean().map((final) => final && depth < 2),
    initial: fc.nat(5),
    entry: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: anyActions() }),
    exit: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: anyActions() }),
    on: fc.record(
      { E: anyCandidates, F: anyCandidates, ASK: anyCandidates, TELL: anyCandidates, POST: anyCandidates },
      { requiredKeys: ['ASK', 'TELL'] },
    ),
    always: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(anyTransition('sibling', 'absolute'), { minLength: 1, maxLength: 2 }),
      },
    ),
    states:
      depth === 0
        ? fc.constant([])
        : fc.oneof(fc.constant([]), fc.array(anyState(depth - 1), { minLength: 1, maxLength: 2 })),
  });

/** The statechart of a plan, with at most six states; further ones are dropped. */
interface Chart {
  readonly initial: string;
  readonly states: Record<string, object>;
}

interface Placed {
  readonly plan: StatePlan;
  readonly name: string;
  readonly path: string;
  readonly parent: Placed | undefined;
  readonly children: Placed[];
}

/** Names the states of a plan, at most six of them. */
function placeStates(plans: readonly StatePlan[]): { top: Placed[]; all: Placed[] } {
  const all: Placed[] = [];
  const place = (plan: StatePlan, parent: Placed | undefined): Placed[] => {
    if (all.length === 6) return [];
    const name = `s${all.length}`;
    const placed: Placed = { plan, name, path: parent ? `${parent.path}.${name}` : name, parent, children: [] };
    all.push(placed);
    placed.children.push(...plan.states.flatMap((inner) => place(inner, placed)));
    return [placed];
  };
  return { top: plans.flatMap((plan) => place(plan, undefined)), all };
}

const isFinal = ({ plan, children }: Placed): boolean => plan.final && children.length === 0;
const isAround = (outer: Placed, inner: Placed): boolean =>
  outer === inner || (inner.parent !== undefined && isAround(outer, inner.parent));

function chartOf(plans: readonly StatePlan[], initial: number): Chart {
  const { top, all } = placeStates(plans);
  const siblingsOf = ({ parent }: Placed): Placed[] => parent?.children ?? top;
  const pickFrom = <T>(list: readonly T[], pick: number): T => list[pick % list.length] as T;

  const target = (state: Placed, { to, pick }: TransitionPlan): string | undefined => {
    switch (to) {
      case 'nowhere':
        return undefined;
      case 'sibling':
        return pickFrom(siblingsOf(state), pick).name;
      case 'absolute':
        return `#m.${pickFrom(all, pick).path}`;
      case 'parent':
        return state.parent ? `#m.${state.parent.path}` : state.name;
      case 'child':
        return state.children.length > 0 ? `.${pickFrom(state.children, pick).name}` : undefined;
      case 'self':
        return state.name;
    }
  };
  /**
   * Eventless transitions that the compiler rejects: those that do not leave their state, or are where the machine
   * starts, or around final states.
   */
  const leadsAway = (state: Placed, plan: TransitionPlan): boolean => {
    const to = plan.to === 'sibling' ? pickFrom(siblingsOf(state), plan.pick) : pickFrom(all, plan.pick);
    return !isAround(state, to) && !isAround(to, state);
  };
  const mayHaveAlways = (state: Placed): boolean =>
    !starts(pickFrom(top, initial), state) && !all.some((one) => isFinal(one) && isAround(state, one));
  const starts = (start: Placed, state: Placed): boolean =>
    start === state || (start.children.length > 0 && starts(pickFrom(start.children, start.plan.initial), state));
  const transition = (state: Placed, plan: TransitionPlan): object => {
    const to = target(state, plan);
    return {
      ...(to !== undefined && { target: to }),
      ...(plan.guard !== undefined && { guard: plan.guard }),
      actions: plan.actions,
      reenter: plan.reenter,
      meta: { coarse: 'charts are compared here, whatever their steps access' },
    };
  };
  const node = (state: Placed): object => {
    const { plan, children } = state;
    // A start has no transition that could be coarse.
    const isStart = starts(pickFrom(top, initial), state);
    const entry = isStart ? plan.entry.filter((action) => !sharedActions.includes(action)) : plan.entry;
    if (isFinal(state)) return { type: 'final', entry };
    const on = Object.entries(plan.on).map(([event, candidates]) => [
      event,
      candidates.map((one) => transition(state, one)),
    ]);
    return {
      entry,
      exit: plan.exit,
      on: Object.fromEntries(on),
      always: mayHaveAlways(state)
        ? plan.always.filter((one) => leadsAway(state, one)).map((one) => transition(state, one))
        : [],
      ...(children.length > 0 && {
        initial: pickFrom(children, plan.initial).name,
        states: Object.fromEntries(children.map((child) => [child.name, node(child)])),
      }),
    };
  };
  const chart = {
    initial: pickFrom(top, initial).name,
    states: Object.fromEntries(top.map((state) => [state.name, node(state)])),
  };
  return { ...chart, states: statesWithWayIn(configTree({ id: 'm', ...chart })) };
}

/** Returns the states inside of a state without those that nothing leads to, which a machine must not have. */
function statesWithWayIn(state: ConfigState, reached = reachableStates(state)): Record<string, object> {
  const inside = [...state.children].filter(([, child]) => reached.has(child));
  return Object.fromEntries(
    inside.map(([name, child]) => [
      name,
      { ...child.config, ...(child.children.size > 0 && { states: statesWithWayIn(child, reached) }) },
    ]),
  );
}

function machineOf(chart: Chart): Machine {
  return system
    .actor({ events: { E: {}, F: { field: 'x', size: () => 2 } }, registers: () => ({ mine: index(3) }) })
    .setup({ actions, guards })
    .createMachine({
      id: 'm',
      ...chart,
    } as never) as unknown as Machine;
}

/** Generates a machine with two to six states on up to three levels. */
const anyMachine: fc.Arbitrary<Machine> = fc
  .tuple(fc.array(anyState(2), { minLength: 2, maxLength: 4 }), fc.nat(5))
  .map(([plans, initial]) => machineOf(chartOf(plans, initial)));

/** Generates a design of three actors, which prints as its statecharts. */
export const anyDesign: fc.Arbitrary<AnyDesign> = fc.tuple(anyMachine, anyMachine, anyMachine).map(([p0, p1, p2]) => {
  const machines = { p0, p1, p2 };
  const design = defineDesign({ id: 'generated', title: 'generated', system, machines, properties: [] });
  return Object.assign(design, { [fc.toStringMethod]: () => printed(machines) });
});

const printed = (machines: Readonly<Record<string, Machine>>): string =>
  JSON.stringify(
    Object.values(machines).map(({ config: { initial, states } }) => ({ initial, states })),
    (key, value) => {
      if (typeof value === 'function') return { [value.check.name]: value.guards };
      return Array.isArray(value) && value.length === 0 && key !== 'E' ? undefined : value;
    },
  );
