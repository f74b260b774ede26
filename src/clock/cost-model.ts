import type { Program } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import type { RandomStream } from './random-streams.ts';

/** A probability distribution of times. */
type RandomTime =
  | { readonly exponential: { readonly meanNs: number } }
  | { readonly uniform: { readonly fromNs: number; readonly toNs: number } }
  | { readonly lognormal: { readonly medianNs: number; readonly sigma: number } };

/** Cost of an action or a message: the sum of its parts. */
export interface TimeCost {
  readonly ns: number;
  /** a random part, drawn for each occurrence */
  readonly random?: RandomTime;
  /** surcharge if the last occurrence was at least `afterNs` ago, because caches are cold */
  readonly cold?: { readonly ns: number; readonly afterNs: number };
}

/** Costs by name. */
export interface CostTable {
  /** name of the table, for error messages */
  readonly name: string;
  /** by `machine.action`, which takes precedence, or `action` */
  readonly actions: Readonly<Record<string, TimeCost>>;
  /** actions that cost nothing */
  readonly free: readonly string[];
  /** by type of a posted message: time from send to arrival */
  readonly latencies: Readonly<Record<string, TimeCost>>;
  /** by type of a rendezvous message: time that an actor that waited for the message needs to wake up */
  readonly wakes: Readonly<Record<string, TimeCost>>;
  /** undefined if the table does not give it */
  readonly contextSwitch: TimeCost | undefined;
}

/** The random parts of the actions of a transition, and the sum of their constant parts. */
interface VariableCost {
  readonly ns: number;
  readonly random: readonly RandomTime[];
}

/** A surcharge for cold caches. */
interface ColdCost {
  readonly ns: number;
  readonly afterNs: number;
  /** last occurrence */
  lastNs: number;
}

/** Cost of a transition. */
export interface TransitionCost {
  /** constant part */
  readonly ns: number;
  /** true if there is no other part */
  readonly isConstant: boolean;
  /** constant and random part, if there is a random one */
  readonly variable: VariableCost | undefined;
  /** true if its event is a message that is taken within the sender's step */
  readonly isRendezvous: boolean;
  /** true if its event is a call within one thread */
  readonly isCall: boolean;
  /** time that an actor that waited for the event needs to wake up */
  readonly wakeNs: number;
  readonly cold: ColdCost | undefined;
  /** transitions with a cold surcharge in the prefix of a step that begins with this transition (`PrefixCosts`) */
  readonly coldPrefix: TransitionCost[];
}

/** Returns the surcharge of a transition for cold caches at a time. */
export function coldNs({ cold }: TransitionCost, atNs: number): number {
  return cold !== undefined && atNs - cold.lastNs >= cold.afterNs ? cold.ns : 0;
}

/** The cost model of one program: a `CostTable`, resolved for the flat transitions of the program. */
export class CostModel {
  /** by flat transition */
  readonly transitions: readonly TransitionCost[];
  /** by flat transition: constant part */
  readonly ns: Float64Array;
  /** by flat transition: constant cost of the prefix of a step that begins with it (`PrefixCosts`) */
  readonly prefixNs: Float64Array;
  /** by flat transition: 1 if a step that begins with it also has a random cost or a cold surcharge in its prefix */
  readonly isVariable: Uint8Array;
  /** undefined if the table does not give it */
  readonly contextSwitchNs: number | undefined;
  private readonly latencies: ReadonlyMap<string, VariableCost>;

  /**
   * @param random streams by actor
   * @throws PrecopyError `BAD_PROFILE` if the table lacks an action or a latency of the program
   */
  constructor(
    program: Program,
    table: CostTable,
    private readonly random: readonly RandomStream[],
  ) {
    const { flatTransitions, instance } = program;
    assertComplete(program, table);
    this.contextSwitchNs = table.contextSwitch?.ns;
    this.transitions = flatTransitions.map(({ actionNames, machine, event = '' }) => {
      const costs = actionNames.flatMap((action) => costOf(table, machine, action) ?? []);
      const random = costs.flatMap((cost) => cost.random ?? []);
      const ns = costs.reduce((sum, cost) => sum + cost.ns, 0);
      const [cold] = costs.flatMap((cost) => cost.cold ?? []);
      const message = instance.messages[event];
      const isRendezvous = message?.delivery === 'rendezvous';
      return {
        ns,
        isConstant: random.length === 0 && cold === undefined,
        variable: random.length > 0 ? { ns, random } : undefined,
        isRendezvous,
        isCall: message?.ordering === 'call',
        wakeNs: isRendezvous ? (table.wakes[event]?.ns ?? 0) : 0,
        cold: cold && { ...cold, lastNs: Number.NEGATIVE_INFINITY },
        coldPrefix: [],
      };
    });
    this.ns = Float64Array.from(this.transitions, ({ ns }) => ns);
    this.prefixNs = new Float64Array(flatTransitions.length);
    this.isVariable = Uint8Array.from(this.transitions, ({ variable }) => (variable === undefined ? 0 : 1));
    this.latencies = new Map(
      instance.actors.flatMap(({ mailbox }) =>
        Object.keys(mailbox).map((type) => {
          const { ns, random } = table.latencies[type] as TimeCost;
          return [type, { ns, random: random ? [random] : [] }] as const;
        }),
      ),
    );
  }

  /** Draws the cost of a transition that has a random part. */
  draw({ variable }: TransitionCost, actor: number): number {
    return this.drawAll(variable as VariableCost, actor);
  }

  /** Draws the time from the sending of a posted message to its arrival. */
  latencyNs(type: string, from: number): number {
    return this.drawAll(this.latencies.get(type) as VariableCost, from);
  }

  private drawAll({ ns, random }: VariableCost, actor: number): number {
    const stream = this.random[actor];
    return random.reduce((sum, one) => sum + drawFrom(one, stream), ns);
  }
}

function drawFrom(time: RandomTime, stream: RandomStream): number {
  if ('exponential' in time) return stream.exponential(time.exponential.meanNs);
  if ('uniform' in time) {
    const { fromNs, toNs } = time.uniform;
    return fromNs + (toNs - fromNs) * stream.fraction();
  }
  const { medianNs, sigma } = time.lognormal;
  return medianNs * Math.exp(sigma * stream.normal());
}

/**
 * Refuses a table without all costs of a program.
 * @throws PrecopyError `BAD_PROFILE` that names each action and message without a cost
 */
export function assertComplete({ flatTransitions, instance, design }: Program, table: CostTable): void {
  const free = new Set(table.free);
  const actions = flatTransitions.flatMap(({ actionNames, machine }) =>
    actionNames
      .filter((action) => !free.has(action) && costOf(table, machine, action) === undefined)
      .map((action) => `${machine}.${action}`),
  );
  const messages = instance.actors.flatMap(({ mailbox }) =>
    Object.keys(mailbox).filter((type) => table.latencies[type] === undefined),
  );
  const lacking = [
    ...listed('the action', 'the actions', actions),
    ...listed('the latency of the message', 'the latencies of the messages', messages),
  ];
  if (lacking.length === 0) return;
  throw new PrecopyError(
    'BAD_PROFILE',
    `profile ${table.name} lacks ${lacking.join(' and ')}, which ${design.id} has`,
    `add each with --cost '${actions[0] ?? messages[0]}=100ns', or in a profile of your own`,
  );
}

function listed(one: string, several: string, names: readonly string[]): string[] {
  const all = [...new Set(names)];
  return all.length === 0 ? [] : [`${all.length === 1 ? one : several} ${all.join(', ')}`];
}

const costOf = ({ actions }: CostTable, machine: string, action: string): TimeCost | undefined =>
  actions[`${machine}.${action}`] ?? actions[action];
