import { refuseDependence } from '../../compile/step-repetitions.ts';
import type { Step } from '../../model/property.ts';
import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { SymbolicProgram } from './symbolic-program.ts';

/** What is known of a property, or of a property after a path of a choice. */
interface LearnedPredicate {
  /** the states where the value is known */
  known: number;
  /** the states where it is true */
  holds: number;
}

/** The value of a predicate in the states of a path. */
interface Evaluation {
  readonly value: boolean;
  readonly domain: number;
}

/** Evaluates properties on sets of states. A property is walked like an action, and its value is that of a path. */
export class SymbolicProperties {
  private readonly predicates = new Map<number, LearnedPredicate>();

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly symbolic: SymbolicProgram,
  ) {}

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    for (const { known, holds } of this.predicates.values()) {
      yield known;
      yield holds;
    }
  }

  /** Returns the index in `properties` of the first invariant that some state of a set violates, or -1. */
  violated(states: number): number {
    return this.symbolic.program.properties.findIndex(
      ({ kind }, n) => kind === 'invariant' && this.violations(n, states) !== none,
    );
  }

  /** Returns the index in `properties` of the first one that forbids some of these states to be the last one, or -1. */
  violatedByDeadlock(states: number): number {
    return this.symbolic.program.properties.findIndex(
      ({ kind }, n) => kind === 'deadlock' && this.violations(n, states) !== none,
    );
  }

  /** Returns the states of a set that violate an invariant, or that a property forbids to be the last one. */
  violations(property: number, states: number): number {
    const { diagrams } = this;
    const predicate = this.predicates.get(property) ?? { known: none, holds: none };
    this.predicates.set(property, predicate);
    this.learn(predicate, states, (set) => this.evaluate(property, set));
    return diagrams.difference(states, predicate.holds);
  }

  /** Learns a predicate in these states. */
  private learn(predicate: LearnedPredicate, states: number, evaluate: (set: number) => Evaluation): void {
    const { diagrams } = this;
    while (!diagrams.implies(states, predicate.known)) {
      const { value, domain } = evaluate(diagrams.difference(states, predicate.known));
      predicate.known = diagrams.or(predicate.known, domain);
      if (value) predicate.holds = diagrams.or(predicate.holds, domain);
    }
  }

  private evaluate(index: number, set: number): Evaluation {
    const { program } = this.symbolic;
    const property = program.properties[index];
    return this.twice(index, () => {
      this.symbolic.load(this.diagrams, set);
      const { view } = program.instance;
      if (property.kind === 'invariant') return property.holds(view);
      return property.kind === 'deadlock' && property.isValidEndState(view);
    });
  }

  /**
   * Evaluates a property twice: what is learned has to be that of the state alone.
   * @throws PrecopyError `BAD_DESIGN` if the second value differs
   */
  private twice(property: number, run: () => boolean): Evaluation {
    const { symbols, program } = this.symbolic;
    const first = { value: run(), domain: symbols.path };
    const second = { value: run(), domain: symbols.path };
    if (first.value === second.value && first.domain === second.domain) return second;
    return refuseDependence(`the property '${program.properties[property].id}'`);
  }

  /** Returns whether a state of a set hits a cover without a look at the step to it. */
  isHitByState(cover: number, states: number): boolean {
    const { diagrams, symbolic } = this;
    let rest = states;
    while (rest !== none) {
      let usesStep = false;
      const { value, domain } = this.twice(cover, () => {
        symbolic.load(diagrams, rest);
        return this.isHit(
          cover,
          observedStep(() => {
            usesStep = true;
          }),
        );
      });
      if (value && !usesStep) return true;
      rest = diagrams.difference(rest, domain);
    }
    return false;
  }

  /**
   * Returns whether a cover is hit by a step that takes one path from some of these states.
   * @param take takes the step in the state that is loaded
   */
  isHitByStep(cover: number, states: number, take: () => Step): boolean {
    const { diagrams, symbolic } = this;
    let rest = states;
    while (rest !== none) {
      const { value, domain } = this.twice(cover, () => {
        symbolic.load(diagrams, rest);
        return this.isHit(cover, take());
      });
      if (value) return true;
      rest = diagrams.difference(rest, domain);
    }
    return false;
  }

  private isHit(cover: number, step: Step): boolean {
    const { properties, instance } = this.symbolic.program;
    const property = properties[cover];
    return property.kind === 'cover' && property.isHit(instance.view, step);
  }
}

/** Returns the step to the initial state, and calls `look` when it is looked at. */
function observedStep(look: () => void): Step {
  const observe = <T>(value: T): T => {
    look();
    return value;
  };
  return {
    get actor() {
      return observe(-1);
    },
    get actions() {
      return observe([]);
    },
    get payload() {
      return observe(0);
    },
  };
}
