import { intersects, isEqual } from '../../cache/access-sets.ts';
import type { Program } from '../../compile/program.ts';
import { type Footprint, FootprintCache } from './footprints.ts';

/**
 * Which choices always have the same footprint where their actor is, and which have another one, or cannot be taken, where other actors have
 * written something else: a guard that reads a second cell only if the first one is 0, a branch. That decides how much a race tells. It is
 * learned on the way: `hasLearned` says that something said before was wrong.
 */
export class FootprintStability {
  wasInvalidated = false;
  private readonly footprints: FootprintCache;
  /** by actor: the bits that others were seen to write, without those that say where the actor is */
  private readonly foreign: readonly Int32Array[];
  private readonly locations: readonly Int32Array[];
  private readonly actorOf: Int32Array;
  private readonly shapes = new Map<string, Footprint>();
  private keys = new WeakMap<Footprint, string>();
  private readonly unstable = new Set<string>();

  constructor(program: Program, actorOf: Int32Array) {
    this.footprints = new FootprintCache(program);
    this.actorOf = actorOf;
    this.foreign = program.actors.map(() => new Int32Array(program.state.length));
    this.locations = program.actors.map((_, actor) => this.footprints.locationOf(actor));
  }

  /** The search begins again. */
  begin(): void {
    this.wasInvalidated = false;
    this.shapes.clear();
    this.keys = new WeakMap();
  }

  readByInvariants(state: Int32Array): Int32Array {
    return this.footprints.readByInvariants(state);
  }

  /** What a choice reads and writes in a state. */
  of(state: Int32Array, choice: number): Footprint {
    const footprint = this.footprints.footprintOf(state, choice);
    if (!this.keys.has(footprint)) this.learn(footprint, choice);
    return footprint;
  }

  /** Whether a choice may have another footprint, or none, where these bits have other values. */
  dependsOn(footprint: Footprint, choice: number, written: Int32Array): boolean {
    const location = this.locations[this.actorOf[choice]];
    return intersects(location, written) || this.unstable.has(this.keys.get(footprint) as string);
  }

  /** An actor wrote these bits. */
  recordWrites(actor: number, writes: Int32Array): void {
    for (const [other, known] of this.foreign.entries()) {
      if (other === actor) continue;
      const location = this.locations[other];
      for (let n = 0; n < writes.length; n++) {
        const fresh = writes[n] & ~(known[n] | location[n]);
        if (fresh === 0) continue;
        known[n] = known[n] | fresh;
        this.wasInvalidated = true;
      }
    }
  }

  /** Choices are told apart by what they read before the first field that others write. */
  private learn(footprint: Footprint, choice: number): void {
    const foreign = this.foreign[this.actorOf[choice]];
    let key = String(choice);
    for (const { at, mask, value } of footprint.read) {
      if ((foreign[at] & mask) !== 0) break;
      key += ` ${at} ${mask} ${value}`;
    }
    this.keys.set(footprint, key);
    const { bitsRead, bitsWritten, outcome } = footprint;
    const shape = this.shapes.get(key);
    if (!shape) this.shapes.set(key, footprint);
    else if (
      shape.outcome !== outcome ||
      !isEqual(shape.bitsRead, bitsRead) ||
      !isEqual(shape.bitsWritten, bitsWritten)
    ) {
      if (this.unstable.has(key)) return;
      this.unstable.add(key);
      this.wasInvalidated = true;
    }
  }
}
