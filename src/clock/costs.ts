import type { Program } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Cost, Drawn, Profile } from './profile.ts';
import type { Random } from './random.ts';

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

/** The costs of a profile, by the arrows of one program. */
export class Costs {
  /** by arrow: its constant cost, or NaN where it has to be drawn */
  readonly ns: Float64Array;
  /** by arrow: whether it is for a message that is taken within the sender's step */
  readonly isRendezvous: Uint8Array;
  /** by arrow: whether it is for a call within one thread */
  readonly isCall: Uint8Array;
  /** what it takes a processor to go on with another thread; undefined where the profile does not say */
  readonly contextSwitchNs: number | undefined;
  /** by arrow: what it takes a waiting actor to go on with it */
  readonly wakeNs: Float64Array;
  private readonly variable = new Map<number, Variable>();
  private readonly latencies: ReadonlyMap<string, Variable>;

  /** @throws PrecopyError `BAD_PROFILE` naming what the profile lacks */
  constructor(
    program: Program,
    profile: Profile,
    private readonly random: readonly Random[],
  ) {
    const { arrows, instance } = program;
    const quantities = quantitiesOf(program.params);
    const free = new Set(profile.free.actions);
    this.ns = new Float64Array(arrows.length);
    this.isRendezvous = new Uint8Array(arrows.length);
    this.contextSwitchNs = profile.contextSwitch && constantOf(profile.contextSwitch, quantities);
    this.isCall = Uint8Array.from(arrows, ({ event = '' }) => (instance.messages[event]?.ordering === 'call' ? 1 : 0));
    this.wakeNs = new Float64Array(arrows.length);
    arrows.forEach(({ actionNames, machine, event = '' }, n) => {
      const found = actionNames.flatMap((action) => {
        const cost = profile.costs[`${machine}.${action}`] ?? profile.costs[action];
        if (cost === undefined && !free.has(action)) {
          throw lacks(profile, `the action '${action}' of the machine '${machine}'`, program, action);
        }
        return cost === undefined ? [] : [cost];
      });
      const drawn = found.flatMap((cost) => cost.drawn ?? []);
      const ns = found.reduce((sum, cost) => sum + constantOf(cost, quantities), 0);
      this.ns[n] = drawn.length > 0 ? Number.NaN : ns;
      if (drawn.length > 0) this.variable.set(n, { ns, drawn });
      if (instance.messages[event]?.delivery === 'rendezvous') {
        this.isRendezvous[n] = 1;
        const wake = profile.wakes[event];
        if (wake) this.wakeNs[n] = constantOf(wake, quantities);
      }
    });
    this.latencies = new Map(
      instance.actors.flatMap(({ mailbox }) =>
        Object.keys(mailbox).map((type) => {
          const cost = profile.latencies[type];
          if (cost === undefined) throw lacks(profile, `the latency of the message '${type}'`, program, type);
          return [type, { ns: constantOf(cost, quantities), drawn: cost.drawn ? [cost.drawn] : [] }] as const;
        }),
      ),
    );
  }

  /** What an arrow costs, as far as that is constant. */
  constantNs(arrow: number): number {
    return this.variable.get(arrow)?.ns ?? (this.ns[arrow] as number);
  }

  /** A cost that differs each time. */
  draw(arrow: number, actor: number): number {
    return this.drawAll(this.variable.get(arrow) as Variable, actor);
  }

  /** From the sending of a posted message to its arrival. */
  latencyNs(type: string, from: number): number {
    return this.drawAll(this.latencies.get(type) as Variable, from);
  }

  private drawAll({ ns, drawn }: Variable, actor: number): number {
    const random = this.random[actor] as Random;
    return drawn.reduce((sum, one) => sum + drawOne(one, random), ns);
  }
}

function drawOne(drawn: Drawn, random: Random): number {
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
