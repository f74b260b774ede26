import type { ActorRuntime, Mailbox } from '../compile/actor-runtime.ts';
import { maskOf } from '../model/instrumented-layout.ts';
import type { BitField } from '../model/state-layout.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';

/** Where a field is, as numbers that a loop can use. */
export interface FieldLocation extends BitField {
  /** its bits, moved down to bit 0 */
  readonly mask: number;
}

/** An actor that offers events of its own: where its location is, and by location the events. */
export interface SpontaneousActor {
  readonly location: FieldLocation;
  readonly own: readonly Int32Array[];
}

/** Where messages wait: by location of the receiver whether it takes them, by bit the event of delivery. */
export interface PackedMailbox {
  readonly pending: FieldLocation;
  readonly location: FieldLocation;
  readonly accepts: readonly boolean[];
  readonly deliveries: readonly number[];
}

/** Which events can be taken in a packed state, straight from its bits: what `enabled` of the program says. */
export class EnabledEvents {
  readonly initiators: readonly SpontaneousActor[];
  readonly mailboxes: readonly PackedMailbox[];
  /** by word: the bits of mailboxes */
  private readonly waiting: readonly { readonly word: number; readonly bits: number }[];

  constructor(twin: InstrumentedProgram, state: Int32Array) {
    const { initiators, mailboxes } = twin.program;
    const placeOf = (cell: ActorRuntime['location'] | Mailbox['pending']): FieldLocation => {
      twin.record(state, () => cell.show());
      // those of a bitmap stand side by side
      const first = twin.read[0];
      const slot = { ...first, width: twin.read.reduce((sum, { width }) => sum + width, 0) };
      return { ...slot, mask: maskOf(slot) };
    };
    this.initiators = initiators.map(({ location, own }) => ({ location: placeOf(location), own }));
    this.mailboxes = mailboxes.map(({ pending, location, arrows, deliveries }) => ({
      pending: placeOf(pending),
      location: placeOf(location),
      accepts: arrows.map(({ length }) => length > 0),
      deliveries,
    }));
    const words = [...new Set(this.mailboxes.map(({ pending }) => pending.at))];
    this.waiting = words.map((word) => ({
      word,
      bits: this.mailboxes.reduce(
        (bits, { pending: { at, mask, shift } }) => (at === word ? bits | (mask << shift) : bits),
        0,
      ),
    }));
  }

  /** Writes the events, returns how many. */
  of(state: Int32Array, out: Int32Array): number {
    const { initiators, mailboxes } = this;
    let n = 0;
    for (let i = 0; i < initiators.length; i++) {
      const { own, location } = initiators[i];
      const events = own[readField(location, state)];
      for (let e = 0; e < events.length; e++) out[n++] = events[e];
    }
    if (!this.someWait(state)) return n;
    for (let m = 0; m < mailboxes.length; m++) {
      const { pending, location, accepts, deliveries } = mailboxes[m];
      let bits = readField(pending, state);
      if (bits === 0 || !accepts[readField(location, state)]) continue;
      for (; bits !== 0; bits &= bits - 1) out[n++] = deliveries[31 - Math.clz32(bits & -bits)];
    }
    return n;
  }

  /** Whether a message waits somewhere. */
  private someWait(state: Int32Array): boolean {
    const { waiting } = this;
    for (let i = 0; i < waiting.length; i++) {
      const { word, bits } = waiting[i];
      if ((state[word] & bits) !== 0) return true;
    }
    return false;
  }
}

/** The value of a field. */
export const readField = ({ at, shift, mask }: FieldLocation, state: Int32Array): number =>
  (state[at] >>> shift) & mask;
