import type { Program } from '../../compile/program.ts';

/** Collects what the choices of one state access of owned memory, and tells whether the state is a race for it. */
export class OwnedAccesses {
  /** distinct sets of accesses, each with the actor of the choice */
  private readonly accesses: number[] = [];
  private readonly actors: number[] = [];

  constructor(private readonly program: Pick<Program, 'ownedAccesses' | 'ownedSets'>) {}

  /** Begins another state. */
  clear(): void {
    this.accesses.length = 0;
    this.actors.length = 0;
  }

  /** Adds what the last step of an actor accessed, or the guards that refused it. */
  addLast(actor: number): void {
    const accesses = this.program.ownedAccesses();
    if (accesses === 0) return;
    for (let n = 0; n < this.accesses.length; n++)
      if (this.accesses[n] === accesses && this.actors[n] === actor) return;
    this.accesses.push(accesses);
    this.actors.push(actor);
  }

  /** Returns whether choices of two actors access one cell, one of them to write. */
  isRace(): boolean {
    const { accesses, actors, program } = this;
    for (let n = 1; n < accesses.length; n++) {
      for (let m = 0; m < n; m++) {
        if (actors[n] !== actors[m] && program.ownedSets.conflict(accesses[n], accesses[m])) return true;
      }
    }
    return false;
  }
}
