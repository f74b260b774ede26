import type { Slot } from '../model/memory.ts';
import { maskOf } from '../model/watched-layout.ts';
import type { Mailbox, Player } from './players.ts';
import type { Twin } from './twin.ts';

/** Where a field is, as numbers that a loop can use. */
interface Place {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

/** Which events can be taken in a packed state, straight from its bits: what `enabled` of the program says. */
export class EnabledEvents {
  private readonly initiators: readonly (Place & { readonly own: readonly Int32Array[] })[];
  private readonly mailboxes: readonly (Place & {
    readonly location: Place;
    readonly accepts: readonly boolean[];
    readonly deliveries: readonly number[];
  })[];
  /** by word: the bits of mailboxes */
  private readonly waiting: readonly { readonly word: number; readonly bits: number }[];

  constructor(twin: Twin, state: Int32Array) {
    const { initiators, mailboxes } = twin.program;
    const placeOf = (cell: Player['location'] | Mailbox['pending']): Place => {
      twin.watch(state, () => cell.show());
      const slot = twin.read[0] as Slot;
      return { word: slot.at, shift: slot.shift, mask: maskOf(slot) };
    };
    this.initiators = initiators.map(({ location, own }) => ({ ...placeOf(location), own }));
    this.mailboxes = mailboxes.map(({ pending, location, arrows, deliveries }) => ({
      ...placeOf(pending),
      location: placeOf(location),
      accepts: arrows.map(({ length }) => length > 0),
      deliveries,
    }));
    const words = [...new Set(this.mailboxes.map(({ word }) => word))];
    this.waiting = words.map((word) => ({
      word,
      bits: this.mailboxes.reduce((bits, box) => (box.word === word ? bits | (box.mask << box.shift) : bits), 0),
    }));
  }

  /** Writes the events, returns how many. */
  of(state: Int32Array, out: Int32Array): number {
    const { initiators, mailboxes, waiting } = this;
    let n = 0;
    for (let i = 0; i < initiators.length; i++) {
      const { own, word, shift, mask } = initiators[i] as (typeof initiators)[0];
      const events = own[((state[word] as number) >>> shift) & mask] as Int32Array;
      for (let e = 0; e < events.length; e++) out[n++] = events[e] as number;
    }
    let some = 0;
    for (let i = 0; i < waiting.length; i++) {
      const { word, bits } = waiting[i] as (typeof waiting)[0];
      some |= (state[word] as number) & bits;
    }
    if (some === 0) return n;
    for (let m = 0; m < mailboxes.length; m++) {
      const { word, shift, mask, location, accepts, deliveries } = mailboxes[m] as (typeof mailboxes)[0];
      let pending = ((state[word] as number) >>> shift) & mask;
      if (pending === 0) continue;
      if (!accepts[((state[location.word] as number) >>> location.shift) & location.mask]) continue;
      for (; pending !== 0; pending &= pending - 1)
        out[n++] = deliveries[31 - Math.clz32(pending & -pending)] as number;
    }
    return n;
  }
}
