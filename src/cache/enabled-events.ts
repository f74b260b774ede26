import type { ActorRuntime, Mailbox } from '../compile/actor-runtime.ts';
import { type BitField, maskOf } from '../model/state-layout.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';

/** A field with its mask, so that a loop need not compute it. */
export interface FieldLocation extends BitField {
  /** its bits, shifted down to bit 0 */
  readonly mask: number;
}

/** An actor with spontaneous events. */
export interface SpontaneousActor {
  readonly actor: number;
  readonly location: FieldLocation;
  /** by location */
  readonly ownEvents: readonly Int32Array[];
}

/** A mailbox as fields of the packed state. */
export interface PackedMailbox {
  readonly pending: FieldLocation;
  readonly location: FieldLocation;
  /** by location of the receiver: whether it has a transition for the message */
  readonly accepts: readonly boolean[];
  /** by sender: id of the event of delivery */
  readonly deliveries: readonly number[];
}

/** Finds the enabled events of a packed state from its bits: the same as `Program.enabled`, without cells. */
export class EnabledEvents {
  readonly spontaneousActors: readonly SpontaneousActor[];
  readonly mailboxes: readonly PackedMailbox[];
  /** words with mailboxes, and the pending bits in them */
  private readonly mailboxBits: readonly { readonly word: number; readonly bits: number }[];

  constructor(instrumented: InstrumentedProgram, state: Int32Array) {
    const { spontaneousActors, mailboxes } = instrumented.program;
    const locate = (cell: ActorRuntime['location'] | Mailbox['pending']): FieldLocation => {
      instrumented.record(state, () => cell.show());
      // The bits of a bitmap are adjacent.
      const first = instrumented.read[0];
      const field = { ...first, width: instrumented.read.reduce((sum, { width }) => sum + width, 0) };
      return { ...field, mask: maskOf(field) };
    };
    this.spontaneousActors = spontaneousActors.map(({ actor, location, ownEvents }) => ({
      actor,
      location: locate(location),
      ownEvents,
    }));
    this.mailboxes = mailboxes.map(({ pending, location, candidates, deliveries }) => ({
      pending: locate(pending),
      location: locate(location),
      accepts: candidates.map(({ length }) => length > 0),
      deliveries,
    }));
    const words = [...new Set(this.mailboxes.map(({ pending }) => pending.at))];
    this.mailboxBits = words.map((word) => ({
      word,
      bits: this.mailboxes.reduce(
        (bits, { pending: { at, mask, shift } }) => (at === word ? bits | (mask << shift) : bits),
        0,
      ),
    }));
  }

  /** Writes the ids of the enabled events, and returns their number. */
  write(state: Int32Array, out: Int32Array): number {
    const { spontaneousActors, mailboxes } = this;
    let n = 0;
    for (let i = 0; i < spontaneousActors.length; i++) {
      const { ownEvents, location } = spontaneousActors[i];
      const events = ownEvents[readField(location, state)];
      for (let e = 0; e < events.length; e++) out[n++] = events[e];
    }
    if (!this.hasPending(state)) return n;
    for (let m = 0; m < mailboxes.length; m++) {
      const { pending, location, accepts, deliveries } = mailboxes[m];
      let bits = readField(pending, state);
      if (bits === 0 || !accepts[readField(location, state)]) continue;
      for (; bits !== 0; bits &= bits - 1) out[n++] = deliveries[31 - Math.clz32(bits & -bits)];
    }
    return n;
  }

  /** Returns whether some message is pending. */
  private hasPending(state: Int32Array): boolean {
    const { mailboxBits } = this;
    for (let i = 0; i < mailboxBits.length; i++) {
      const { word, bits } = mailboxBits[i];
      if ((state[word] & bits) !== 0) return true;
    }
    return false;
  }
}

/** Returns the value of a field. */
export const readField = ({ at, shift, mask }: FieldLocation, state: Int32Array): number =>
  (state[at] >>> shift) & mask;
