import { isEqual } from '../../../cache/access-sets.ts';
import type { Program } from '../../../compile/program.ts';
import type { Choice } from '../../../model/choices.ts';
import { PrecopyError } from '../../../model/errors.ts';
import { none } from '../decision-diagrams.ts';
import { choiceBetween, scheduleTo, stepTo } from '../predecessors.ts';
import type { StateSets } from '../state-sets.ts';
import type { SymbolicConstraint } from './fair-states.ts';
import type { Steps } from './steps.ts';
import type { LeadsToStates } from './symbolic-leads-to.ts';

/** A step inside a component. */
interface Edge {
  readonly from: Int32Array;
  readonly choice: Choice;
  readonly to: Int32Array;
}

/**
 * Finds a cycle inside a fair component: greedily from one step that satisfies a constraint to the nearest next one.
 */
export class FairCycle {
  /** the steps inside the component */
  private readonly steps: Steps;
  /** by constraint: the states from which a step of it leads to the component */
  private readonly taking: ReadonlyMap<SymbolicConstraint, number>;

  constructor(
    private readonly sets: StateSets,
    private readonly found: LeadsToStates,
    private readonly component: number,
    private readonly program: Program,
  ) {
    this.steps = found.repeatable.from(component);
    this.taking = new Map(found.constraints.map((one) => [one, one.steps.from(component).predecessors(component)]));
    sets.slices.held.push(component, ...this.steps.roots(), ...this.taking.values());
  }

  /**
   * Returns a cycle through a state that satisfies every constraint. Some constraint has to be enabled there. Yields
   * from time to time.
   */
  *through(start: Int32Array): Generator<void, Choice[], undefined> {
    const { component, found, sets } = this;
    const outstanding = new Set(
      found.constraints.filter(({ strong, enabled }) =>
        strong ? sets.diagrams.intersects(component, enabled) : this.isIn(start, enabled),
      ),
    );
    const cycle: Choice[] = [];
    let at = start;
    while (outstanding.size > 0) {
      const { path, edge } = yield* this.pathTo(at, (ring) => this.edgeFrom(ring, outstanding));
      for (const one of outstanding) if (this.satisfies(edge, one)) outstanding.delete(one);
      cycle.push(...path, edge.choice);
      at = edge.to;
    }
    if (isEqual(start, at)) return cycle;
    const { path, edge } = yield* this.pathTo(at, (ring) => this.edgeTo(start, ring));
    return [...cycle, ...path, edge.choice];
  }

  /** Searches the component breadth first from a state, ring by ring, up to one from which a wanted edge leads on. */
  private *pathTo(
    start: Int32Array,
    wanted: (ring: number) => Edge | undefined,
  ): Generator<void, { readonly path: Choice[]; readonly edge: Edge }, undefined> {
    const { sets, steps, component, program, found } = this;
    const { diagrams, symbolic, slices } = sets;
    const { length } = slices.held;
    const rings = [this.setOf(start)];
    for (let seen = rings[0]; ; ) {
      const ring = rings.at(-1) as number;
      slices.held.push(ring, seen);
      const edge = yield* slices.run(() => wanted(ring));
      if (edge) {
        const levels = { diagrams, symbolic, relations: steps.relations, levels: rings };
        const path = yield* slices.run(() => scheduleTo(edge.from, program, levels, found.isRepeatable));
        slices.held.length = length;
        return { path, edge };
      }
      const before = seen;
      const next = yield* slices.run(() => {
        const successors = diagrams.and(steps.successors(ring), component);
        return [diagrams.difference(successors, before), diagrams.or(successors, before)];
      });
      rings.push(next[0]);
      seen = next[1];
      if (next[0] === none)
        throw new PrecopyError('INTERNAL', 'a fair component is not connected', 'please report this');
    }
  }

  /** Returns an edge from a ring that satisfies a constraint. */
  private edgeFrom(ring: number, outstanding: ReadonlySet<SymbolicConstraint>): Edge | undefined {
    const { sets, steps, component, program, found } = this;
    const { diagrams, symbolic } = sets;
    const successors = diagrams.and(steps.successors(ring), component);
    for (const one of outstanding) {
      const sources = diagrams.and(ring, this.taking.get(one) as number);
      if (sources !== none) {
        const from = symbolic.packedIn(diagrams, sources);
        const targets = diagrams.and(one.steps.successors(this.setOf(from)), component);
        const to = symbolic.packedIn(diagrams, targets);
        const isOfIt = (choice: Choice): boolean => one.includes(choice) && found.isRepeatable(choice);
        return { from, to, choice: choiceBetween(from, to, program, isOfIt) };
      }
      const disabling = one.strong ? none : diagrams.difference(successors, one.enabled);
      if (disabling !== none) return this.edgeTo(symbolic.packedIn(diagrams, disabling), ring);
    }
    return undefined;
  }

  /** Returns an edge from a ring to a state. */
  private edgeTo(to: Int32Array, ring: number): Edge | undefined {
    const { sets, steps, program, found } = this;
    const { diagrams, symbolic } = sets;
    const { isRepeatable } = found;
    const step = stepTo(to, ring, program, { diagrams, symbolic, relations: steps.relations }, isRepeatable);
    if (step) return { from: step.source, choice: step.choice, to };
    // Relations leave out steps that change nothing.
    const idle = diagrams.and(steps.idle, diagrams.and(ring, this.setOf(to)));
    return idle === none ? undefined : { from: to, choice: choiceBetween(to, to, program, isRepeatable), to };
  }

  private satisfies({ from, choice, to }: Edge, { strong, enabled, includes }: SymbolicConstraint): boolean {
    return (!strong && !this.isIn(to, enabled)) || (includes(choice) && this.isIn(from, enabled));
  }

  private isIn(state: Int32Array, states: number): boolean {
    return this.sets.diagrams.implies(this.setOf(state), states);
  }

  private setOf(state: Int32Array): number {
    return this.sets.symbolic.setOf(this.sets.diagrams, state);
  }
}
