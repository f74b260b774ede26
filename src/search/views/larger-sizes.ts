import type { ProcessFamily } from './process-family.ts';
import { Projection } from './projection.ts';
import { SizedProgram } from './sized-program.ts';
import type { ViewLayout } from './view-layout.ts';

/** A state of a larger size: that of a smaller one, with twins of its unseen processes. */
export interface LargerState {
  readonly projection: Projection;
  readonly state: Int32Array;
  /** by slot of the smaller state: its slot in the larger one */
  readonly slotOf: readonly number[];
  /** by slot of the larger state: the slot of the smaller one that it is, or is a twin of */
  readonly originalOf: readonly number[];
}

/** Sizes at which it is tried whether a step, or a property, depends on the number of processes. */
export class LargerSizes {
  private readonly projections: readonly Projection[];

  constructor(family: ProcessFamily, layout: ViewLayout, sizes: readonly number[]) {
    this.projections = sizes.map((slots) => new Projection(new SizedProgram(family, slots), layout));
  }

  /**
   * Builds larger states. Processes in view come last, so that their numbers differ most from those that they had.
   * @param seen number of slots that get no twin, the first ones
   * @returns none if each process that could get a twin is the only one of its kind: one that an id means
   */
  *statesFrom(small: Projection, state: Int32Array, seen: number): Generator<LargerState, void, undefined> {
    const { slots } = small.sized;
    const { wholeWords, blockWords } = small.layout;
    const whole = new Int32Array(wholeWords);
    small.projectWhole(state, whole);
    const blocks = Array.from({ length: slots }, (_, slot) => {
      const block = new Int32Array(blockWords);
      small.projectBlock(state, slot, block);
      return block;
    });
    const doubled = blocks.flatMap((block, slot) => (slot >= seen && !small.isNamed(block) ? [slot] : []));
    if (doubled.length === 0) return;
    const order = small.orderIn(state);
    for (const projection of this.projections) {
      const size = projection.sized.slots;
      if (size <= slots) continue;
      const twins = Array.from({ length: size - slots }, (_, n) => doubled[n % doubled.length]);
      const originalOf = [...twins, ...blocks.map((_, slot) => slot).reverse()];
      const ranks = order.map((places) => originalOf.map((slot, n) => places[slot] + n / (2 * size)));
      const larger = new Int32Array(projection.sized.words);
      const all = originalOf.map((slot) => blocks[slot]);
      if (!projection.build(whole, all, ranks, larger)) continue;
      const slotOf = blocks.map((_, slot) => size - 1 - slot);
      yield { projection, state: larger, slotOf, originalOf };
    }
  }
}
