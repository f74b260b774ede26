import type { AccessSets } from '../../cache/access-sets.ts';
import { StepOutcome } from '../../compile/program.ts';
import type { Footprint } from './footprints.ts';

/** The choices of a program, grouped by actor. */
export class ChoicesByActor {
  /** by actor: ids of its choices */
  readonly of: readonly (readonly number[])[];
  /** by choice: its index among the choices of its actor */
  readonly indexOf: Int32Array;

  /** @param actorOf by choice */
  constructor(
    readonly actorOf: Int32Array,
    actors: number,
  ) {
    const all = [...actorOf.keys()];
    this.of = Array.from({ length: actors }, (_, actor) => all.filter((choice) => actorOf[choice] === actor));
    this.indexOf = Int32Array.from(actorOf, (actor, choice) => this.of[actor].indexOf(choice));
  }
}

/** What the choices of one actor would do in a state. */
export interface ActorChoices {
  /** by choice of the actor */
  readonly footprints: readonly Footprint[];
  /** union of the bits that these read */
  readonly bitsRead: Int32Array;
  /** union of the bits that the disabled ones read */
  readonly bitsWaitedFor: Int32Array;
  /** number of enabled choices; 0 if the actor has reached the depth bound */
  readonly enabled: number;
  /** true if only the depth bound disables the actor */
  readonly boundReached: boolean;
}

/**
 * A node of the DPOR stack: the state after a prefix E of the execution, with backtrack(E) and sleep(E) of the paper.
 * Backtrack sets contain actors, all of whose choices are explored; sleep sets contain choices.
 */
export class ExplorationNode {
  private readonly backtrack = new Set<number>();
  /** by actor: number of its enabled choices that were in the sleep set when the node was created */
  private readonly initiallyAsleep: Int32Array;

  /**
   * @param actors by actor
   * @param sleepSet choices whose successors were explored elsewhere; grows as choices are explored
   */
  constructor(
    readonly state: Int32Array,
    private readonly choices: ChoicesByActor,
    readonly actors: readonly ActorChoices[],
    readonly sleepSet: Set<number>,
  ) {
    this.initiallyAsleep = new Int32Array(actors.length);
    for (const choice of sleepSet) {
      const actor = choices.actorOf[choice];
      const isEnabled = this.enabled(actor) > 0 && this.footprintOf(choice).outcome !== StepOutcome.refused;
      if (isEnabled) this.initiallyAsleep[actor] = this.initiallyAsleep[actor] + 1;
    }
  }

  /** Returns the number of enabled choices of an actor. */
  enabled(actor: number): number {
    return this.actors[actor].enabled;
  }

  /** Returns what a choice accesses, and what the disabled choices of its actor wait for. */
  accessesOf(choice: number): AccessSets {
    const { bitsWritten, bitsRead } = this.footprintOf(choice);
    const { bitsWaitedFor } = this.actors[this.choices.actorOf[choice]];
    return { bitsWritten, bitsRead: bitsRead.map((bits, word) => bits | bitsWaitedFor[word]) };
  }

  footprintOf(choice: number): Footprint {
    const { actorOf, indexOf } = this.choices;
    return this.actors[actorOf[choice]].footprints[indexOf[choice]];
  }

  /** Returns the actor to begin with: preferably one without sleeping choices; -1 if all enabled choices are asleep. */
  firstActor(): number {
    const { actors, initiallyAsleep } = this;
    const awake = actors.findIndex(({ enabled }, actor) => enabled > 0 && initiallyAsleep[actor] === 0);
    return awake >= 0 ? awake : actors.findIndex(({ enabled }, actor) => enabled > initiallyAsleep[actor]);
  }

  /** Returns the next choice to explore: enabled, of an actor in the backtrack set, not asleep. */
  nextChoice(): number | undefined {
    for (const actor of this.backtrack) {
      const { enabled, footprints } = this.actors[actor];
      if (enabled === 0) continue;
      for (const [n, choice] of this.choices.of[actor].entries()) {
        if (footprints[n].outcome !== StepOutcome.refused && !this.sleepSet.has(choice)) return choice;
      }
    }
    return undefined;
  }

  inBacktrack(actor: number): boolean {
    return this.backtrack.has(actor);
  }

  /**
   * Adds an actor to the backtrack set. If some of its choices are asleep, their races stay unseen, so every enabled
   * actor is added.
   */
  addToBacktrack(actor: number): void {
    this.backtrack.add(actor);
    const asleep = this.initiallyAsleep[actor];
    if (asleep > 0 && asleep < this.enabled(actor)) this.backtrackAll();
  }

  /** Adds every enabled actor to the backtrack set. */
  backtrackAll(): void {
    for (const [actor, { enabled }] of this.actors.entries()) if (enabled > 0) this.backtrack.add(actor);
  }
}
