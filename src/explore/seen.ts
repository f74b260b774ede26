const segments = 64;
const maxLoad = 0.75;
const growth = 1.4;

/**
 * The set of fingerprints seen so far: open addressing in typed arrays, 8 bytes a slot. The table is cut into segments that grow one by
 * one, so that growing needs little memory beside what is there; a stored fingerprint takes 10.7 to 15 bytes.
 */
export class Seen {
  private readonly slots: Int32Array[];
  private readonly used = new Int32Array(segments);
  size = 0;

  constructor() {
    this.slots = Array.from({ length: segments }, () => new Int32Array(2 * 4096));
  }

  /** Adds a fingerprint; false when it was there. */
  add(high: number, low: number): boolean {
    if (high === 0 && low === 0) return this.add(0, 1);
    const segment = low & (segments - 1);
    const slots = this.slots[segment] as Int32Array;
    if (!insert(slots, high, low)) return false;
    this.size++;
    const used = (this.used[segment] as number) + 1;
    this.used[segment] = used;
    if (used > (slots.length / 2) * maxLoad) this.grow(segment);
    return true;
  }

  /** Reads the places where these fingerprints will be looked for, so that they are in the cache when they are. */
  touch(high: Int32Array, low: Int32Array, count: number): number {
    let read = 0;
    for (let n = 0; n < count; n++) {
      const slots = this.slots[(low[n] as number) & (segments - 1)] as Int32Array;
      read ^= slots[homeOf(slots, high[n] as number)] as number;
    }
    return read;
  }

  get bytes(): number {
    return this.slots.reduce((sum, slots) => sum + slots.byteLength, 0);
  }

  private grow(segment: number): void {
    const old = this.slots[segment] as Int32Array;
    const slots = new Int32Array(2 * Math.ceil((old.length / 2) * growth));
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] as number;
      const low = old[at + 1] as number;
      if (high !== 0 || low !== 0) insert(slots, high, low);
    }
    this.slots[segment] = slots;
  }
}

function insert(slots: Int32Array, high: number, low: number): boolean {
  let at = homeOf(slots, high);
  for (;;) {
    const there = slots[at] as number;
    const thereLow = slots[at + 1] as number;
    if (there === high && thereLow === low) return false;
    if (there === 0 && thereLow === 0) break;
    at += 2;
    if (at === slots.length) at = 0;
  }
  slots[at] = high;
  slots[at + 1] = low;
  return true;
}

/** Where a fingerprint is looked for first. */
function homeOf(slots: Int32Array, high: number): number {
  return 2 * Math.floor(((high >>> 0) * (slots.length >>> 1)) / 4294967296);
}
