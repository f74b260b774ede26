import { assertInvariant } from '../assert-invariant.ts';
import { AppendableArray } from '../storage/appendable-array.ts';

/**
 * The graph of all reachable states. States are numbered in the order of their discovery by breadth-first search.
 *
 * The edges of a state are consecutive: for each the choice, and the difference of its target from the target of the
 * edge before (from the state itself, for the first), as numbers of seven bits a byte (LEB128). The new states that a
 * state discovers have consecutive ids, so most differences are short: an edge takes some 3.3 bytes.
 */
export class StateGraph {
  /** first state of each level, which begins at a distance from the initial state that is its index */
  readonly levels: number[] = [0];
  private readonly starts: AppendableArray<Uint32Array>;
  private readonly code: AppendableArray<Uint8Array>;
  private lastTarget = 0;
  /** number of edges */
  edges = 0;

  /** @param maxBytes largest size of the graph */
  constructor(maxBytes: number) {
    this.starts = new AppendableArray(Uint32Array, maxBytes);
    this.code = new AppendableArray(Uint8Array, maxBytes);
    this.starts.push(0);
  }

  /** number of states whose edges are in the graph */
  get states(): number {
    return this.starts.length - 1;
  }

  /** by state: offset of its edges; one more at the end */
  get first(): Uint32Array {
    return this.starts.values;
  }

  /** encoded edges */
  get edgeCode(): Uint8Array {
    return this.code.values;
  }

  /** memory of the graph, in bytes */
  get bytes(): number {
    return this.starts.bytes + this.code.bytes;
  }

  /** Appends an edge of the next state, whose other edges may follow. */
  addEdge(target: number, choice: number): void {
    if (this.starts.values[this.states] === this.code.length) this.lastTarget = this.states;
    const difference = target - this.lastTarget;
    this.lastTarget = target;
    this.edges++;
    this.pushNumber(choice);
    this.pushNumber(difference < 0 ? -2 * difference - 1 : 2 * difference);
  }

  /** Ends the edges of the next state. */
  endState(): void {
    this.starts.push(this.code.length);
  }

  private pushNumber(value: number): void {
    const { code } = this;
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) code.push((rest & 127) | 128);
    code.push(rest);
  }

  /**
   * Returns the choices of a shortest path from the initial state. The predecessor of a state is the first state that
   * has an edge to it, and is in the level before.
   */
  pathTo(state: number): number[] {
    const choices: number[] = [];
    const edge = new EdgeCursor(this);
    let level = this.levels.findLastIndex((first) => first <= state);
    for (let at = state; level > 0; level--) {
      let parent = this.levels[level - 1];
      const end = this.levels[level];
      for (; parent < end && !edge.findTarget(parent, at); parent++);
      assertInvariant(parent < end, 'each state has a predecessor in the level before');
      choices.push(edge.choice);
      at = parent;
    }
    return choices.reverse();
  }
}

/** A position in the edges of a complete graph. */
export class EdgeCursor {
  /** the current edge */
  target = 0;
  choice = 0;
  /** offset of the next edge, and of the end of the edges of the state */
  offset = 0;
  private end = 0;
  private readonly first: Uint32Array;
  private readonly code: Uint8Array;

  constructor(graph: StateGraph) {
    this.first = graph.first;
    this.code = graph.edgeCode;
  }

  /** Moves before the first edge of a state. */
  seek(state: number): void {
    this.offset = this.first[state];
    this.end = this.first[state + 1];
    this.target = state;
  }

  /** Moves to the edge of a state that ends at `offset` and leads to `target`. */
  resume(state: number, offset: number, target: number): void {
    this.offset = offset;
    this.end = this.first[state + 1];
    this.target = target;
  }

  /** Moves to the next edge of the state. Returns false if there is none. */
  next(): boolean {
    if (this.offset === this.end) return false;
    this.choice = this.number();
    const difference = this.number();
    this.target += (difference & 1) === 1 ? -(difference + 1) / 2 : difference / 2;
    return true;
  }

  /** Moves to the first edge of a state to a target. Returns false if there is none. */
  findTarget(state: number, target: number): boolean {
    this.seek(state);
    while (this.next()) if (this.target === target) return true;
    return false;
  }

  private number(): number {
    const { code } = this;
    let byte = code[this.offset++];
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let factor = 128; byte >= 128; factor *= 128) {
      byte = code[this.offset++];
      value += (byte & 127) * factor;
    }
    return value;
  }
}
