import type { OwnedSets } from './owned-sets.ts';

/** Collects what the choices of one state access of owned memory, and tells whether the state is a race for it. */
export class OwnedAccesses {
  /** the first `count`: ids of distinct sets of accesses, each with the actor of the choice */
  private readonly sets: number[] = [];
  private readonly actors: number[] = [];
  private count = 0;

  constructor(private readonly ownedSets: OwnedSets) {}

  /** Begins another state. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Adds what a choice accesses, or the guards that refuse it.
   * @param accesses id of the set of accesses
   * @param actor the actor of the choice
   */
  add(accesses: number, actor: number): void {
    if (accesses === 0) return;
    const { sets, actors } = this;
    for (let n = 0; n < this.count; n++) if (sets[n] === accesses && actors[n] === actor) return;
    sets[this.count] = accesses;
    actors[this.count++] = actor;
  }

  /** Returns whether choices of two actors access one cell, one of them to write. */
  isRace(): boolean {
    const { sets, actors, ownedSets } = this;
    for (let n = 1; n < this.count; n++) {
      for (let m = 0; m < n; m++) {
        if (actors[n] !== actors[m] && ownedSets.conflict(sets[n], sets[m])) return true;
      }
    }
    return false;
  }
}
