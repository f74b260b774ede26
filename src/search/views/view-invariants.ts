import { bitsOfAll } from '../../cache/access-sets.ts';
import { DecisionTrees, maxTreeWords } from '../../cache/decision-trees.ts';
import { evaluateObserved, type PropertyQuery } from '../../cache/property-evaluation.ts';
import { BlockTypes, WatchedBits } from './block-types.ts';
import type { LargerSizes } from './larger-sizes.ts';
import type { Projection } from './projection.ts';
import { queueOrders } from './queue-orders.ts';
import { refuse } from './refusal.ts';
import type { ViewGroup, ViewSet } from './view-set.ts';

const noStep = { actor: -1, actions: [], payload: 0 };

/** Evaluates invariants in the states that few views make up, each with each. */
export class ViewInvariants {
  private readonly evaluators: readonly InvariantsAtSize[];
  private watched: WatchedBits | undefined;
  private readonly types = new Map<ViewGroup, BlockTypes>();
  /** by group: number of types whose states are evaluated */
  private readonly done = new Map<ViewGroup, number>();

  /** @param projections the sizes at which they are evaluated: the numbers of views that are looked at together */
  constructor(projections: readonly Projection[], larger: LargerSizes) {
    this.evaluators = projections.map((projection) => new InvariantsAtSize(projection, larger));
  }

  /** Evaluates the states of new types of a group. Returns the ids of violated invariants. */
  violatedIn(group: ViewGroup, views: ViewSet): Set<string> {
    const violated = new Set<string>();
    this.watched ??= new WatchedBits(this.evaluators[0].projection.layout.idBitsOfBlock);
    const types = this.types.get(group) ?? new BlockTypes(this.watched, views, group);
    this.types.set(group, types);
    if (types.update()) this.done.set(group, 0);
    const { representatives } = types;
    const from = this.done.get(group) ?? 0;
    const whole = Int32Array.from(views.wholes.tuple(group.whole));
    const version = this.watched.version;
    for (const evaluator of this.evaluators) {
      for (const chosen of arrangements(representatives, evaluator.projection.sized.slots, from)) {
        const blocks = chosen.map((id) => Int32Array.from(views.blocks.tuple(id)));
        evaluator.evaluate(whole, blocks, this.watched, violated);
      }
    }
    this.done.set(group, representatives.length);
    if (this.watched.version !== version) for (const one of views.groups) views.enqueue(one);
    return violated;
  }
}

class InvariantsAtSize {
  private readonly queries: readonly (PropertyQuery & { readonly id: string })[];
  private trees = new DecisionTrees();
  private roots: number[] = [];
  private readonly state: Int32Array;

  constructor(
    readonly projection: Projection,
    private readonly larger: LargerSizes,
  ) {
    const { program, instrumented, words } = projection.sized;
    const { properties } = instrumented.program;
    this.queries = properties.flatMap((one, property) =>
      one.kind === 'invariant'
        ? [{ property, holds: one.holds, isCover: false, id: program.properties[property].id }]
        : [],
    );
    this.state = new Int32Array(words);
    this.clear();
  }

  /** Evaluates the states of a whole and some blocks. */
  evaluate(whole: Int32Array, blocks: readonly Int32Array[], watched: WatchedBits, violated: Set<string>): void {
    const { projection, state } = this;
    for (const order of queueOrders(projection.queuePlaces(blocks))) {
      if (!projection.build(whole, blocks, order, state)) continue;
      for (const [n, query] of this.queries.entries()) if (!this.holds(n, watched)) violated.add(query.id);
    }
  }

  private holds(n: number, watched: WatchedBits): boolean {
    const { trees, roots, state } = this;
    const leaf = trees.find(roots[n], state);
    if (leaf >= 0) return leaf === 1;
    const { sized } = this.projection;
    const query = this.queries[n];
    const { value, read } = evaluateObserved(query, sized.instrumented, state, noStep);
    const bits = bitsOfAll(read, state.length);
    const block = new Int32Array(watched.bits.length);
    for (let slot = 0; slot < sized.slots; slot++) this.projection.maskOfBlock(bits, slot, block);
    watched.add(block);
    for (const larger of this.larger.statesFrom(this.projection, state, sized.slots - 1)) {
      const { instrumented } = larger.projection.sized;
      if (evaluateObserved(query, instrumented, larger.state, noStep).value === value) continue;
      throw refuse(
        sized.program.design.id,
        `the property '${query.id}' says something else where there are ${larger.projection.sized.slots}`,
      );
    }
    if (trees.words > maxTreeWords) this.clear();
    this.trees.insert(this.roots[n], read, state, value ? 1 : 0);
    return value;
  }

  private clear(): void {
    this.trees = new DecisionTrees();
    this.roots = this.queries.map(() => this.trees.newTree());
  }
}

/** Enumerates the lists of some types that have a type from `from` on. */
function* arrangements(types: readonly number[], length: number, from: number): Generator<number[]> {
  const extend = function* (list: number[], hasNew: boolean): Generator<number[]> {
    if (list.length === length) {
      if (hasNew) yield list;
      return;
    }
    for (const [n, type] of types.entries()) yield* extend([...list, type], hasNew || n >= from);
  };
  yield* extend([], false);
}
