import { PrecopyError } from '../../model/errors.ts';
import { AppendableArray } from '../storage/appendable-array.ts';
import type { FairCycleQuery } from './fair-cycle-query.ts';
import { EdgeCursor } from './state-graph.ts';

/** The mark of a state that is to be visited, of one that is also in the queue of roots, and of one outside. */
export const unvisited = 0;
const queued = 1;
export const outside = 2 ** 32 - 1;
const firstIndex = 2;

/** What the depth-first search has seen of a state. */
const Seen = {
  /** no path to a state on the stack that was visited before */
  root: 1,
  /** an edge that some fairness constraint contains */
  obligation: 2,
  /** an edge to itself */
  loop: 4,
} as const;

/** A component of several states, or of one with an edge to itself. The array is overwritten later. */
type OnComponent = (component: Uint32Array, id: number) => void;

/**
 * Strongly connected components, of the states that are marked `unvisited`, with the edges that a run may take
 * infinitely often (D. Pearce, A Space-Efficient Algorithm for Finding Strongly Connected Components, Information
 * Processing Letters 116, 2016; after R. Tarjan, 1972).
 *
 * One number a state, its mark, is in turn the order of its discovery, the least such number that it is known to
 * reach, and the id of its component: ids count down from 2^32, so that they are greater than all of the others. A
 * state is on the path of the search or on the stack, and on neither when its component is known.
 *
 * What differs from the paper: edges that a run takes only finitely often lead to states to visit, but connect nothing.
 */
export class ComponentSearch {
  /** states on the path, offsets of their next edges, and what was seen of them */
  private readonly path: AppendableArray<Uint32Array>;
  private readonly offsets: AppendableArray<Uint32Array>;
  private readonly seen: AppendableArray<Uint8Array>;
  /** visited states whose component is not complete */
  private readonly stack: AppendableArray<Uint32Array>;
  /** states that only edges outside of components have led to so far */
  private readonly roots: AppendableArray<Uint32Array>;
  private readonly edge: EdgeCursor;
  private index = firstIndex;
  private id = outside - 1;
  /** the last state that was left, where the path goes on */
  private last = 0;
  /**
   * by choice: the labels with which it belongs to a fairness constraint, and `anyLabel` if it does with each label
   */
  private readonly obligedWith: Uint16Array;

  /**
   * @param marks by state: `unvisited` or `outside`; afterwards the ids of components, unique over all searches
   * @param onComponent is called with each component that has edges
   * @param onStutter is called with each state that is a component by itself and has no edge of a fairness constraint
   */
  constructor(
    private readonly query: FairCycleQuery,
    private readonly marks: Uint32Array,
    private readonly onComponent: OnComponent,
    private readonly onStutter: (state: number) => void,
  ) {
    const bytes = 4 * marks.length;
    this.path = new AppendableArray(Uint32Array, bytes);
    this.offsets = new AppendableArray(Uint32Array, bytes);
    this.seen = new AppendableArray(Uint8Array, marks.length);
    this.stack = new AppendableArray(Uint32Array, bytes);
    this.roots = new AppendableArray(Uint32Array, bytes);
    this.edge = new EdgeCursor(query.graph);
    const { constraints, constraintsOf } = query;
    this.obligedWith = Uint16Array.from(constraintsOf, (some) =>
      some.reduce((labels, c) => labels | (constraints[c].label || anyLabel), 0),
    );
  }

  /** Finds the components that a state reaches, if it is unvisited. Yields after every so many edges. */
  *searchFrom(state: number, edgesPerYield: number): Generator<void, void> {
    const { marks, path, roots } = this;
    this.roots.push(state);
    while (roots.length > 0) {
      const root = roots.values[--roots.length];
      if (marks[root] > queued) continue;
      this.enter(root);
      while (path.length > 0) {
        this.follow(edgesPerYield);
        if (path.length > 0) yield;
      }
    }
  }

  private enter(state: number): void {
    this.marks[state] = this.index++;
    this.path.push(state);
    this.offsets.push(this.query.graph.first[state]);
    this.seen.push(Seen.root);
    this.last = state;
  }

  /** Goes on with the depth-first search, until it has followed some edges. */
  private follow(edges: number): void {
    const { path, offsets, seen, marks, edge, roots, stack } = this;
    const { allowedInfinitelyOften } = this.query;
    for (let rest = edges; path.length > 0 && rest > 0; ) {
      const top = path.length - 1;
      const state = path.values[top];
      let sawOfState = seen.values[top];
      let least = marks[state];
      let next = -1;
      edge.resume(state, offsets.values[top], this.last);
      while (next < 0 && edge.next()) {
        rest--;
        const { target, choice } = edge;
        const mark = marks[target];
        if ((sawOfState & Seen.obligation) === 0 && this.isObligation(state, choice)) sawOfState |= Seen.obligation;
        if (allowedInfinitelyOften[choice] === 0) {
          if (mark !== unvisited) continue;
          marks[target] = queued;
          roots.push(target);
        } else if (mark <= queued) next = target;
        else if (mark < least) {
          least = mark;
          sawOfState &= ~Seen.root;
        } else if (target === state) sawOfState |= Seen.loop;
      }
      marks[state] = least;
      if (next >= 0) {
        offsets.values[top] = edge.offset;
        seen.values[top] = sawOfState;
        this.enter(next);
        continue;
      }
      path.length = top;
      offsets.length = top;
      seen.length = top;
      if ((sawOfState & Seen.root) === 0) stack.push(state);
      else this.complete(state, sawOfState);
      this.last = state;
      if (top > 0) this.propagate(marks[state], top - 1);
    }
  }

  /** Notes what a state reaches at its predecessor on the path. */
  private propagate(mark: number, at: number): void {
    const { path, seen, marks } = this;
    const state = path.values[at];
    if (mark >= marks[state]) return;
    marks[state] = mark;
    seen.values[at] = seen.values[at] & ~Seen.root;
  }

  /** Completes the component of which a state was visited first. */
  private complete(root: number, saw: number): void {
    const { stack, marks } = this;
    const id = this.id--;
    if (id <= marks.length + firstIndex) throw tooManyComponents();
    const index = marks[root];
    const end = stack.length;
    let first = end;
    for (; first > 0 && index <= marks[stack.values[first - 1]]; first--) marks[stack.values[first - 1]] = id;
    this.index -= end - first + 1;
    marks[root] = id;
    if (first < end || (saw & Seen.loop) !== 0) {
      stack.push(root);
      this.onComponent(stack.values.subarray(first, end + 1), id);
    } else if ((saw & Seen.obligation) === 0) this.onStutter(root);
    stack.length = first;
  }

  private isObligation(state: number, choice: number): boolean {
    const labels = this.obligedWith[choice];
    if (labels === 0) return false;
    return labels >= anyLabel || (labels & this.query.labelOf[this.query.classOf[state]]) !== 0;
  }
}

/** Above the eight bits of a label. */
const anyLabel = 256;

const tooManyComponents = (): PrecopyError =>
  new PrecopyError('TOO_LARGE', `there are about ${outside} components`, 'choose smaller params');
