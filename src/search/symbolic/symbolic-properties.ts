import { refuseDependence } from '../../compile/step-repetitions.ts';
import type { Step } from '../../model/property.ts';
import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { Slices } from './slices.ts';
import type { SymbolicProgram } from './symbolic-program.ts';

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
  /** by property, then by number for which it is stated */
  private readonly learned = new Map<number, LearnedProperty[]>();
  private assumed: number = none;

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly symbolic: SymbolicProgram,
  ) {}

  /** Takes all properties to hold in these states. */
  assume(states: number): void {
    this.assumed = states;
  }

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield this.assumed;
    for (const byNumber of this.learned.values()) {
      for (const { known, fails } of byNumber) {
        yield known;
        yield fails;
      }
    }
  }

  /** Returns the states in which a property is known to hold. */
  knownToHold(property: number): number {
    const { diagrams } = this;
    return this.learnedOf(property).reduce(
      (holds, { known, fails }) => diagrams.and(holds, diagrams.difference(known, fails)),
      all as number,
    );
  }

  /**
   * Returns states of a set that violate an invariant, or that a property forbids to be the last one. Yields from
   * time to time.
   */
  *violations(property: number, states: number, slices: Slices): Generator<void, number, undefined> {
    const { diagrams } = this;
    for (const [number, learned] of this.learnedOf(property).entries()) {
      const unknown = yield* slices.run(() => diagrams.difference(states, learned.known));
      yield* slices.exhaust(unknown, (rest) => {
        const { value, domain } = this.evaluate(property, number, rest);
        if (!value) learned.fails = diagrams.or(learned.fails, domain);
        learned.known = diagrams.or(learned.known, domain);
        return diagrams.difference(rest, domain);
      });
      const violating = yield* slices.run(() => diagrams.and(states, learned.fails));
      if (violating !== none) return violating;
    }
    return none;
  }

  private learnedOf(index: number): readonly LearnedProperty[] {
    const { properties, params } = this.symbolic.program;
    const property = properties[index];
    const count = property.kind === 'invariant' && property.each ? property.each.size(params as never) : 1;
    const learned =
      this.learned.get(index) ?? Array.from({ length: count }, () => ({ known: this.assumed, fails: none }));
    this.learned.set(index, learned);
    return learned;
  }

  private evaluate(index: number, number: number, set: number): Evaluation {
    const { program } = this.symbolic;
    const property = program.properties[index];
    return this.twice(index, () => {
      this.symbolic.load(this.diagrams, set);
      const { view } = program.instance;
      if (property.kind === 'invariant') return property.each?.holds(view, number) ?? property.holds(view);
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

  /** Returns some states of a set that hit a cover without a look at the step to them. Yields from time to time. */
  *hitByState(cover: number, states: number, slices: Slices): Generator<void, number, undefined> {
    return yield* this.hitIn(states, slices, (rest) => {
      let usesStep = false;
      const { value, domain } = this.twice(cover, () => {
        this.symbolic.load(this.diagrams, rest);
        return this.isHit(
          cover,
          observedStep(() => {
            usesStep = true;
          }),
        );
      });
      return { value: value && !usesStep, domain };
    });
  }

  /**
   * Returns some states of a set from which a step hits a cover, which takes one path from them. Yields from time to
   * time.
   * @param take takes the step in the state that is loaded
   */
  *hitByStep(cover: number, states: number, take: () => Step, slices: Slices): Generator<void, number, undefined> {
    return yield* this.hitIn(states, slices, (rest) =>
      this.twice(cover, () => {
        this.symbolic.load(this.diagrams, rest);
        return this.isHit(cover, take());
      }),
    );
  }

  /** Evaluates a cover in states of a set until it is hit, or its value is known in all of them. */
  private *hitIn(
    states: number,
    slices: Slices,
    evaluate: (rest: number) => Evaluation,
  ): Generator<void, number, undefined> {
    const { diagrams } = this;
    let hit: number = none;
    yield* slices.exhaust(states, (rest) => {
      const { value, domain } = evaluate(rest);
      if (!value) return diagrams.difference(rest, domain);
      hit = diagrams.and(rest, domain);
      return none;
    });
    return hit;
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
