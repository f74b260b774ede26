import { Fingerprint } from '../storage/incremental-fingerprint.ts';

const slotWords = 3;
const maxLoad = 0.7;

/** Numbers states in the order in which they come, by their 64-bit fingerprints: open addressing, 12 bytes a slot. */
export class StateIndex {
  size = 0;
  private slots = new Int32Array(slotWords * (1 << 14));
  private readonly fingerprint: Fingerprint;

  /** @param words of a state */
  constructor(words: number) {
    this.fingerprint = new Fingerprint(words);
  }

  /** The number of a state; the next one, where the state is new. */
  idOf(state: Int32Array): number {
    this.fingerprint.rebase(state);
    const { high, low } = this.fingerprint;
    const at = placeOf(this.slots, high, low);
    const number = this.slots[at + 2];
    if (number !== 0) return number - 1;
    this.slots[at] = high;
    this.slots[at + 1] = low;
    this.slots[at + 2] = ++this.size;
    if (this.size > (this.slots.length / slotWords) * maxLoad) this.grow();
    return this.size - 1;
  }

  get bytes(): number {
    return this.slots.byteLength;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let from = 0; from < old.length; from += slotWords) {
      if (old[from + 2] === 0) continue;
      const at = placeOf(this.slots, old[from], old[from + 1]);
      this.slots.set(old.subarray(from, from + slotWords), at);
    }
  }
}

/** Where a fingerprint is, or where it belongs. A slot is free while its number is 0. */
function placeOf(slots: Int32Array, high: number, low: number): number {
  const count = slots.length / slotWords;
  let slot = (low >>> 0) & (count - 1);
  for (;;) {
    const at = slot * slotWords;
    if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
    slot = (slot + 1) & (count - 1);
  }
}
