import { companies } from './companies.ts';
import { queueOrders } from './queue-orders.ts';
import type { SizedSteps } from './sized-steps.ts';
import type { ViewGroup, ViewSet } from './view-set.ts';

/** A pair of views that cannot move in some company. */
interface StuckPair {
  readonly group: ViewGroup;
  readonly steps: SizedSteps;
  readonly one: number;
  readonly other: number;
}

/** The pairs of views that cannot move in some company: candidates for a deadlock. */
export class StuckPairs {
  private readonly pairs = new Map<string, StuckPair>();
  /** states of crowds in which nobody can move */
  private readonly states = new Map<string, { readonly steps: SizedSteps; readonly state: Int32Array }>();

  add(pair: StuckPair): void {
    const { group, steps, one, other } = pair;
    this.pairs.set(`${steps.unseen} ${group.whole} ${one} ${other}`, pair);
  }

  addState(steps: SizedSteps, state: Int32Array): void {
    this.states.set(state.join(), { steps, state: Int32Array.from(state) });
  }

  /**
   * Looks for a company of each pair in which nobody can move. What is not in view is taken as a whole then, since a
   * step of its own depends on all of it.
   * @returns ids of properties that a deadlock violates; undefined now and then
   */
  *deadlocks({ wholes, blocks }: ViewSet): Generator<string | undefined, void, undefined> {
    for (const { steps, state } of this.states.values()) yield* deadlocksIn(steps, state);
    for (const { group, steps, one, other } of this.pairs.values()) {
      const { projection } = steps;
      const whole = wholes.tuple(group.whole);
      const state = new Int32Array(projection.sized.words);
      for (const company of companies(group.blocks, steps.unseen, 0)) {
        const all = [one, other, ...company].map((id) => blocks.tuple(id));
        for (const order of queueOrders(projection.queuePlaces(all))) {
          if (projection.build(whole, all, order, state)) yield* deadlocksIn(steps, state);
        }
      }
      yield undefined;
    }
  }
}

/** Returns the ids of properties that a state violates by being a deadlock. */
function deadlocksIn(steps: SizedSteps, state: Int32Array): string[] {
  const { instrumented, program } = steps.projection.sized;
  const ofCode = instrumented.program;
  if (steps.canMove(state)) return [];
  return program.properties.flatMap(({ kind, id }, n) =>
    kind === 'deadlock' && instrumented.record(state, () => ofCode.violatedByDeadlock(n)) === n ? [id] : [],
  );
}
