import { hashTriple } from './hash-triple.ts';
import { cacheBytes, OperationCache } from './operation-cache.ts';

/** The terminals: the empty set of states, and the set of all. */
export const none = 0;
export const all = 1;

/** Level of the terminals: below every variable. */
const terminalLevel = 0xffff;

/** Codes of operations in the operation cache. Those of relations are added to a multiple of `operationCodes`. */
export const Operation = { and: 1, or: 2, difference: 3, implies: 4, image: 5, preimage: 6, saturate: 7 } as const;
export const operationCodes = 8;

/** Is thrown if a diagram does not fit into the memory of its table. */
export class OutOfNodes extends Error {}

/** Is thrown by an operation that pauses. What it has computed is cached, so it goes on when it is called again. */
export class Paused extends Error {}

/** Memory of a node, in bytes, with its mark during a collection. */
const bytesPerNode = 15;

const minBuckets = 1 << 14;

/** Returns how many nodes fit into memory, with their buckets and the operation cache: at least the terminals. */
export function nodesWithin(bytes: number): number {
  let most = all + 1;
  for (let buckets = minBuckets; buckets < bytes; buckets *= 2) {
    const rest = bytes - 4 * buckets - cacheBytes(buckets);
    most = Math.max(most, Math.min(buckets, Math.floor(rest / bytesPerNode)));
  }
  return most;
}

/**
 * Reduced ordered binary decision diagrams (R. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, IEEE
 * Transactions on Computers, 1986). A diagram is the index of its root node. Equal functions are equal indices, since a
 * unique table holds each node once. Results of operations are cached.
 *
 * Nodes are never freed during an operation. `collect` frees all that its caller does not need.
 */
export class DecisionDiagrams {
  /** by node: its level, 0 at the top, and its successors for 0 and for 1 */
  readonly level: Uint16Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** by node: the next one of its bucket, or of the free nodes */
  private readonly next: Int32Array;
  private buckets = new Int32Array(minBuckets);
  private readonly cache = new OperationCache(minBuckets);
  /** nodes that were ever used */
  end = 2;
  private firstFree = 0;
  private freeCount = 0;
  /** nodes that were made so far, freed ones included */
  made = 0;
  /** most nodes at one time */
  peak = 2;
  /** results that operations may compute until one of them pauses; they never do if it is not positive */
  resultsLeft = 0;

  /** @param maxNodes most nodes; their memory is reserved, and used as they are made */
  constructor(readonly maxNodes: number) {
    this.level = new Uint16Array(maxNodes);
    this.low = new Int32Array(maxNodes);
    this.high = new Int32Array(maxNodes);
    this.next = new Int32Array(maxNodes);
    this.level[none] = this.level[all] = terminalLevel;
    this.low[all] = this.high[all] = all;
  }

  /** Returns the number of nodes. */
  get nodes(): number {
    return this.end - this.freeCount;
  }

  /** Returns the memory that is used, in bytes. */
  get bytes(): number {
    return 14 * this.end + 4 * this.buckets.length + this.cache.bytes;
  }

  /**
   * Returns the node with these successors.
   * @throws OutOfNodes
   */
  node(level: number, low: number, high: number): number {
    if (low === high) return low;
    const bucket = hashTriple(level, low, high) & (this.buckets.length - 1);
    for (let n = this.buckets[bucket]; n !== 0; n = this.next[n]) {
      if (this.low[n] === low && this.high[n] === high && this.level[n] === level) return n;
    }
    return this.insert(level, low, high);
  }

  private insert(level: number, low: number, high: number): number {
    this.made++;
    let n = this.firstFree;
    if (n !== 0) {
      this.firstFree = this.next[n];
      this.freeCount--;
    } else {
      if (this.end === this.maxNodes) throw new OutOfNodes();
      n = this.end++;
    }
    this.level[n] = level;
    this.low[n] = low;
    this.high[n] = high;
    if (this.nodes > this.peak) this.peak = this.nodes;
    if (this.nodes > this.buckets.length) this.grow(n);
    const bucket = hashTriple(level, low, high) & (this.buckets.length - 1);
    this.next[n] = this.buckets[bucket];
    this.buckets[bucket] = n;
    return n;
  }

  /** Doubles the buckets, and the cache up to its limit. */
  private grow(unlinked: number): void {
    this.link(2 * this.buckets.length, (n) => n !== unlinked && this.level[n] !== freeLevel);
    this.cache.grow();
  }

  /** Puts the nodes that are in use into new buckets. */
  private link(size: number, isUsed: (node: number) => boolean): void {
    const { level, low, high, next } = this;
    const buckets = new Int32Array(size);
    for (let n = 2; n < this.end; n++) {
      if (!isUsed(n)) continue;
      const bucket = hashTriple(level[n], low[n], high[n]) & (size - 1);
      next[n] = buckets[bucket];
      buckets[bucket] = n;
    }
    this.buckets = buckets;
  }

  /** Frees all nodes that are in none of these diagrams. Results of operations on those that stay are still cached. */
  collect(roots: Iterable<number>): void {
    const marked = new Uint8Array(this.end).fill(1, none, all + 1);
    for (const root of roots) this.mark(root, marked);
    this.cache.keep(marked);
    this.firstFree = 0;
    this.freeCount = 0;
    this.link(this.buckets.length, (n) => marked[n] === 1);
    for (let n = this.end - 1; n >= 2; n--) {
      if (marked[n] === 1) continue;
      this.level[n] = freeLevel;
      this.next[n] = this.firstFree;
      this.firstFree = n;
      this.freeCount++;
    }
  }

  private mark(node: number, marked: Uint8Array): void {
    if (node < 2 || marked[node] === 1) return;
    marked[node] = 1;
    this.mark(this.low[node], marked);
    this.mark(this.high[node], marked);
  }

  /** Returns the cached result of an operation, or -1. */
  recall(operation: number, one: number, other: number): number {
    return this.cache.recall(operation, one, other);
  }

  /**
   * Caches the result of an operation.
   * @throws Paused if that is due
   */
  remember(operation: number, one: number, other: number, result: number): void {
    this.cache.store(operation, one, other, result);
    if (--this.resultsLeft === 0) throw new Paused();
  }

  /** Caches the result of an operation. Does not pause. */
  store(operation: number, one: number, other: number, result: number): void {
    this.cache.store(operation, one, other, result);
  }

  /** Returns the set of the states in which a variable is 1. */
  variable(level: number): number {
    return this.node(level, none, all);
  }

  /** Returns the intersection. */
  and(one: number, other: number): number {
    if (one === none || other === none) return none;
    if (one === all || one === other) return other;
    if (other === all) return one;
    const [a, b] = one < other ? [one, other] : [other, one];
    const known = this.recall(Operation.and, a, b);
    if (known >= 0) return known;
    const { level, low, high } = this;
    const [la, lb] = [level[a], level[b]];
    const top = la < lb ? la : lb;
    const result = this.node(
      top,
      this.and(la === top ? low[a] : a, lb === top ? low[b] : b),
      this.and(la === top ? high[a] : a, lb === top ? high[b] : b),
    );
    this.remember(Operation.and, a, b, result);
    return result;
  }

  /** Returns the union. */
  or(one: number, other: number): number {
    if (one === all || other === all) return all;
    if (one === none || one === other) return other;
    if (other === none) return one;
    const [a, b] = one < other ? [one, other] : [other, one];
    const known = this.recall(Operation.or, a, b);
    if (known >= 0) return known;
    const { level, low, high } = this;
    const [la, lb] = [level[a], level[b]];
    const top = la < lb ? la : lb;
    const result = this.node(
      top,
      this.or(la === top ? low[a] : a, lb === top ? low[b] : b),
      this.or(la === top ? high[a] : a, lb === top ? high[b] : b),
    );
    this.remember(Operation.or, a, b, result);
    return result;
  }

  /** Returns what is in the first set and not in the second. */
  difference(one: number, other: number): number {
    if (one === none || other === all || one === other) return none;
    if (other === none) return one;
    const known = this.recall(Operation.difference, one, other);
    if (known >= 0) return known;
    const { level, low, high } = this;
    const [la, lb] = [level[one], level[other]];
    const top = la < lb ? la : lb;
    const result = this.node(
      top,
      this.difference(la === top ? low[one] : one, lb === top ? low[other] : other),
      this.difference(la === top ? high[one] : one, lb === top ? high[other] : other),
    );
    this.remember(Operation.difference, one, other, result);
    return result;
  }

  /** Returns the complement. */
  not(one: number): number {
    return this.difference(all, one);
  }

  /** Returns the set of the states in which both functions are equal. */
  equal(one: number, other: number): number {
    return this.or(this.and(one, other), this.not(this.or(one, other)));
  }

  /** Returns whether the first set is a subset of the second. Makes no node. */
  implies(one: number, other: number): boolean {
    if (one === none || other === all || one === other) return true;
    if (one === all || other === none) return false;
    const known = this.recall(Operation.implies, one, other);
    if (known >= 0) return known === 1;
    const { level, low, high } = this;
    const [la, lb] = [level[one], level[other]];
    const top = la < lb ? la : lb;
    const result =
      this.implies(la === top ? low[one] : one, lb === top ? low[other] : other) &&
      this.implies(la === top ? high[one] : one, lb === top ? high[other] : other);
    this.remember(Operation.implies, one, other, result ? 1 : 0);
    return result;
  }

  /** Returns whether two sets have a state in common. */
  intersects(one: number, other: number): boolean {
    return this.and(one, other) !== none;
  }

  /**
   * Finds a state of a set that is not empty. Calls `choose` with each level on the way and the value there; other
   * variables are free.
   */
  pick(set: number, choose: (level: number, value: 0 | 1) => void): void {
    const { level, low, high } = this;
    for (let n = set; n !== all; ) {
      const value = low[n] === none ? 1 : 0;
      choose(level[n], value);
      n = value === 1 ? high[n] : low[n];
    }
  }

  /** Returns the number of nodes of a diagram, terminals not counted. */
  size(root: number): number {
    const marked = new Uint8Array(this.end);
    this.mark(root, marked);
    let count = 0;
    for (let n = 2; n < this.end; n++) count += marked[n];
    return count;
  }
}

/** Level of a free node. */
const freeLevel = 0xfffe;
