import type { Program } from '../compile/program.ts';
import { Twin } from '../compile/twin.ts';
import { maskOf } from '../model/watched-layout.ts';
import { Offers } from './offers.ts';

/** Which bits of the state a step read and wrote, by word: what decides whether the order of two steps matters. */
export interface Footprint {
  readonly reads: Int32Array;
  readonly writes: Int32Array;
}

/** What single steps read and write, found by taking them on a twin of the program whose memory is watched. */
export class Footprints {
  private readonly twin: Twin;
  private readonly offers: Offers;

  constructor(private readonly program: Program) {
    this.twin = new Twin(program);
    this.offers = new Offers(this.twin.program);
  }

  /** What a choice reads and writes when it is taken in a state that offers it. A field that is touched at all counts as a whole. */
  of(state: Int32Array, number: number): Footprint {
    const { twin, offers, program } = this;
    twin.watch(state, () => offers.take(number));
    const reads = new Int32Array(program.state.length);
    const writes = new Int32Array(program.state.length);
    for (const slot of twin.read) reads[slot.at] = (reads[slot.at] as number) | (maskOf(slot) << slot.shift);
    const written = twin.writes();
    for (let n = 0; n < written.length; n += 3) writes[written[n] as number] = ~(written[n + 1] as number);
    return { reads, writes };
  }
}

/** Whether one of two steps writes what the other reads or writes. */
export function conflict(one: Footprint, other: Footprint): boolean {
  for (let n = 0; n < one.writes.length; n++) {
    const [reads, writes] = [other.reads[n] as number, other.writes[n] as number];
    if (((one.writes[n] as number) & (reads | writes)) !== 0) return true;
    if (((one.reads[n] as number) & writes) !== 0) return true;
  }
  return false;
}
