import { bitsOfAll } from '../../cache/access-sets.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import { evaluateObserved, type PropertyQuery } from '../../cache/property-evaluation.ts';
import { StepOutcome } from '../../compile/program.ts';
import { calmest } from './calm-crowds.ts';
import { coverOf, crowdSets } from './crowd-sets.ts';
import type { ProcessFamily } from './process-family.ts';
import { Projection } from './projection.ts';
import { refuse } from './refusal.ts';
import { SizedProgram } from './sized-program.ts';
import { SizedSteps } from './sized-steps.ts';
import type { ViewLayout } from './view-layout.ts';
import type { ViewGroup, ViewSet } from './view-set.ts';

const noStep = { actor: -1, actions: [], payload: 0 };

/** What a crowd shows. */
export interface CrowdResults {
  /** takes an effect in a state; what it does to slots from one on, and before another one, is to be known */
  take(projection: Projection, state: Int32Array, effect: Effect, from: number, to: number): void;
  /** takes a state that may be a deadlock */
  stuckIn(steps: SizedSteps, state: Int32Array): void;
  /** takes an invariant that is violated */
  violated(property: string): void;
}

/** A choice, or an invariant, and what it was seen to read of processes other than its own. It grows. */
interface Watcher {
  readonly mask: Int32Array;
  /** by group: the blocks that were looked at, and the mask then */
  readonly done: Map<ViewGroup, string>;
}

/** A state of a crowd. */
interface CrowdState {
  /** it is written again for the next crowd */
  readonly state: Int32Array;
  readonly crowd: readonly Int32Array[];
  /** number of slots before twins */
  readonly different: number;
  /** types of the crowd, and a slot where one of them may stand */
  readonly slotOfType: ReadonlyMap<string, number>;
}

interface Query extends PropertyQuery {
  readonly id: string;
}

/**
 * Steps, and invariants, beside *crowds*: many processes of all sorts at once. Small companies show what one or two
 * unseen processes make a step do. A step that waits until there are three or more of different sorts does nothing
 * beside them. It is taken beside each set of types that it may tell apart, with twins up to a number that all fit in.
 */
export class Crowds {
  private readonly steps: SizedSteps;
  private readonly choices: readonly number[];
  private readonly events: Int32Array;
  private readonly queries: readonly Query[];
  /** by group: the blocks, and the whole, that can move whatever the others are */
  private readonly free = new Map<ViewGroup, Set<number>>();
  private readonly watchers = new Map<number | string, Watcher>();

  private readonly slots: number;
  /** whether there are never more processes than in these crowds */
  private readonly isLargest: boolean;

  constructor(
    family: ProcessFamily,
    private readonly layout: ViewLayout,
  ) {
    const most = family.max - family.base;
    const slots = Math.min(most, maxSlots);
    this.slots = slots;
    this.isLargest = slots === most;
    const sized = new SizedProgram(family, slots);
    this.steps = new SizedSteps(new Projection(sized, layout));
    const { choiceIds } = sized.effects;
    this.choices = Array.from({ length: choiceIds.count }, (_, choice) => choice).filter((choice) =>
      [0, -1].includes(sized.slotOfChoice(choice)),
    );
    const { program, instrumented } = sized;
    this.events = new Int32Array(program.events.length + 1);
    this.queries = instrumented.program.properties.flatMap((one, property) =>
      one.kind === 'invariant'
        ? [{ property, holds: one.holds, isCover: false, id: program.properties[property].id }]
        : [],
    );
  }

  get bytes(): number {
    return this.steps.projection.sized.effects.bytes;
  }

  /** Looks at the crowds of a group. Does nothing where nothing is new. */
  explore(group: ViewGroup, views: ViewSet, results: CrowdResults): void {
    const { slots } = this;
    const { projection } = this.steps;
    const { sized } = projection;
    const whole = Int32Array.from(views.wholes.tuple(group.whole));
    const blockOf = new Map(group.blocks.map((id) => [id, Int32Array.from(views.blocks.tuple(id))]));
    const blocks = [...blockOf.values()];
    const free = this.free.get(group) ?? new Set();
    this.free.set(group, free);
    for (const choice of this.choices) {
      const isOfOne = sized.slotOfChoice(choice) === 0;
      const firsts = isOfOne ? group.blocks : [wholeItself];
      const reads = new Int32Array(this.layout.blockWords);
      this.watch(choice, group, blocks, (types) => {
        const seen = new Set<string>();
        for (const first of firsts) {
          for (const beside of this.statesOf(whole, blockOf.get(first), types)) {
            const { state, different } = beside;
            if (!this.isEnabled(choice, state)) break;
            const [effect, index] = this.steps.effectOf(choice, state);
            reads.fill(0);
            for (let slot = isOfOne ? 1 : 0; slot < slots; slot++) projection.maskOfBlock(effect.bitsRead, slot, reads);
            if (this.grows(choice, reads)) return;
            // Whether a queue is empty depends on the others, too.
            const readsOthers = reads.some((bits) => bits !== 0) || this.steps.useOf(effect, index).readsIds;
            if (effect.outcome !== StepOutcome.refused && !readsOthers) free.add(first);
            results.take(projection, state, effect, 0, different);
            if (effect.outcome !== StepOutcome.taken) continue;
            for (const [type, slot] of beside.slotOfType) {
              const key = `${index} ${slot} ${type}`;
              if (seen.has(key)) continue;
              seen.add(key);
              const alike = blocks.filter((block) => this.typeOf(choice, block) === type);
              this.takeBeside(choice, whole, beside, slot, alike, results);
            }
          }
        }
      });
    }
    const still = free.has(wholeItself) ? [] : [...blockOf].flatMap(([id, block]) => (free.has(id) ? [] : [block]));
    for (const choice of this.choices)
      this.grows('stuck', this.watchers.get(choice)?.mask ?? this.layout.idBitsOfBlock);
    this.watch('stuck', group, still, (types) => {
      for (const { state, crowd } of this.statesOf(whole, undefined, types)) {
        results.stuckIn(this.steps, state);
        const orders = ordersOf(projection.queuePlaces(crowd));
        const calm = calmest(this.steps, whole, crowd, orders[0], (member) => {
          const type = this.typeOf('stuck', member);
          return still.filter((block) => this.typeOf('stuck', block) === type);
        });
        for (const order of orders) if (projection.build(whole, calm, order, state)) results.stuckIn(this.steps, state);
      }
    });
    for (const query of this.queries) {
      const reads = new Int32Array(this.layout.blockWords);
      this.watch(query.id, group, blocks, (types) => {
        for (const { state } of this.statesOf(whole, undefined, types)) {
          const { value, read } = evaluateObserved(query, sized.instrumented, state, noStep);
          const bits = bitsOfAll(read, state.length);
          reads.fill(0);
          for (let slot = 0; slot < slots; slot++) projection.maskOfBlock(bits, slot, reads);
          if (this.grows(query.id, reads)) return;
          if (!value) results.violated(query.id);
        }
      });
    }
  }

  /** Takes a choice in a crowd once for each of some blocks that stands in a slot of it: what becomes of that one. */
  private takeBeside(
    choice: number,
    whole: Int32Array,
    { crowd }: CrowdState,
    slot: number,
    blocks: readonly Int32Array[],
    results: CrowdResults,
  ): void {
    const { projection } = this.steps;
    const state = new Int32Array(projection.sized.words);
    for (const block of blocks) {
      const others = crowd.with(slot, block);
      for (const order of ordersOf(projection.queuePlaces(others))) {
        if (!projection.build(whole, others, order, state)) continue;
        const [effect] = this.steps.effectOf(choice, state);
        results.take(projection, state, effect, slot, slot + 1);
      }
    }
  }

  /** Calls a function with the types of blocks that a watcher tells apart, until it has seen all that it reads. */
  private watch(
    name: number | string,
    group: ViewGroup,
    blocks: readonly Int32Array[],
    look: (types: ReadonlyMap<string, Int32Array>) => void,
  ): void {
    const watcher = this.watcherOf(name);
    for (;;) {
      const key = `${blocks.length} ${watcher.mask.join()}`;
      if (watcher.done.get(group) === key) return;
      watcher.done.set(group, key);
      const types = new Map<string, Int32Array>();
      for (const block of blocks) {
        const type = this.typeOf(name, block);
        if (!types.has(type)) types.set(type, block);
      }
      look(types);
    }
  }

  /** Returns whether the event of a choice is enabled, which the whole and its own process decide. */
  private isEnabled(choice: number, state: Int32Array): boolean {
    const { effects, enabledEvents } = this.steps.projection.sized;
    const count = enabledEvents.write(state, this.events);
    return this.events.subarray(0, count).includes(effects.choiceIds.choiceOf(choice).event);
  }

  private typeOf(name: number | string, block: Int32Array): string {
    return this.watcherOf(name)
      .mask.map((bits, n) => bits & block[n])
      .join();
  }

  private watcherOf(name: number | string): Watcher {
    const watcher = this.watchers.get(name) ?? {
      mask: Int32Array.from(this.layout.idBitsOfBlock),
      done: new Map<ViewGroup, string>(),
    };
    this.watchers.set(name, watcher);
    return watcher;
  }

  /** Adds bits to what a watcher reads. Returns whether one is new. */
  private grows(name: number | string, reads: Int32Array): boolean {
    const { mask } = this.watcherOf(name);
    if (reads.every((bits, n) => (bits & ~mask[n]) === 0)) return false;
    for (const [n, bits] of reads.entries()) mask[n] = mask[n] | bits;
    return true;
  }

  /** Builds the states of crowds of types, and one process before them. */
  private *statesOf(
    whole: Int32Array,
    first: Int32Array | undefined,
    types: ReadonlyMap<string, Int32Array>,
  ): Generator<CrowdState, void, undefined> {
    const { slots } = this;
    const { projection } = this.steps;
    const all = [...types].map(([type, block]) => ({
      type,
      block,
      bits: Int32Array.from(type.split(',').map(Number)),
    }));
    const named = all.filter(({ block }) => projection.isNamed(block));
    const others = all.filter(({ block }) => !projection.isNamed(block));
    if (others.length === 0) return;
    const state = new Int32Array(projection.sized.words);
    const bits = others.map((one) => one.bits);
    for (const all of crowdSets(bits)) {
      const set = all.length + 2 > slots ? coverOf(bits, all) : all;
      for (const holder of [undefined, ...named]) {
        const members = [
          ...(first ? [first] : []),
          ...(holder ? [holder.block] : []),
          ...set.map((n) => others[n].block),
        ];
        if (members.length > slots) {
          if (this.isLargest) continue;
          throw tooMany(projection);
        }
        const twins = Array.from({ length: slots - members.length }, (_, n) => others[set[n % set.length]].block);
        const crowd = [...members, ...twins];
        const firstOfSet = members.length - set.length;
        const slotOfType = new Map(
          all.map((n) => [others[n].type, set.includes(n) ? firstOfSet + set.indexOf(n) : slots - 1]),
        );
        if (twins.length === 0 && set.length < all.length) throw tooMany(projection);
        if (holder) slotOfType.set(holder.type, firstOfSet - 1);
        for (const order of ordersOf(projection.queuePlaces(crowd))) {
          if (projection.build(whole, crowd, order, state)) {
            yield { state, crowd, different: members.length, slotOfType };
          }
        }
      }
    }
  }
}

function tooMany(projection: Projection): Error {
  return refuse(projection.sized.program.design.id, 'a step or a property tells too many sorts of them apart');
}

/** stands for the whole, beside numbers of blocks */
const wholeItself = -1;
/** Number of processes of a crowd, where the design admits so many. */
const maxSlots = 16;

/** Returns the processes of queues in the order of their slots, and in the reverse order. */
function ordersOf(places: readonly (readonly number[])[]): number[][][] {
  if (places.every((ofQueue) => ofQueue.every((place) => place === 0))) return [places.map((one) => [...one])];
  return [1, -1].map((sign) => places.map((ofQueue) => ofQueue.map((_, slot) => sign * slot)));
}
