import { StepOutcome } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { goalsAmong, wellFormed } from '../../model/property.ts';
import { countStates, estimateStates } from './count-states.ts';
import { DecisionDiagrams, none, OutOfNodes } from './decision-diagrams.ts';
import { image } from './relations.ts';
import { Saturation } from './saturation.ts';
import { type Pace, Slices } from './slices.ts';
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
  /** of a goal that a step hits: the choice, which takes it in all of the states */
  readonly choice?: Choice;
}

/** States that hit a cover, or from which a choice does. */
type CoverHit = Pick<Failure, 'states' | 'choice'>;

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
  readonly slices: Slices;
  /** codes of saturations in the operation cache so far */
  private codes = 0;

  constructor(
    readonly symbolic: SymbolicProgram,
    private readonly choiceIds: ChoiceIds,
    maxNodes: number,
    pace?: Pace,
  ) {
    this.diagrams = new DecisionDiagrams(maxNodes);
    this.slices = new Slices(this.diagrams, () => this.roots(), pace);
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

  /** Goes on with the sets of an earlier search. Nothing is learned yet. */
  resume({ states, checked, levels }: Pick<StateSets, 'states' | 'checked' | 'levels'>): void {
    this.states = states;
    this.checked = checked;
    this.levels.push(...levels);
    this.properties.assume(checked);
  }

  /** Learns what all choices do in these states. Returns whether that is something new. Yields from time to time. */
  learn(states: number): Generator<void, boolean, undefined> {
    return this.relation.learn(states, this.slices);
  }

  /**
   * Adds to the visited states all that the relations learned so far lead to. Yields from time to time.
   * @throws OutOfNodes
   */
  *saturate(): Generator<void, void, undefined> {
    for (let before = none; ; ) {
      try {
        yield* this.saturateInMemory();
        return;
      } catch (error) {
        if (!(error instanceof OutOfNodes) || this.states === before) throw error;
      }
      before = this.states;
      this.slices.collect();
    }
  }

  private *saturateInMemory(): Generator<void, void, undefined> {
    const { diagrams, relation, slices } = this;
    const saturation = new Saturation(diagrams, relation.relations, this.codes);
    this.codes += saturation.codes;
    const closure = saturation.closure(this.states, slices.pace.results);
    let turn = closure.next();
    for (; !turn.done; turn = closure.next()) {
      this.states = turn.value;
      slices.collectIfDue();
      yield;
    }
    this.states = turn.value;
  }

  /** Adds the next level. Returns false if it is empty. Yields from time to time. */
  *addLevel(): Generator<void, boolean, undefined> {
    const { diagrams, relation, levels, slices } = this;
    const last = levels.at(-1) as number;
    let successors: number = none;
    for (const one of relation.relations) {
      slices.held.push(successors);
      successors = yield* slices.run(() => diagrams.or(successors, image(diagrams, last, one)));
      slices.held.pop();
    }
    slices.held.push(successors);
    const level = yield* slices.run(() => diagrams.difference(successors, this.states));
    slices.held.pop();
    if (level === none) return false;
    slices.held.push(level);
    const states = yield* slices.run(() => diagrams.or(this.states, level));
    slices.held.pop();
    levels.push(level);
    this.states = states;
    return true;
  }

  /**
   * Returns some of these states that violate a property. The relation has to be known in them. Yields from time to
   * time.
   */
  *failure(states: number): Generator<void, Failure | undefined, undefined> {
    const { diagrams, relation, slices } = this;
    const stuck = yield* slices.run(() => diagrams.difference(states, relation.canStep));
    slices.held.push(stuck);
    try {
      return (
        (yield* this.violation(states, stuck)) ?? (yield* this.goalReached(states)) ?? (yield* this.illFormed(states))
      );
    } finally {
      slices.held.pop();
    }
  }

  private *violation(states: number, stuck: number): Generator<void, Failure | undefined, undefined> {
    const { properties, slices, symbolic } = this;
    for (const [n, { id, kind }] of symbolic.program.properties.entries()) {
      const suspects = kind === 'invariant' ? states : kind === 'deadlock' ? stuck : none;
      const violating = yield* properties.violations(n, suspects, slices);
      if (violating !== none) return { property: id, states: violating, kind: 'state' };
    }
    return undefined;
  }

  private *goalReached(states: number): Generator<void, Failure | undefined, undefined> {
    const { properties } = this.symbolic.program;
    for (const goal of goalsAmong(properties)) {
      const hit = yield* this.hit(goal, states);
      if (hit) return { property: properties[goal].id, kind: 'state', ...hit };
    }
    return undefined;
  }

  private *illFormed(states: number): Generator<void, Failure | undefined, undefined> {
    const { diagrams, relation, slices } = this;
    const races = yield* slices.run(() => diagrams.and(states, relation.races));
    if (races !== none) return { property: wellFormed, states: races, kind: 'race' };
    const faults = yield* slices.run(() => diagrams.and(states, relation.faults));
    return faults === none ? undefined : { property: wellFormed, states: faults, kind: 'fault' };
  }

  /** Returns whether a cover is hit in the visited states, or by a step from them. Yields from time to time. */
  *isHit(cover: number): Generator<void, boolean, undefined> {
    return (yield* this.hit(cover, this.states)) !== undefined;
  }

  /** Returns how a cover is hit in some of these states, or by a step from them. Yields from time to time. */
  private *hit(cover: number, states: number): Generator<void, CoverHit | undefined, undefined> {
    const { diagrams, properties, relation, slices, choiceIds, symbolic } = this;
    const own = yield* properties.hitByState(cover, states, slices);
    if (own !== none) return { states: own };
    const { program } = symbolic;
    for (const { id, paths } of relation.choices) {
      const choice = choiceIds.choiceOf(id);
      const take = () => {
        program.step(choice.event, choice.payload);
        return program.lastStep();
      };
      for (const { outcome, domain } of paths) {
        if (outcome !== StepOutcome.taken) continue;
        const sources = yield* slices.run(() => diagrams.and(states, domain));
        const hit = yield* properties.hitByStep(cover, sources, take, slices);
        if (hit !== none) return { states: hit, choice };
      }
    }
    return undefined;
  }

  /** Returns the exact number of states in a set. */
  countStates(set: number): bigint {
    return countStates(this.diagrams, set, this.symbolic.bits.length);
  }

  /** Returns about how many states were visited, and the nodes of their diagram. */
  estimateStates(): ReturnType<typeof estimateStates> {
    return estimateStates(this.diagrams, this.states, this.symbolic.bits.length);
  }

  /** Returns the visited states that are in a set. Yields from time to time. */
  *visited(set: number): Generator<void, number, undefined> {
    return yield* this.slices.run(() => this.diagrams.and(this.states, set));
  }

  /** Returns the visited states in which a property is known to hold. Yields from time to time. */
  *checkedFor(property: number): Generator<void, number, undefined> {
    const { diagrams, properties, relation, symbolic, states, slices } = this;
    const isOfEnds = symbolic.program.properties[property].kind === 'deadlock';
    return yield* slices.run(() => {
      const holds = properties.knownToHold(property);
      return diagrams.and(states, diagrams.or(isOfEnds ? relation.canStep : none, holds));
    });
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
