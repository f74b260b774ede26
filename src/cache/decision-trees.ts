import { PrecopyError } from '../model/errors.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf } from './access-sets.ts';
import { copyInto } from './grow-array.ts';

/** Trees of one kind grow up to so many words, 32 MiB. */
export const maxTreeWords = 1 << 23;

/** At most so many bits are looked at in one node, which has an entry for each of their values. */
const bitsPerNode = 5;
/** Nodes begin at multiples of so many words. */
const alignmentBits = 2;
const alignment = 1 << alignmentBits;
/** Bits of an entry that say what to look at next. */
const headerBits = 9;
/** From so many words on nothing is learned any more: an entry has bits for 2^24, of which one path takes less than 2^15. */
const mostWords = (1 << 24) - (1 << 15);

/**
 * Decision trees over the fields of packed states, in one array. A node is an entry for each value of some bits of a word. An entry is 0 where nothing
 * is known yet, or the place of the next node with the number of the header that says what bits to look at there: so one cache line is read a
 * node. A leaf is a node with one entry, which is negative and leads to itself, and behind it what the leaf says: so several trees can be
 * walked step by step together, each as long as the longest takes. A root is the place of one entry.
 */
export class DecisionTrees {
  /** Place 0 is the leaf of all that is not known. */
  private nodes = new Int32Array(1 << 12);
  private end = 0;
  /** which bits of which word; number 0 looks at none */
  private readonly headers = new Int32Array(1 << headerBits);
  private headerCount = 1;

  constructor() {
    this.clear();
  }

  /** A tree that knows nothing. */
  newTree(): number {
    return this.allocate(1);
  }

  /** Forgets all trees. */
  clear(): void {
    this.nodes.fill(0, 0, this.end);
    this.end = 0;
    this.leaf(-1);
  }

  /** Words of memory in use. */
  get words(): number {
    return this.end;
  }

  /** The leaf that a state leads to, or -1. */
  find(root: number, state: Int32Array): number {
    const { nodes, headers } = this;
    let entry = nodes[root];
    while (entry >= 0) {
      const header = headers[entry & headerMask];
      entry = nodes[(placeIn(entry) + valueIn(header, state, 0)) | 0];
    }
    return nodes[placeIn(entry) + 1];
  }

  /**
   * As `find`, for four trees together, which takes little longer than for one.
   * @param first where their roots are in `roots`
   * @param at where the state begins in `states`
   * @param leaves gets the four leaves
   */
  findFour(roots: Int32Array, first: number, states: Int32Array, at: number, leaves: Int32Array): void {
    const { nodes, headers } = this;
    let a = nodes[roots[first]];
    let b = nodes[roots[first + 1]];
    let c = nodes[roots[first + 2]];
    let d = nodes[roots[first + 3]];
    while ((a & b & c & d) >= 0) {
      a = nodes[(placeIn(a) + valueIn(headers[a & headerMask], states, at)) | 0];
      b = nodes[(placeIn(b) + valueIn(headers[b & headerMask], states, at)) | 0];
      c = nodes[(placeIn(c) + valueIn(headers[c & headerMask], states, at)) | 0];
      d = nodes[(placeIn(d) + valueIn(headers[d & headerMask], states, at)) | 0];
    }
    leaves[0] = nodes[placeIn(a) + 1];
    leaves[1] = nodes[placeIn(b) + 1];
    leaves[2] = nodes[placeIn(c) + 1];
    leaves[3] = nodes[placeIn(d) + 1];
  }

  /**
   * Leads all states that agree with `state` in some fields to a leaf, as long as there is room.
   * @param read those fields, in the order in which they were read: what was read next depends on nothing but the values before
   * @returns false where the tree has another field in that place: then what was learned is no function of the state
   */
  tryInsert(root: number, read: readonly BitField[], state: Int32Array, leaf: number): boolean {
    if (this.end > mostWords) return true;
    const rest = read.map((slot) => ({ at: slot.at, bits: bitsOf(slot) }));
    let at = root;
    for (let n = 0; n < rest.length; n++) {
      const next = rest[n];
      while (next.bits !== 0) {
        const bit = 31 - Math.clz32(next.bits & -next.bits);
        let entry = this.nodes[at];
        if (entry === 0) {
          entry = this.nodeFor(next.at, bit, rest);
          if (entry === 0) return true;
          this.nodes[at] = entry;
        }
        const header = this.headers[entry & headerMask];
        const seen = maskOf(header) << header;
        if (entry < 0 || header >>> 10 !== next.at || (seen & (1 << bit)) === 0) return false;
        for (const one of rest) if (one.at === next.at) one.bits &= ~seen;
        at = placeIn(entry) + valueIn(header, state, 0);
      }
    }
    if (this.nodes[at] !== 0) return false;
    const entry = this.leaf(leaf);
    this.nodes[at] = entry;
    return true;
  }

  /** A node that looks at a bit of a word, and at those behind it that are to be read as well; the entry that leads to it, 0 where there are too many headers. */
  private nodeFor(word: number, bit: number, rest: readonly { readonly at: number; readonly bits: number }[]): number {
    const others = ~rest.reduce((all, one) => (one.at === word ? all | one.bits : all), 0) >> bit;
    const width = Math.min(bitsPerNode, others === 0 ? 32 - bit : 31 - Math.clz32(others & -others));
    const mask = (1 << width) - 1;
    const header = this.numberOf((word << 10) | (mask << 5) | bit);
    return header < 0 ? 0 : entryOf(this.allocate(mask + 1), header);
  }

  /**
   * The same.
   * @throws PrecopyError `INTERNAL` where what was learned is no function of the state
   */
  insert(root: number, read: readonly BitField[], state: Int32Array, leaf: number): void {
    if (this.tryInsert(root, read, state, leaf)) return;
    throw new PrecopyError(
      'INTERNAL',
      'an action, a guard or a property did something else on the same values of the cells that it read',
      'please report this, unless one of them depends on something beside the cells, the event and the sizes',
    );
  }

  /** Makes a leaf; the entry that leads to it. */
  private leaf(value: number): number {
    const at = this.allocate(2);
    const entry = isLeaf | entryOf(at, 0);
    this.nodes[at] = entry;
    this.nodes[at + 1] = value;
    return entry;
  }

  /** The number of a header, -1 where there are too many. */
  private numberOf(header: number): number {
    const known = this.headers.subarray(0, this.headerCount).indexOf(header);
    if (known >= 0) return known;
    if (this.headerCount === this.headers.length) return -1;
    this.headers[this.headerCount] = header;
    return this.headerCount++;
  }

  private allocate(words: number): number {
    const at = this.end;
    this.end += Math.ceil(words / alignment) * alignment;
    if (this.end > this.nodes.length) {
      this.nodes = copyInto(this.nodes, new Int32Array(2 * this.nodes.length));
    }
    return at;
  }
}

const headerMask = (1 << headerBits) - 1;
const isLeaf = 1 << 31;
const entryOf = (place: number, header: number): number => (place << (headerBits - alignmentBits)) | header;

/** Where the node begins that an entry leads to. */
const placeIn = (entry: number): number => ((entry & ~isLeaf) >>> headerBits) << alignmentBits;

/** The bits that a header says to look at: which they are, moved down to bit 0, and what they are. */
const maskOf = (header: number): number => (header >>> 5) & 31;
const valueIn = (header: number, states: Int32Array, at: number): number =>
  (states[(at + (header >>> 10)) | 0] >>> header) & maskOf(header);
