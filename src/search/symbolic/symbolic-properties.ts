import { refuseDependence } from '../../compile/step-repetitions.ts';
import type { Step } from '../../model/property.ts';
import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { SymbolicProgram } from './symbolic-program.ts';

const evaluationsPerYield = 256;

/** What is known of a property. */
interface LearnedProperty {
  /** the states where the value is known */
  known: number;
  /** the states where it is false */
  fails: number;
}

/** The value of a predicate in the states of a path. */
interface Evaluation {
  readonly value: boolean;
  readonly domain: number;
}

/** Evaluates properties on sets of states. A property is walked like an action, and its value is that of a path. */
export class SymbolicProperties {
  private readonly learned = new Map<number, LearnedProperty>();

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly symbolic: SymbolicProgram,
  ) {}

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    for (const { known, fails } of this.learned.values()) {
      yield known;
      yield fails;
    }
  }

  /**
   * Returns the states of a set that violate an invariant, or that a property forbids to be the last one. Yields from
   * time to time.
   */
  *violations(property: number, states: number): Generator<void, number, undefined> {
    const { diagrams } = this;
    let evaluations = 0;
    const learned = this.learned.get(property) ?? { known: none, fails: none };
    this.learned.set(property, learned);
    while (!diagrams.implies(states, learned.known)) {
      const { value, domain } = this.evaluate(property, states, learned.known);
      learned.known = diagrams.or(learned.known, domain);
      if (!value) learned.fails = diagrams.or(learned.fails, domain);
      if (++evaluations % evaluationsPerYield === 0) yield;
    }
    return diagrams.and(states, learned.fails);
  }

  private evaluate(index: number, set: number, except: number): Evaluation {
    const { program } = this.symbolic;
    const property = program.properties[index];
    return this.twice(index, () => {
      this.symbolic.load(this.diagrams, set, except);
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
    let known: number = none;
    while (!diagrams.implies(states, known)) {
      let usesStep = false;
      const { value, domain } = this.twice(cover, () => {
        symbolic.load(diagrams, states, known);
        return this.isHit(
          cover,
          observedStep(() => {
            usesStep = true;
          }),
        );
      });
      if (value && !usesStep) return true;
      known = diagrams.or(known, domain);
    }
    return false;
  }

  /**
   * Returns whether a cover is hit by a step that takes one path from some of these states.
   * @param take takes the step in the state that is loaded
   */
  isHitByStep(cover: number, states: number, take: () => Step): boolean {
    const { diagrams, symbolic } = this;
    let known: number = none;
    while (!diagrams.implies(states, known)) {
      const { value, domain } = this.twice(cover, () => {
        symbolic.load(diagrams, states, known);
        return this.isHit(cover, take());
      });
      if (value) return true;
      known = diagrams.or(known, domain);
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
