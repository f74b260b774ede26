import { PrecopyError } from '../model/errors.ts';
import type { Slot } from '../model/memory.ts';

/** Trees of one kind grow up to so many words, 64 MiB. */
export const enoughWords = 1 << 24;

/** At most so many bits are looked at in one node, which has a child for each of their values. */
const bitsPerNode = 5;

/**
 * Decision trees over the fields of packed states, in one array. A node is a header, which says what bits of which word to look at, and a
 * child for each of their values: the place of a node, `~leaf`, or 0 where nothing is known yet. A root is the place of one child.
 */
export class DecisionTrees {
  /** The nodes. Place 0 stands for nothing. */
  nodes = new Int32Array(1 << 12);
  private end = 1;

  /** A tree that knows nothing. */
  plant(): number {
    return this.allocate(1);
  }

  /** Forgets all trees. */
  clear(): void {
    this.nodes.fill(0, 0, this.end);
    this.end = 1;
  }

  /** Words of memory in use. */
  get words(): number {
    return this.end;
  }

  /** The leaf that a state leads to, or -1. */
  find(root: number, state: Int32Array): number {
    const { nodes } = this;
    let at = nodes[root] as number;
    while (at > 0) {
      const header = nodes[at] as number;
      at = nodes[at + 1 + (((state[header >>> 10] as number) >>> header) & ((header >>> 5) & 31))] as number;
    }
    return ~at;
  }

  /**
   * Leads all states that agree with `state` in some fields to a leaf.
   * @param read those fields, in the order in which they were read: what was read next depends on nothing but the values before
   * @returns false where the tree has another field in that place: then what was learned is no function of the state
   */
  grow(root: number, read: readonly Slot[], state: Int32Array, leaf: number): boolean {
    let at = root;
    for (const { at: word, shift, width } of read) {
      for (let bit = 0; bit < width; bit += bitsPerNode) {
        const mask = (1 << Math.min(bitsPerNode, width - bit)) - 1;
        const header = (word << 10) | (mask << 5) | (shift + bit);
        let node = this.nodes[at] as number;
        if (node === 0) {
          node = this.allocate(mask + 2);
          this.nodes[node] = header;
          this.nodes[at] = node;
        }
        if (node < 0 || this.nodes[node] !== header) return false;
        at = node + 1 + (((state[word] as number) >>> (shift + bit)) & mask);
      }
    }
    if (this.nodes[at] !== 0) return false;
    this.nodes[at] = ~leaf;
    return true;
  }

  /**
   * The same.
   * @throws PrecopyError `INTERNAL` where what was learned is no function of the state
   */
  learn(root: number, read: readonly Slot[], state: Int32Array, leaf: number): void {
    if (this.grow(root, read, state, leaf)) return;
    throw new PrecopyError(
      'INTERNAL',
      'an action, a guard or a property did something else on the same values of the cells that it read',
      'please report this, unless one of them depends on something beside the cells, the event and the sizes',
    );
  }

  private allocate(words: number): number {
    const at = this.end;
    this.end += words;
    if (this.end > this.nodes.length) {
      const larger = new Int32Array(2 * this.nodes.length);
      larger.set(this.nodes);
      this.nodes = larger;
    }
    return at;
  }
}
