import { StepOutcome } from '../../compile/program.ts';
import type { Footprint } from './footprints.ts';

/** The choices of each actor. */
export class ChoicesByActor {
  /** by actor: its choices, by number */
  readonly of: readonly (readonly number[])[];
  /** by choice: which of those of its actor it is */
  readonly indexOf: Int32Array;

  /** @param actorOf by choice */
  constructor(
    readonly actorOf: Int32Array,
    actors: number,
  ) {
    const all = [...actorOf.keys()];
    this.of = Array.from({ length: actors }, (_, actor) => all.filter((choice) => actorOf[choice] === actor));
    this.indexOf = Int32Array.from(actorOf, (actor, choice) => this.of[actor]?.indexOf(choice) as number);
  }
}

/** What an actor can do in a state. */
export interface ActorChoices {
  /** of each of its choices: what it reads and writes here, or waits for */
  readonly footprints: readonly Footprint[];
  /** all that is read by these */
  readonly bitsRead: Int32Array;
  /** how many of its choices can be taken; 0 where it has taken as many steps as it may */
  readonly enabled: number;
  /** whether it could go on if it might */
  readonly boundReached: boolean;
}

/** A state of the schedule that a search takes one trace after the other with, and what is still to be tried there. */
export class ExplorationNode {
  /** actors to be tried here: with all of their choices */
  private readonly backtrack = new Set<number>();
  /** by actor: how many of its choices that can be taken were asleep from the start */
  private readonly sleeping: Int32Array;

  /**
   * @param options by actor
   * @param sleepSet choices that need not be taken, as what they lead to was seen from elsewhere or before
   */
  constructor(
    readonly state: Int32Array,
    private readonly choices: ChoicesByActor,
    readonly options: readonly ActorChoices[],
    readonly sleepSet: Set<number>,
  ) {
    this.sleeping = new Int32Array(options.length);
    for (const choice of sleepSet) {
      const actor = choices.actorOf[choice];
      const isPossible = this.enabled(actor) > 0 && this.footprintOf(choice).outcome !== StepOutcome.refused;
      if (isPossible) this.sleeping[actor] = this.sleeping[actor] + 1;
    }
  }

  /** How many choices of an actor can be taken. */
  enabled(actor: number): number {
    return this.options[actor]?.enabled as number;
  }

  footprintOf(choice: number): Footprint {
    const { actorOf, indexOf } = this.choices;
    return this.options[actorOf[choice]]?.footprints[indexOf[choice]] as Footprint;
  }

  /** The actor to begin with: one that is wide awake, or else one that is awake; -1 where there is none. */
  first(): number {
    const { options, sleeping } = this;
    const awake = options.findIndex(({ enabled }, actor) => enabled > 0 && sleeping[actor] === 0);
    return awake >= 0 ? awake : options.findIndex(({ enabled }, actor) => enabled > sleeping[actor]);
  }

  /** The next choice to be tried; undefined when all have been. */
  next(): number | undefined {
    for (const actor of this.backtrack) {
      const { enabled, footprints } = this.options[actor];
      if (enabled === 0) continue;
      for (const [n, choice] of this.choices.of[actor].entries()) {
        if (footprints[n]?.outcome !== StepOutcome.refused && !this.sleepSet.has(choice)) return choice;
      }
    }
    return undefined;
  }

  inBacktrack(actor: number): boolean {
    return this.backtrack.has(actor);
  }

  /**
   * Asks for an actor. A choice of it that slept from the start is not taken, so no race of that choice shows who else has to be tried: then all
   * have to be.
   */
  addToBacktrack(actor: number): void {
    this.backtrack.add(actor);
    const sleeping = this.sleeping[actor];
    if (sleeping > 0 && sleeping < this.enabled(actor)) this.backtrackAll();
  }

  /** Asks for all actors that can go on. */
  backtrackAll(): void {
    for (const [actor, { enabled }] of this.options.entries()) if (enabled > 0) this.backtrack.add(actor);
  }
}
