import { copyInto } from '../../cache/growable-array.ts';

/** Numbers different tuples of words from 0, in the order in which they come. */
export class WordTuples {
  /** number of different tuples */
  count = 0;
  private words = new Int32Array(1 << 12);
  /** open addressing: one more than the number of a tuple, or 0 */
  private table = new Int32Array(1 << 10);

  /** @param width words of a tuple */
  constructor(private readonly width: number) {}

  get bytes(): number {
    return this.words.byteLength + this.table.byteLength;
  }

  /** Returns the number of a tuple. A new one gets the next number. */
  intern(tuple: Int32Array): number {
    if (2 * this.count >= this.table.length) this.grow();
    const slot = this.find(tuple);
    if (this.table[slot] > 0) return this.table[slot] - 1;
    const { width, count } = this;
    if ((count + 1) * width > this.words.length) {
      this.words = copyInto(this.words, new Int32Array(2 * this.words.length));
    }
    this.words.set(tuple, count * width);
    this.table[slot] = ++this.count;
    return count;
  }

  /** Returns the tuple of a number. It must not be changed. */
  tuple(id: number): Int32Array {
    return this.words.subarray(id * this.width, (id + 1) * this.width);
  }

  /** Returns where a tuple is in the table, or would be. */
  private find(tuple: Int32Array): number {
    const { width, words, table } = this;
    let hash = 0x811c9dc5;
    for (let n = 0; n < width; n++) hash = Math.imul(hash ^ tuple[n] ^ (tuple[n] >>> 15), 0x01000193);
    let slot = (hash ^ (hash >>> 16)) & (table.length - 1);
    for (; table[slot] > 0; slot = (slot + 1) & (table.length - 1)) {
      const at = (table[slot] - 1) * width;
      let n = 0;
      while (n < width && words[at + n] === tuple[n]) n++;
      if (n === width) break;
    }
    return slot;
  }

  private grow(): void {
    this.table = new Int32Array(2 * this.table.length);
    for (let id = 0; id < this.count; id++) this.table[this.find(this.tuple(id))] = id + 1;
  }
}
