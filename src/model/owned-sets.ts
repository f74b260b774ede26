/** Two accesses of different actors to one cell of owned memory, one of them to write. */
export interface OwnedConflict {
  /** index of the cell among those of owned memory */
  readonly cell: number;
  /** the actors that access it */
  readonly actors: readonly [number, number];
}

/**
 * Sets of accesses to owned memory, each with an id: few different ones occur. Two of them conflict if different actors
 * access the same cell, one of them to write. The empty set has the id 0.
 */
export class OwnedSets {
  /** by id: the accesses, as `StepAccesses` encodes them, in ascending order */
  private readonly sets: (readonly number[])[] = [[]];
  private readonly ids = new Map<string, number>([['', 0]]);
  /** by both ids, `stride` for each of the first: whether they conflict */
  private known = new Uint8Array(0);
  private stride = 0;

  /** @param actorCount number of actors of the system */
  constructor(private readonly actorCount: number) {}

  /** Returns the id of the set of the first `count` accesses. */
  idOf(accesses: readonly number[], count = accesses.length): number {
    if (count === 0) return 0;
    const set = [...new Set(accesses.slice(0, count))].sort((a, b) => a - b);
    const key = set.join();
    const id = this.ids.get(key) ?? this.sets.push(set) - 1;
    this.ids.set(key, id);
    return id;
  }

  /** Returns the accesses of a set. */
  accessesOf(id: number): readonly number[] {
    return this.sets[id];
  }

  /** Returns whether two sets conflict. */
  conflict(one: number, other: number): boolean {
    if (one >= this.stride || other >= this.stride) this.grow();
    const at = one * this.stride + other;
    if (this.known[at] === unknown) this.known[at] = this.firstConflict(one, other) ? yes : no;
    return this.known[at] === yes;
  }

  /** Returns the first conflict of two sets, in the order of cells; undefined if there is none. */
  firstConflict(one: number, other: number): OwnedConflict | undefined {
    for (const access of this.sets[one]) {
      for (const rival of this.sets[other]) {
        const [cell, actor] = this.decode(access);
        const [rivalCell, rivalActor] = this.decode(rival);
        const writes = ((access | rival) & 1) === 1;
        if (writes && cell === rivalCell && actor !== rivalActor) return { cell, actors: [actor, rivalActor] };
      }
    }
    return undefined;
  }

  private decode(access: number): [cell: number, actor: number] {
    const place = access >> 1;
    return [Math.floor(place / this.actorCount), place % this.actorCount];
  }

  private grow(): void {
    this.stride = 2 * this.sets.length;
    this.known = new Uint8Array(this.stride * this.stride);
  }
}

const unknown = 0;
const no = 1;
const yes = 2;
