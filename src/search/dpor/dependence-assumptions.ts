import { intersects, isEqual } from '../../cache/access-sets.ts';
import type { Program } from '../../compile/program.ts';
import { type Footprint, FootprintCache } from './footprints.ts';

/** Memory of a context and its footprint, without what depends on the state, in bytes. */
const bytesPerContext = 700;

/**
 * Assumptions on which steps are dependent, made until an observation refutes them:
 * - No bit is visible but those that invariants were seen to read.
 * - Footprints are stable: the same whatever other actors write. A choice is unstable if a guard or a branch of it
 *   depends on a shared field, such as a guard that reads a second cell only if the first one is 0.
 *
 * A refuted assumption invalidates the search so far, which has to restart. There are finitely many.
 */
export class DependenceAssumptions {
  /** true if an assumption was refuted since the search started */
  wereRefuted = false;
  private readonly footprints: FootprintCache;
  /** bits that invariants were seen to read */
  private readonly visibleBits: Int32Array;
  /** by actor: the bits that other actors were seen to write, without its location */
  private readonly foreignBits: readonly Int32Array[];
  /** by actor: the bits that encode the state of its machine */
  private readonly locations: readonly Int32Array[];
  /** the first footprint seen in each local context */
  private readonly firstSeen = new Map<string, Footprint>();
  private contextBytes = 0;
  private contextOf = new WeakMap<Footprint, string>();
  /** local contexts in which more than one footprint was seen */
  private readonly unstable = new Set<string>();

  /** @param actorOf by choice */
  constructor(
    program: Program,
    private readonly actorOf: Int32Array,
  ) {
    const words = program.state.length;
    this.footprints = new FootprintCache(program);
    this.visibleBits = new Int32Array(words);
    this.foreignBits = program.actors.map(() => new Int32Array(words));
    this.locations = program.actors.map((_, actor) => this.footprints.locationOf(actor));
  }

  /** Starts the search again, with what was learned. */
  restart(): void {
    this.wereRefuted = false;
    this.firstSeen.clear();
    this.contextBytes = 0;
    this.contextOf = new WeakMap();
  }

  /** the sets of accesses to owned memory that footprints refer to */
  get ownedSets(): FootprintCache['ownedSets'] {
    return this.footprints.ownedSets;
  }

  /** memory of what was observed, in bytes */
  get bytes(): number {
    return this.footprints.bytes + this.contextBytes;
  }

  /** Returns what a choice reads and writes in a state. */
  footprintOf(state: Int32Array, choice: number): Footprint {
    const footprint = this.footprints.footprintOf(state, choice);
    if (!this.contextOf.has(footprint)) this.checkStability(footprint, choice);
    return footprint;
  }

  /** Returns true if a step writes what an invariant reads. */
  isVisible({ bitsWritten }: Footprint): boolean {
    return intersects(bitsWritten, this.visibleBits);
  }

  /** Returns true if a choice may have another footprint, or be disabled, for other values of these bits. */
  mayChange(footprint: Footprint, choice: number, bits: Int32Array): boolean {
    const location = this.locations[this.actorOf[choice]];
    return intersects(location, bits) || this.unstable.has(this.contextOf.get(footprint) as string);
  }

  /** Records the bits that the invariants read in a state. */
  recordInvariantReads(state: Int32Array): void {
    this.add(this.footprints.readByInvariants(state), this.visibleBits);
  }

  /** Records the bits that a step of an actor writes. */
  recordWrites(actor: number, bitsWritten: Int32Array): void {
    for (const [other, foreign] of this.foreignBits.entries()) {
      if (other !== actor) this.add(bitsWritten, foreign, this.locations[other]);
    }
  }

  private add(observed: Int32Array, known: Int32Array, ignored?: Int32Array): void {
    for (let n = 0; n < known.length; n++) {
      const added = observed[n] & ~(known[n] | (ignored ? ignored[n] : 0));
      if (added === 0) continue;
      known[n] = known[n] | added;
      this.wereRefuted = true;
    }
  }

  /**
   * Compares a footprint with the first one of its local context: the choice and its reads up to the first foreign
   * field.
   */
  private checkStability(footprint: Footprint, choice: number): void {
    const foreign = this.foreignBits[this.actorOf[choice]];
    let context = String(choice);
    for (const { at, mask, value } of footprint.reads) {
      if ((foreign[at] & mask) !== 0) break;
      context += ` ${at} ${mask} ${value}`;
    }
    this.contextOf.set(footprint, context);
    const first = this.firstSeen.get(context);
    if (!first) {
      this.firstSeen.set(context, footprint);
      this.contextBytes += bytesPerContext + 2 * context.length + 8 * footprint.bitsRead.length;
    } else if (!isSameFootprint(first, footprint) && !this.unstable.has(context)) {
      this.unstable.add(context);
      this.wereRefuted = true;
    }
  }
}

const isSameFootprint = (one: Footprint, other: Footprint): boolean =>
  one.outcome === other.outcome && isEqual(one.bitsRead, other.bitsRead) && isEqual(one.bitsWritten, other.bitsWritten);
