import type { Interpreter } from '../../compile/interpreter.ts';
import { StepOutcome } from '../../compile/program.ts';
import type { Choice } from '../../model/choices.ts';
import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';
import { enabledSets } from './enabled-sets.ts';
import type { Relation } from './relations.ts';
import type { Path, SymbolicProgram } from './symbolic-program.ts';

/** What is known of a choice. */
interface LearnedChoice {
  readonly choice: Choice;
  /** the states where its actor may take it, guards aside */
  readonly enabled: number;
  /** the states where the choice is disabled, or takes a path that is known */
  known: number;
  readonly paths: Path[];
}

/**
 * The transition relation of a program, learned on the fly (S. Blom, J. van de Pol and M. Weber, LTSmin: Distributed and
 * Symbolic Reachability, CAV 2010): it is known in the states where the search has been. It is the union of relations
 * that write different variables.
 */
export class TransitionRelation {
  readonly relations: Relation[] = [];
  readonly choices: readonly LearnedChoice[];
  private readonly relationByWrites = new Map<string, Relation>();
  /** states with a choice that is taken, or a fault */
  canStep: number = none;
  /** number of paths */
  paths = 0;

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly symbolic: SymbolicProgram,
    choices: readonly Choice[],
  ) {
    const enabled = enabledSets(diagrams, symbolic);
    this.choices = choices.map((choice) => ({
      choice,
      enabled: enabled[choice.event],
      known: diagrams.not(enabled[choice.event]),
      paths: [],
    }));
  }

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield this.canStep;
    for (const { pairs } of this.relations) yield pairs;
    for (const { enabled, known, paths } of this.choices) {
      yield enabled;
      yield known;
      for (const { domain } of paths) yield domain;
    }
  }

  /** Learns what all choices do in these states. Returns whether that is something new. */
  learn(states: number): boolean {
    const { diagrams, symbolic } = this;
    const before = this.paths;
    for (const learned of this.choices) {
      while (!diagrams.implies(states, learned.known)) {
        const found = symbolic.run(diagrams, diagrams.difference(states, learned.known), learned.choice);
        const path = { ...found, domain: diagrams.and(found.domain, learned.enabled) };
        learned.known = diagrams.or(learned.known, path.domain);
        learned.paths.push({ ...path, updates: new Map() });
        this.paths++;
        this.add(path);
      }
    }
    return this.paths > before;
  }

  private add({ outcome, domain, updates }: Path): void {
    const { diagrams } = this;
    if (outcome === StepOutcome.refused) return;
    this.canStep = diagrams.or(this.canStep, domain);
    if (outcome !== StepOutcome.taken) return;
    const written = [...updates.keys()].sort((a, b) => a - b);
    let pairs = domain;
    for (const variable of written.reverse()) {
      const after = diagrams.variable(2 * variable + 1);
      pairs = diagrams.and(pairs, diagrams.equal(after, updates.get(variable) as number));
    }
    if (written.length === 0) return;
    const relation = this.relationThatWrites(written.reverse());
    relation.pairs = diagrams.or(relation.pairs, pairs);
  }

  private relationThatWrites(variables: readonly number[]): Relation {
    const key = variables.join();
    const known = this.relationByWrites.get(key);
    if (known !== undefined) return known;
    const writes = new Uint8Array(this.symbolic.bits.length);
    for (const variable of variables) writes[variable] = 1;
    const relation: Relation = {
      id: this.relations.length,
      writes,
      lastWritten: variables.at(-1) ?? -1,
      pairs: none,
    };
    this.relationByWrites.set(key, relation);
    this.relations.push(relation);
    return relation;
  }
}
