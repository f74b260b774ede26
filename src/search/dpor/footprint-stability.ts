import { intersects, isEqual } from '../../cache/access-sets.ts';
import type { Program } from '../../compile/program.ts';
import { type Footprint, FootprintCache } from './footprints.ts';

/**
 * Learns which footprints are stable: the same whatever other actors write. A choice is unstable if a guard or a branch
 * of it depends on a shared field, such as a guard that reads a second cell only if the first one is 0.
 *
 * A race is reversed by way of its initials only if the footprint of the later event is stable. Stability is assumed
 * until a counterexample to it is observed; then `wasInvalidated` becomes true and the search has to restart.
 */
export class FootprintStability {
  /** true if an assumption on which earlier answers were based has proved wrong */
  wasInvalidated = false;
  private readonly footprints: FootprintCache;
  /** by actor: the bits that other actors were seen to write, without its location */
  private readonly foreignBits: readonly Int32Array[];
  /** by actor: the bits that encode the state of its machine */
  private readonly locations: readonly Int32Array[];
  /** the first footprint seen for each local context */
  private readonly firstSeen = new Map<string, Footprint>();
  private contextOf = new WeakMap<Footprint, string>();
  /** local contexts in which more than one footprint was seen */
  private readonly unstable = new Set<string>();

  /** @param actorOf by choice */
  constructor(
    program: Program,
    private readonly actorOf: Int32Array,
  ) {
    this.footprints = new FootprintCache(program);
    this.foreignBits = program.actors.map(() => new Int32Array(program.state.length));
    this.locations = program.actors.map((_, actor) => this.footprints.locationOf(actor));
  }

  /** Starts the search again, with what was learned about foreign bits and unstable contexts. */
  restart(): void {
    this.wasInvalidated = false;
    this.firstSeen.clear();
    this.contextOf = new WeakMap();
  }

  readByInvariants(state: Int32Array): Int32Array {
    return this.footprints.readByInvariants(state);
  }

  /** Returns what a choice reads and writes in a state. */
  footprintOf(state: Int32Array, choice: number): Footprint {
    const footprint = this.footprints.footprintOf(state, choice);
    if (!this.contextOf.has(footprint)) this.learn(footprint, choice);
    return footprint;
  }

  /** Returns true if a choice may have another footprint, or be disabled, for other values of these bits. */
  mayChange(footprint: Footprint, choice: number, bits: Int32Array): boolean {
    const location = this.locations[this.actorOf[choice]];
    return intersects(location, bits) || this.unstable.has(this.contextOf.get(footprint) as string);
  }

  /** Records the bits that a step of an actor writes. */
  recordWrites(actor: number, bitsWritten: Int32Array): void {
    for (const [other, foreign] of this.foreignBits.entries()) {
      if (other === actor) continue;
      const location = this.locations[other];
      for (let n = 0; n < bitsWritten.length; n++) {
        const added = bitsWritten[n] & ~(foreign[n] | location[n]);
        if (added === 0) continue;
        foreign[n] = foreign[n] | added;
        this.wasInvalidated = true;
      }
    }
  }

  /**
   * Compares a footprint with the first one of its local context: the choice and its reads up to the first foreign
   * field.
   */
  private learn(footprint: Footprint, choice: number): void {
    const foreign = this.foreignBits[this.actorOf[choice]];
    let context = String(choice);
    for (const { at, mask, value } of footprint.reads) {
      if ((foreign[at] & mask) !== 0) break;
      context += ` ${at} ${mask} ${value}`;
    }
    this.contextOf.set(footprint, context);
    const first = this.firstSeen.get(context);
    if (!first) this.firstSeen.set(context, footprint);
    else if (!isSameFootprint(first, footprint) && !this.unstable.has(context)) {
      this.unstable.add(context);
      this.wasInvalidated = true;
    }
  }
}

const isSameFootprint = (one: Footprint, other: Footprint): boolean =>
  one.outcome === other.outcome && isEqual(one.bitsRead, other.bitsRead) && isEqual(one.bitsWritten, other.bitsWritten);
