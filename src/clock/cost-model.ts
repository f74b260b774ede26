import type { Program } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Cost, Drawn, Profile } from './cost-profile.ts';
import type { RandomStream } from './random-streams.ts';

/** How many bytes, words and so on a cost may be charged by. */
interface Quantities {
  readonly pages: number;
  readonly words: number;
  readonly shadowPages: number;
  readonly bytes: number;
}

/** A cost that is drawn, at least in part. */
interface Variable {
  readonly ns: number;
  readonly drawn: readonly Drawn[];
}

/** What is paid more where it was not paid for so long. */
interface Cold {
  readonly ns: number;
  readonly afterNs: number;
  /** when it was paid last */
  lastNs: number;
}

/** What the clock has to know of an arrow. */
export interface TransitionCost {
  /** what it costs, as far as that is constant */
  readonly ns: number;
  /** whether that is all */
  readonly isConstant: boolean;
  /** what is drawn each time, with the constant part */
  readonly variable: Variable | undefined;
  /** whether it is for a message that is taken within the sender's step */
  readonly isRendezvous: boolean;
  /** whether it is for a call within one thread */
  readonly isCall: boolean;
  /** what it takes a waiting actor to go on with it */
  readonly wakeNs: number;
  /** what it costs more after a pause, and the arrows in its lead of which that is so, too */
  readonly cold: Cold | undefined;
  readonly coldPrefix: TransitionCost[];
}

/** What an arrow costs more at a time because it was not taken for long. */
export function coldNs({ cold }: TransitionCost, atNs: number): number {
  return cold !== undefined && atNs - cold.lastNs >= cold.afterNs ? cold.ns : 0;
}

/** The costs of a profile, by the arrows of one program. */
export class CostModel {
  /** by the number of the arrow */
  readonly arrows: readonly TransitionCost[];
  /** what they cost, as far as that is constant, and what the same thread pays beside it before a step that begins so is seen (`Leads`) */
  readonly ns: Float64Array;
  readonly leadNs: Float64Array;
  /** 1 where there is more to the beginning of a step than these two: something drawn, or cold */
  readonly isVariable: Uint8Array;
  /** what it takes a processor to go on with another thread; undefined where the profile does not say */
  readonly contextSwitchNs: number | undefined;
  private readonly latencies: ReadonlyMap<string, Variable>;

  /** @throws PrecopyError `BAD_PROFILE` naming what the profile lacks */
  constructor(
    program: Program,
    profile: Profile,
    private readonly random: readonly RandomStream[],
  ) {
    const { arrows, instance } = program;
    const quantities = quantitiesOf(program.params);
    const free = new Set(profile.free.actions);
    this.contextSwitchNs = profile.contextSwitch && constantOf(profile.contextSwitch, quantities);
    this.arrows = arrows.map(({ actionNames, machine, event = '' }) => {
      const found = actionNames.flatMap((action) => {
        const cost = profile.costs[`${machine}.${action}`] ?? profile.costs[action];
        if (cost === undefined && !free.has(action)) {
          throw lacks(profile, `the action '${action}' of the machine '${machine}'`, program, action);
        }
        return cost === undefined ? [] : [cost];
      });
      const drawn = found.flatMap((cost) => cost.distribution ?? []);
      const ns = found.reduce((sum, cost) => sum + constantOf(cost, quantities), 0);
      const [cold] = found.flatMap((cost) => cost.cold ?? []);
      const message = instance.messages[event];
      const isRendezvous = message?.delivery === 'rendezvous';
      const wake = isRendezvous ? profile.wakes[event] : undefined;
      return {
        ns,
        isConstant: drawn.length === 0 && cold === undefined,
        variable: drawn.length > 0 ? { ns, drawn } : undefined,
        isRendezvous,
        isCall: message?.ordering === 'call',
        wakeNs: wake ? constantOf(wake, quantities) : 0,
        cold: cold && { ...cold, lastNs: Number.NEGATIVE_INFINITY },
        coldPrefix: [],
      };
    });
    this.ns = Float64Array.from(this.arrows, ({ ns }) => ns);
    this.leadNs = new Float64Array(arrows.length);
    this.isVariable = Uint8Array.from(this.arrows, ({ variable }) => (variable === undefined ? 0 : 1));
    this.latencies = new Map(
      instance.actors.flatMap(({ mailbox }) =>
        Object.keys(mailbox).map((type) => {
          const cost = profile.latencies[type];
          if (cost === undefined) throw lacks(profile, `the latency of the message '${type}'`, program, type);
          return [
            type,
            { ns: constantOf(cost, quantities), drawn: cost.distribution ? [cost.distribution] : [] },
          ] as const;
        }),
      ),
    );
  }

  /** A cost that differs each time. */
  draw({ variable }: TransitionCost, actor: number): number {
    return this.drawAll(variable as Variable, actor);
  }

  /** From the sending of a posted message to its arrival. */
  latencyNs(type: string, from: number): number {
    return this.drawAll(this.latencies.get(type) as Variable, from);
  }

  private drawAll({ ns, drawn }: Variable, actor: number): number {
    const random = this.random[actor];
    return drawn.reduce((sum, one) => sum + drawOne(one, random), ns);
  }
}

function drawOne(drawn: Drawn, random: RandomStream): number {
  if ('exponential' in drawn) return random.exponential(drawn.exponential.meanNs);
  if ('uniform' in drawn) {
    const { fromNs, toNs } = drawn.uniform;
    return fromNs + (toNs - fromNs) * random.fraction();
  }
  const { medianNs, sigma } = drawn.lognormal;
  return medianNs * Math.exp(sigma * random.normal());
}

function constantOf(cost: Cost, { pages, words, shadowPages, bytes }: Quantities): number {
  const { ns = 0, perPageNs = 0, perWordNs = 0, perShadowPageNs = 0, perByteNs = 0 } = cost;
  return ns + perPageNs * pages + perWordNs * words + perShadowPageNs * shadowPages + perByteNs * bytes;
}

function quantitiesOf(params: Readonly<Record<string, number>>): Quantities {
  const { pages = 0, bitsPerWord = 32 } = params;
  return {
    pages,
    words: Math.ceil(pages / bitsPerWord),
    shadowPages: Math.ceil(pages / 512),
    bytes: Math.ceil(pages / 8),
  };
}

function lacks(profile: Profile, what: string, { design }: Program, name: string): PrecopyError {
  return new PrecopyError(
    'BAD_PROFILE',
    `profile ${profile.name} lacks ${what}, which ${design.id} has`,
    `give it with --cost '${name}=100ns', or in a profile of your own`,
  );
}
