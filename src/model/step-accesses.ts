/** An access to shared memory. */
export interface SharedAccess {
  readonly actor: number;
  /** path of the cell */
  readonly cell: string;
  readonly operation: string;
}

/**
 * The accesses to memory of one step: of the guards that were evaluated for it, of its actions, of the eventless
 * transitions that follow, and of the receivers of its rendezvous messages.
 */
export class StepAccesses {
  /** the actor whose guards and actions run */
  actor = 0;
  /** number of accesses to shared memory */
  shared = 0;
  private readonly actors: number[] = [];
  private readonly cells: string[] = [];
  private readonly operations: string[] = [];
  /** number of distinct accesses to owned memory */
  ownedCount = 0;
  /** the accesses to owned memory: the first `ownedCount` are of this step, each as `ownedAccess` encodes it */
  readonly owned: number[] = [];

  /** @param actorCount number of actors of the system */
  constructor(readonly actorCount: number) {}

  /** Begins the step of an actor. */
  begin(actor: number): void {
    this.actor = actor;
    this.shared = 0;
    this.ownedCount = 0;
  }

  addShared(cell: string, operation: string): void {
    const n = this.shared++;
    this.actors[n] = this.actor;
    this.cells[n] = cell;
    this.operations[n] = operation;
  }

  /**
   * Adds an access to owned memory.
   * @param cell index of the cell among those of owned memory
   */
  addOwned(cell: number, writes: boolean): void {
    const access = 2 * (cell * this.actorCount + this.actor) + (writes ? 1 : 0);
    for (let n = 0; n < this.ownedCount; n++) if (this.owned[n] === access) return;
    this.owned[this.ownedCount++] = access;
  }

  sharedAccesses(): SharedAccess[] {
    return Array.from({ length: this.shared }, (_, n) => ({
      actor: this.actors[n],
      cell: this.cells[n],
      operation: this.operations[n],
    }));
  }
}
