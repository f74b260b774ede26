import { StepOutcome } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
import { countStates, estimateStates } from './count-states.ts';
import { DecisionDiagrams, none } from './decision-diagrams.ts';
import { image } from './relations.ts';
import { Saturation } from './saturation.ts';
import type { SymbolicProgram } from './symbolic-program.ts';
import { SymbolicProperties } from './symbolic-properties.ts';
import { TransitionRelation } from './transition-relation.ts';

/** States that violate a property. */
export interface Failure {
  /** id of the property */
  readonly property: string;
  readonly states: number;
  /** of `well-formed`: whether the states are races, or have a choice that is a fault */
  readonly kind: 'state' | 'race' | 'fault';
}

/** Nodes from which on unused ones are freed. */
const firstCollection = 1 << 20;

/** The sets of states of a search, with the relation and the properties that it has learned in them. */
export class StateSets {
  readonly diagrams: DecisionDiagrams;
  readonly relation: TransitionRelation;
  readonly properties: SymbolicProperties;
  /** the states that were visited */
  states: number;
  /** those of them of which it is known that they violate nothing, and what their steps are */
  checked: number = none;
  /** the sets of states by their distance from the initial state, if they are visited in this order */
  readonly levels: number[] = [];
  private collectAt = firstCollection;
  /** codes of saturations in the operation cache so far */
  private codes = 0;

  constructor(
    readonly symbolic: SymbolicProgram,
    private readonly choiceIds: ChoiceIds,
    private readonly maxNodes: number,
  ) {
    this.diagrams = new DecisionDiagrams(maxNodes);
    symbolic.assignVariables(this.diagrams);
    this.relation = new TransitionRelation(this.diagrams, symbolic, choiceIds);
    this.properties = new SymbolicProperties(this.diagrams, symbolic);
    this.states = this.initial();
  }

  private initial(): number {
    return this.symbolic.setOf(this.diagrams, this.symbolic.initial);
  }

  /** Begins with level 0, the initial state. What was learned is still known. */
  restart(): void {
    this.states = this.initial();
    this.levels.push(this.states);
  }

  /** Adds to the visited states all that the relations learned so far lead to. Yields from time to time. */
  *saturate(): Generator<void, void, undefined> {
    const { diagrams, relation } = this;
    const saturation = new Saturation(diagrams, relation.relations, this.codes);
    this.codes += saturation.codes;
    const closure = saturation.closure(this.states);
    let turn = closure.next();
    for (; !turn.done; turn = closure.next()) {
      this.states = turn.value;
      this.collectIfDue();
      yield;
    }
    this.states = turn.value;
    this.collectIfDue();
  }

  /** Adds the next level. Returns false if it is empty. */
  addLevel(): boolean {
    const { diagrams, relation, levels } = this;
    const last = levels.at(-1) as number;
    let successors: number = none;
    for (const one of relation.relations) successors = diagrams.or(successors, image(diagrams, last, one));
    const level = diagrams.difference(successors, this.states);
    if (level === none) return false;
    levels.push(level);
    this.states = diagrams.or(this.states, level);
    this.collectIfDue();
    return true;
  }

  /**
   * Returns some of these states that violate a property. The relation has to be known in them. Yields from time to
   * time.
   */
  *failure(states: number): Generator<void, Failure | undefined, undefined> {
    const { diagrams, relation, properties, symbolic } = this;
    const stuck = diagrams.difference(states, relation.canStep);
    for (const [n, { id, kind }] of symbolic.program.properties.entries()) {
      const suspects = kind === 'invariant' ? states : kind === 'deadlock' ? stuck : none;
      const violating = yield* properties.violations(n, suspects);
      if (violating !== none) return { property: id, states: violating, kind: 'state' };
    }
    const races = diagrams.and(states, relation.races);
    if (races !== none) return { property: wellFormed, states: races, kind: 'race' };
    const faults = diagrams.and(states, relation.faults);
    return faults === none ? undefined : { property: wellFormed, states: faults, kind: 'fault' };
  }

  /** Returns whether a cover is hit in the visited states, or by a step from them. */
  isHit(cover: number): boolean {
    const { diagrams, properties, states, relation, choiceIds, symbolic } = this;
    if (properties.isHitByState(cover, states)) return true;
    const { program } = symbolic;
    return relation.choices.some(({ id, paths }) => {
      const { event, payload } = choiceIds.choiceOf(id);
      const take = () => {
        program.step(event, payload);
        return program.lastStep();
      };
      return paths.some(({ outcome, domain }) => {
        if (outcome !== StepOutcome.taken) return false;
        return properties.isHitByStep(cover, diagrams.and(states, domain), take);
      });
    });
  }

  /** Returns the exact number of visited states. */
  countStates(): bigint {
    return countStates(this.diagrams, this.states, this.symbolic.bits.length);
  }

  /** Returns the exact number of checked states. */
  countChecked(): bigint {
    return countStates(this.diagrams, this.checked, this.symbolic.bits.length);
  }

  estimateStates(): number {
    return estimateStates(this.diagrams, this.states, this.symbolic.bits.length);
  }

  /** Returns the exact number of steps from the visited states; the initial state counts as one. */
  countTransitions(): bigint {
    const { diagrams, states, relation, symbolic } = this;
    return relation.choices.reduce(
      (sum, { taken }) => sum + countStates(diagrams, diagrams.and(states, taken), symbolic.bits.length),
      1n,
    );
  }

  /** Frees unused nodes if there may be many. */
  private collectIfDue(): void {
    const { diagrams } = this;
    if (diagrams.nodes < this.collectAt) return;
    this.collect();
    this.collectAt = Math.min(Math.max(firstCollection, 3 * diagrams.nodes), this.maxNodes / 2);
  }

  collect(): void {
    this.diagrams.collect(this.roots());
  }

  private *roots(): Generator<number> {
    yield* this.symbolic.roots;
    yield* this.relation.roots();
    yield* this.properties.roots();
    yield this.states;
    yield this.checked;
    yield* this.levels;
  }
}
