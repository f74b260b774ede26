import { applyPatch } from '../../cache/access-sets.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import { StepOutcome } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import { BlockTypes, WatchedBits } from './block-types.ts';
import { companies } from './companies.ts';
import type { CrowdResults, Crowds } from './crowds.ts';
import { bytesPerPair, type Explored, type ForkingPair, maxEffects, newPair } from './forking-pairs.ts';
import type { Projection } from './projection.ts';
import { queueOrders } from './queue-orders.ts';
import { refuse } from './refusal.ts';
import { inView, type SizedSteps } from './sized-steps.ts';
import { StuckPairs } from './stuck-pairs.ts';
import type { ViewInvariants } from './view-invariants.ts';
import { type ViewGroup, ViewSet } from './view-set.ts';

/** A property that may be violated: some configuration of views violates it. */
export interface Alarm {
  readonly property: string;
  readonly fault: string | undefined;
}

/**
 * The search for all views: see any-number.ts.
 */
export class ViewSearch implements CrowdResults {
  readonly views: ViewSet;
  /** number of configurations that were taken */
  configurations = 0;
  /** alarms that `explore` or `findDeadlocks` have not returned yet */
  private readonly raised: Alarm[] = [];
  /** ids of properties with an alarm */
  private readonly alarmed = new Set<string>();
  /** number of forking pairs */
  private pairs = 0;
  private readonly watched: WatchedBits;
  private readonly types = new Map<ViewGroup, BlockTypes>();
  private readonly explored = new Map<ViewGroup, Explored[]>();
  private readonly stuck = new StuckPairs();
  private readonly whole: Int32Array;
  private readonly block: Int32Array;

  constructor(
    private readonly sizes: readonly SizedSteps[],
    private readonly invariants: ViewInvariants,
    private readonly crowds: Crowds,
  ) {
    const { layout } = sizes[0].projection;
    this.views = new ViewSet(layout);
    this.watched = new WatchedBits(layout.idBitsOfBlock);
    this.whole = new Int32Array(layout.wholeWords);
    this.block = new Int32Array(layout.blockWords);
  }

  get bytes(): number {
    return this.views.bytes + this.crowds.bytes + this.pairs * bytesPerPair;
  }

  /** Adds the views of the initial states of all sizes. */
  addInitial(states: readonly Int32Array[]): void {
    for (const [n, { projection }] of this.sizes.entries())
      this.addViews(projection, states[n], projection.sized.slots);
  }

  /** Explores the views until nothing new comes. Returns early with an alarm for a property that had none. */
  *explore(): Generator<void, Alarm | undefined, undefined> {
    const { queue, groups } = this.views;
    for (;;) {
      const raised = yield* this.exploreQueue();
      if (raised) return raised;
      for (const group of groups) {
        this.crowds.explore(group, this.views, this);
        yield;
        const raised = this.raised.shift();
        if (raised) return raised;
      }
      if (queue.length === 0) return undefined;
    }
  }

  /** Explores groups with new views until there are none. */
  private *exploreQueue(): Generator<void, Alarm | undefined, undefined> {
    const { queue } = this.views;
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      group.isQueued = false;
      for (const [n, steps] of this.sizes.entries()) this.exploreGroup(group, steps, n);
      for (const property of this.invariants.violatedIn(group, this.views)) this.violated(property);
      yield;
      const raised = this.raised.shift();
      if (raised === undefined) continue;
      this.views.enqueue(group);
      return raised;
    }
    return undefined;
  }

  private exploreGroup(group: ViewGroup, steps: SizedSteps, n: number): void {
    const explored = this.exploredOf(group)[n];
    const types = this.types.get(group) ?? new BlockTypes(this.watched, this.views, group);
    this.types.set(group, types);
    if (types.update()) for (const one of this.exploredOf(group)) one.types = 0;
    const { blocks } = group;
    const count = blocks.length;
    const representatives = types.representatives.slice();
    for (const pair of explored.forking) this.takePair(group, steps, pair, representatives, explored.types);
    for (let other = explored.views; other < count; other++) {
      for (let one = 0; one <= other; one++) {
        const pair = newPair(blocks[one], blocks[other]);
        this.takePair(group, steps, pair, representatives, 0);
        const isDone = pair.forking?.length === 0 || steps.unseen === 0;
        if (isDone) continue;
        explored.forking.push(pair);
        this.pairs++;
      }
    }
    explored.views = count;
    explored.types = representatives.length;
  }

  /**
   * Takes the steps of two views in the company of unseen blocks.
   * @param types one block of each type
   * @param from each company has a type from this one on
   */
  private takePair(
    group: ViewGroup,
    steps: SizedSteps,
    pair: ForkingPair,
    types: readonly number[],
    from: number,
  ): void {
    const { projection } = steps;
    const { wholes, blocks } = this.views;
    const whole = wholes.tuple(group.whole);
    const state = new Int32Array(projection.sized.words);
    if (
      steps.unseen === maxUnseen &&
      projection.unnamed(
        whole,
        [pair.one, pair.other].map((id) => blocks.tuple(id)),
      ) > 1
    ) {
      throw refuse(projection.sized.program.design.id, 'more than one id means a process that is not in view');
    }
    for (const company of companies(types, steps.unseen, from)) {
      const all = [pair.one, pair.other, ...company].map((id) => blocks.tuple(id));
      for (const order of queueOrders(projection.queuePlaces(all))) {
        if (!projection.build(whole, all, order, state)) continue;
        this.configurations++;
        const { forking } = pair;
        const readsIds = forking
          ? this.fork(group, steps, pair, forking, state)
          : this.begin(group, steps, pair, state);
        if (pair.forking?.length === 0) return;
        if (!readsIds) break;
      }
    }
  }

  /** Takes the first configuration of a pair: all its choices. Returns whether one depends on the order of a queue. */
  private begin(group: ViewGroup, steps: SizedSteps, pair: ForkingPair, state: Int32Array): boolean {
    const forking: number[] = [];
    steps.forEach(state, (choice, effect, index) => {
      if (steps.useOf(effect, index).forks) {
        forking.push(choice);
        return;
      }
      if (effect.ownedAccesses !== 0) pair.owned.push([effect.ownedAccesses, choice]);
      if (effect.outcome !== StepOutcome.refused) pair.canMove = true;
      this.takeInView(group, steps, state, effect, index);
    });
    pair.forking = forking;
    if (forking.length > 0) return this.fork(group, steps, pair, forking, state);
    this.checkPair(group, steps, pair, pair.owned, pair.canMove);
    return false;
  }

  /** Takes the choices of a pair that depend on what is not in view. Returns whether one depends on an id. */
  private fork(
    group: ViewGroup,
    steps: SizedSteps,
    pair: ForkingPair,
    forking: readonly number[],
    state: Int32Array,
  ): boolean {
    const owned = pair.owned.slice();
    let { canMove } = pair;
    let readsIds = false;
    for (const choice of forking) {
      const [effect, index] = steps.effectOf(choice, state);
      const key = choice * maxEffects + index;
      if (steps.useOf(effect, index).readsIds) readsIds = true;
      if (effect.ownedAccesses !== 0) owned.push([effect.ownedAccesses, choice]);
      if (effect.outcome !== StepOutcome.refused) canMove = true;
      if (pair.taken.has(key)) continue;
      pair.taken.add(key);
      this.watch(steps, effect);
      this.takeInView(group, steps, state, effect, index);
    }
    this.checkPair(group, steps, pair, owned, canMove);
    return readsIds;
  }

  private checkPair(
    group: ViewGroup,
    steps: SizedSteps,
    { one, other }: ForkingPair,
    owned: ForkingPair['owned'],
    canMove: boolean,
  ): void {
    if (owned.length > 1 && steps.isRace(owned)) this.alarm(wellFormed, 'two actors race for owned memory');
    if (!canMove) this.stuck.add({ group, steps, one, other });
  }

  take(projection: Projection, state: Int32Array, effect: Effect, from: number, to: number): void {
    if (effect.outcome === StepOutcome.fault) this.alarm(wellFormed, effect.fault);
    if (effect.outcome !== StepOutcome.taken) return;
    const after = Int32Array.from(state);
    applyPatch(effect.patch, after);
    this.addViews(projection, after, to, from);
  }

  violated(property: string): void {
    this.alarm(property, undefined);
  }

  private takeInView(group: ViewGroup, steps: SizedSteps, state: Int32Array, effect: Effect, index: number): void {
    if (effect.outcome === StepOutcome.fault) this.alarm(wellFormed, effect.fault);
    if (effect.outcome !== StepOutcome.taken) return;
    const { changesWhole, changesBlock } = steps.useOf(effect, index);
    if (!changesWhole && !changesBlock.includes(true)) return;
    const after = Int32Array.from(state);
    applyPatch(effect.patch, after);
    if (changesWhole) {
      this.addViews(steps.projection, after, inView);
      return;
    }
    for (let slot = 0; slot < inView; slot++) {
      if (!changesBlock[slot]) continue;
      steps.projection.projectBlock(after, slot, this.block);
      this.views.add(group.whole, this.views.blocks.intern(this.block));
    }
    steps.projection.checkEmpty(after);
  }

  private addViews(projection: Projection, state: Int32Array, to: number, from = 0): void {
    const { views, whole, block } = this;
    projection.checkEmpty(state);
    projection.projectWhole(state, whole);
    const wholeId = views.wholes.intern(whole);
    for (let slot = from; slot < to; slot++) {
      projection.projectBlock(state, slot, block);
      views.add(wholeId, views.blocks.intern(block));
    }
  }

  /** Watches what an effect has read of unseen blocks. If that is new, all forking pairs are taken again. */
  private watch({ projection }: SizedSteps, { bitsRead }: Effect): void {
    const { block } = this;
    for (let slot = inView; slot < projection.sized.slots; slot++) {
      block.fill(0);
      projection.maskOfBlock(bitsRead, slot, block);
      if (!this.watched.add(block)) continue;
      for (const group of this.views.groups) this.views.enqueue(group);
    }
  }

  /** Looks for deadlocks when all views are known. */
  *findDeadlocks(): Generator<void, Alarm | undefined, undefined> {
    for (const property of this.stuck.deadlocks(this.views)) {
      if (property !== undefined) this.alarm(property, undefined);
      const raised = this.raised.shift();
      if (raised) return raised;
      yield;
    }
    return undefined;
  }

  stuckIn(steps: SizedSteps, state: Int32Array): void {
    if (!steps.canMove(state)) this.stuck.addState(steps, state);
  }

  private alarm(property: string, fault: string | undefined): void {
    if (this.alarmed.has(property)) return;
    this.alarmed.add(property);
    this.raised.push({ property, fault });
  }

  private exploredOf(group: ViewGroup): Explored[] {
    const known = this.explored.get(group) ?? this.sizes.map(() => ({ views: 0, types: 0, forking: [] }));
    this.explored.set(group, known);
    return known;
  }
}

/**
 * Unseen processes of the largest configurations: one that an id means, and one for all others. More ids would leave
 * none for these.
 */
const maxUnseen = 2;
