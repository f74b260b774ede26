import { StepOutcome } from '../../compile/program.ts';
import { refuseStep } from '../../compile/step-repetitions.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import { enabledSets } from './enabled-sets.ts';
import { OwnedRaces } from './owned-races.ts';
import { type RelationIds, RelationUnion } from './relation-union.ts';
import type { Relation } from './relations.ts';
import type { Slices } from './slices.ts';
import { type Path, type SymbolicProgram, summaryOf } from './symbolic-program.ts';

/** What is known of a choice. */
export interface LearnedChoice {
  readonly id: number;
  /** the states where its actor may take it, guards aside */
  readonly enabled: number;
  /** the states where the choice is disabled, or takes a path that is known */
  known: number;
  /** the states where it is taken */
  taken: number;
  readonly paths: Path[];
}

/**
 * The transition relation of a program, learned on the fly (S. Blom, J. van de Pol and M. Weber, LTSmin: Distributed
 * and Symbolic Reachability, CAV 2010): it is known in the states where the search has been. It is the union of
 * relations that write different variables.
 */
export class TransitionRelation {
  readonly choices: readonly LearnedChoice[];
  /** the states in which some choice is a fault */
  faults: number = none;
  /** the states with a choice that is taken, or is a fault */
  canStep: number = none;
  /** number of paths */
  paths = 0;
  private readonly ownedRaces: OwnedRaces;
  readonly relationIds: RelationIds = new Map();
  private readonly union: RelationUnion;

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly symbolic: SymbolicProgram,
    private readonly choiceIds: ChoiceIds,
  ) {
    const enabled = enabledSets(diagrams, symbolic);
    this.choices = Array.from({ length: choiceIds.count }, (_, id) => {
      const set = enabled[choiceIds.choiceOf(id).event];
      return { id, enabled: set, known: diagrams.not(set), taken: none, paths: [] };
    });
    this.union = new RelationUnion(diagrams, symbolic.bits.length, this.relationIds);
    this.ownedRaces = new OwnedRaces(diagrams, symbolic.program.actors.length);
  }

  /** The relations that the transition relation is the union of. */
  get relations(): readonly Relation[] {
    return this.union.relations;
  }

  /** The states that are races for owned memory. */
  get races(): number {
    return this.ownedRaces.races;
  }

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield this.faults;
    yield this.canStep;
    yield* this.ownedRaces.roots();
    for (const { pairs } of this.relations) yield pairs;
    for (const { enabled, known, taken, paths } of this.choices) {
      yield enabled;
      yield known;
      yield taken;
      for (const { domain, updates } of paths) {
        yield domain;
        yield* updates.values();
      }
    }
  }

  /** Learns what all choices do in these states. Returns whether that is something new. Yields from time to time. */
  *learn(states: number, slices: Slices): Generator<void, boolean, undefined> {
    const { diagrams } = this;
    const before = this.paths;
    for (const choice of this.choices) {
      const unknown = yield* slices.run(() => diagrams.difference(states, choice.known));
      yield* slices.exhaust(unknown, (rest) => {
        const path = this.run(choice, rest);
        const left = diagrams.difference(rest, path.domain);
        this.add(choice, path);
        return left;
      });
    }
    return this.paths > before;
  }

  /**
   * Runs all paths again, the last ones first. Yields from time to time.
   * @throws PrecopyError `BAD_DESIGN` if one does something else now
   */
  *repeat(slices: Slices): Generator<void, void, undefined> {
    const { symbolic, choiceIds } = this;
    for (const choice of this.choices.toReversed()) {
      for (const path of choice.paths.toReversed()) {
        const again = yield* slices.run(() => summaryOf(this.run(choice, path.domain)));
        if (again !== summaryOf(path)) refuseStep(symbolic.program, choiceIds.choiceOf(choice.id).event);
      }
    }
  }

  private run({ id, enabled }: LearnedChoice, set: number): Path {
    const path = this.symbolic.run(this.diagrams, set, this.choiceIds.choiceOf(id));
    return { ...path, domain: this.diagrams.and(path.domain, enabled) };
  }

  /** Adds a path to what is known. Work that pauses adds it again. */
  private add(choice: LearnedChoice, path: Path): void {
    const { diagrams, symbolic, choiceIds } = this;
    const { outcome, domain, ownedAccesses } = path;
    this.ownedRaces.add(symbolic.program.events[choiceIds.choiceOf(choice.id).event].actor, ownedAccesses, domain);
    if (outcome !== StepOutcome.refused) this.canStep = diagrams.or(this.canStep, domain);
    if (outcome === StepOutcome.fault) this.faults = diagrams.or(this.faults, domain);
    if (outcome === StepOutcome.taken) {
      choice.taken = diagrams.or(choice.taken, domain);
      this.addPairs(path);
    }
    choice.known = diagrams.or(choice.known, domain);
    choice.paths.push(path);
    this.paths++;
  }

  private addPairs({ domain, updates }: Path): void {
    if (updates.size === 0) return;
    this.union.add(domain, updates);
  }
}
