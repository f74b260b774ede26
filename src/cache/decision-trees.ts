import { PrecopyError } from '../model/errors.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf } from './access-sets.ts';
import { copyInto } from './growable-array.ts';

/** A cache is full when its trees have this many words: 32 MiB. */
export const maxTreeWords = 1 << 23;

/** Maximum number of bits that a node tests. It has an entry for each of their values. */
const bitsPerNode = 5;
/** Nodes are aligned to multiples of `alignment` words. */
const alignmentBits = 2;
const alignment = 1 << alignmentBits;
/** Bits of an entry that hold the index of a header. */
const headerBits = 9;
/** Words at first. */
const initialWords = 1 << 10;
/** Trees of this size insert nothing: an entry can address 2^24 words, of which one path takes less than 2^15. */
const maxWords = (1 << 24) - (1 << 15);

/**
 * Decision trees over the bits of packed states, in one array. An inner node tests some adjacent bits of a word and has
 * an entry for each of their values. An entry is 0 if nothing is known, else the offset of the next node and the index
 * of the header that says which bits that node tests: so each node costs one cache line. A leaf is a negative entry
 * that leads to itself, followed by the value: so several trees can be walked in lockstep until the deepest is at its
 * leaf. A root is the offset of an entry.
 */
export class DecisionTrees {
  /** offset 0 is the leaf for unknown, with value -1 */
  private nodes = new Int32Array(0);
  private end = 0;
  /** word (from bit 10), mask (bits 5 to 9) and first bit (bits 0 to 4) that a node tests; header 0 tests none */
  private readonly headers = new Int32Array(1 << headerBits);
  private headerCount = 1;

  constructor() {
    this.clear();
  }

  /** Creates an empty tree and returns its root. */
  newTree(): number {
    return this.allocate(1);
  }

  /** Deletes all trees. */
  clear(): void {
    this.nodes = new Int32Array(initialWords);
    this.headerCount = 1;
    this.end = 0;
    this.newLeaf(-1);
  }

  get bytes(): number {
    return this.nodes.byteLength + this.headers.byteLength;
  }

  /** number of words in use */
  get words(): number {
    return this.end;
  }

  /** Returns the value of the leaf of a state, or -1. */
  find(root: number, state: Int32Array): number {
    const { nodes, headers } = this;
    let entry = nodes[root];
    while (entry >= 0) {
      const header = headers[entry & headerMask];
      entry = nodes[(nodeOf(entry) + valueIn(header, state, 0)) | 0];
    }
    return nodes[nodeOf(entry) + 1];
  }

  /**
   * Does `find` in four trees at once, which takes little longer than in one.
   * @param first offset of the four roots in `roots`
   * @param at offset of the state in `states`
   * @param leaves receives the four values
   */
  findFour(roots: Int32Array, first: number, states: Int32Array, at: number, leaves: Int32Array): void {
    const { nodes, headers } = this;
    let a = nodes[roots[first]];
    let b = nodes[roots[first + 1]];
    let c = nodes[roots[first + 2]];
    let d = nodes[roots[first + 3]];
    while ((a & b & c & d) >= 0) {
      a = nodes[(nodeOf(a) + valueIn(headers[a & headerMask], states, at)) | 0];
      b = nodes[(nodeOf(b) + valueIn(headers[b & headerMask], states, at)) | 0];
      c = nodes[(nodeOf(c) + valueIn(headers[c & headerMask], states, at)) | 0];
      d = nodes[(nodeOf(d) + valueIn(headers[d & headerMask], states, at)) | 0];
    }
    leaves[0] = nodes[nodeOf(a) + 1];
    leaves[1] = nodes[nodeOf(b) + 1];
    leaves[2] = nodes[nodeOf(c) + 1];
    leaves[3] = nodes[nodeOf(d) + 1];
  }

  /**
   * Inserts a leaf for all states that agree with `state` in some fields, unless the trees are full.
   * @param read these fields in the order of the reads: which field is read next must depend on the values read before
   * only
   * @returns false if the tree tests another field there: the value is not a function of the state then
   */
  tryInsert(root: number, read: readonly BitField[], state: Int32Array, leaf: number): boolean {
    if (this.end > maxWords) return true;
    const rest = read.map((field) => ({ at: field.at, bits: bitsOf(field) }));
    let at = root;
    for (let n = 0; n < rest.length; n++) {
      const next = rest[n];
      while (next.bits !== 0) {
        const bit = 31 - Math.clz32(next.bits & -next.bits);
        let entry = this.nodes[at];
        if (entry === 0) {
          entry = this.newNode(next.at, bit, rest);
          if (entry === 0) return true;
          this.nodes[at] = entry;
        }
        const header = this.headers[entry & headerMask];
        const tested = testedMask(header) << header;
        if (entry < 0 || header >>> 10 !== next.at || (tested & (1 << bit)) === 0) return false;
        for (const one of rest) if (one.at === next.at) one.bits &= ~tested;
        at = nodeOf(entry) + valueIn(header, state, 0);
      }
    }
    if (this.nodes[at] !== 0) return false;
    const entry = this.newLeaf(leaf);
    this.nodes[at] = entry;
    return true;
  }

  /**
   * Creates a node that tests a bit of a word, and the adjacent higher bits that were read as well. Returns the entry
   * that leads to it, or 0 if there are too many headers.
   */
  private newNode(word: number, bit: number, rest: readonly { readonly at: number; readonly bits: number }[]): number {
    const others = ~rest.reduce((all, one) => (one.at === word ? all | one.bits : all), 0) >> bit;
    const width = Math.min(bitsPerNode, others === 0 ? 32 - bit : 31 - Math.clz32(others & -others));
    const mask = (1 << width) - 1;
    const header = this.headerIndex((word << 10) | (mask << 5) | bit);
    return header < 0 ? 0 : entryOf(this.allocate(mask + 1), header);
  }

  /**
   * Inserts a leaf like `tryInsert`. Returns whether there was room for it.
   * @throws PrecopyError `BAD_DESIGN` if the value is not a function of the state
   */
  insert(root: number, read: readonly BitField[], state: Int32Array, leaf: number): boolean {
    if (this.tryInsert(root, read, state, leaf)) return this.find(root, state) === leaf;
    throw new PrecopyError(
      'BAD_DESIGN',
      'an action, a guard or a property differed between two states with the same values of all cells that it read',
      'let it depend on the cells, the event and the params alone; if it does, please report this',
    );
  }

  /** Creates a leaf and returns the entry that leads to it. */
  private newLeaf(value: number): number {
    const at = this.allocate(2);
    const entry = isLeaf | entryOf(at, 0);
    this.nodes[at] = entry;
    this.nodes[at + 1] = value;
    return entry;
  }

  /** Returns the index of a header; -1 if there are too many. */
  private headerIndex(header: number): number {
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
const entryOf = (at: number, header: number): number => (at << (headerBits - alignmentBits)) | header;

/** Returns the offset of the node that an entry leads to. */
const nodeOf = (entry: number): number => ((entry & ~isLeaf) >>> headerBits) << alignmentBits;

/** Returns the mask of the bits that a header tests, shifted down to bit 0. */
const testedMask = (header: number): number => (header >>> 5) & 31;
/** Returns the value of the bits that a header tests. */
const valueIn = (header: number, states: Int32Array, at: number): number =>
  (states[(at + (header >>> 10)) | 0] >>> header) & testedMask(header);
