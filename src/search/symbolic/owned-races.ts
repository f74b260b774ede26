import { type DecisionDiagrams, none } from './decision-diagrams.ts';

/** An access to owned memory, with the states in which a choice of an actor makes it. */
interface AccessStates {
  /** the actor of the choice */
  readonly chooser: number;
  readonly cell: number;
  /** the actor that accesses the cell */
  readonly actor: number;
  readonly writes: boolean;
  states: number;
}

/** Collects the states that are races for owned memory: choices of two actors access one cell, one of them to write. */
export class OwnedRaces {
  private readonly accesses: AccessStates[] = [];
  /** the states that are races */
  races: number = none;

  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly actorCount: number,
  ) {}

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield this.races;
    for (const { states } of this.accesses) yield states;
  }

  /**
   * Adds what a choice of an actor accesses in some states.
   * @param owned accesses as `StepAccesses` encodes them
   */
  add(chooser: number, owned: readonly number[], states: number): void {
    const { diagrams, actorCount } = this;
    for (const code of owned) {
      const cell = Math.floor((code >> 1) / actorCount);
      const actor = (code >> 1) % actorCount;
      const writes = (code & 1) === 1;
      let own: AccessStates | undefined;
      for (const other of this.accesses) {
        if (other.cell !== cell) continue;
        if (other.chooser === chooser && other.actor === actor && other.writes === writes) own = other;
        if (other.chooser === chooser || other.actor === actor || !(writes || other.writes)) continue;
        this.races = diagrams.or(this.races, diagrams.and(states, other.states));
      }
      if (own) own.states = diagrams.or(own.states, states);
      else this.accesses.push({ chooser, cell, actor, writes, states });
    }
  }
}
