import { PrecopyError } from '../../model/errors.ts';
import type { FairCycleQuery } from './state-graph.ts';

/** Ids of components have 32 bits. */
const maxComponents = 2 ** 32 - 1;

const tooManyComponents = (): PrecopyError =>
  new PrecopyError('TOO_LARGE', `there are more than ${maxComponents} components`, 'choose smaller params');

type OnComponent = (component: Uint32Array, id: number) => void;

/**
 * Strongly connected components (R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Computing 1(2),
 * 1972).
 *
 * Two things differ from the paper: there is an explicit stack in place of recursion, and components are those of a
 * region, a set of states, with the edges inside it that a run may take infinitely often. Regions need not be disjoint.
 */
export class TarjanScc {
  /** by state: id of its component in the last region that contained it; ids are unique over all regions */
  readonly componentOf: Uint32Array;
  /** by state: the last region that contained it */
  private readonly regionOf: Uint32Array;
  /** by state: order of discovery in its region, from 1; 0 if undiscovered */
  private readonly index: Uint32Array;
  private readonly lowLink: Uint32Array;
  private readonly nextEdge: Uint32Array;
  /** discovered states without a component */
  private readonly stack: Uint32Array;
  /** states on the path of the depth-first search */
  private readonly path: Uint32Array;
  private regions = 0;
  private components = 0;

  constructor(private readonly query: FairCycleQuery) {
    const { states } = query.graph;
    this.componentOf = new Uint32Array(states);
    this.regionOf = new Uint32Array(states);
    this.index = new Uint32Array(states);
    this.lowLink = new Uint32Array(states);
    this.nextEdge = new Uint32Array(states);
    this.stack = new Uint32Array(states);
    this.path = new Uint32Array(states);
  }

  /** Calls `onComponent` with each component of a region. The array that it gets is overwritten later. */
  findIn(region: Uint32Array, onComponent: OnComponent): void {
    this.regions++;
    for (const state of region) {
      this.regionOf[state] = this.regions;
      this.index[state] = 0;
      this.componentOf[state] = 0;
    }
    let discovered = 0;
    for (const state of region) {
      if (this.index[state] === 0) discovered = this.searchFrom(state, discovered, onComponent);
    }
  }

  /** Searches depth first, and returns the number of states discovered so far. */
  private searchFrom(root: number, discoveredBefore: number, onComponent: OnComponent): number {
    const { regionOf, index, lowLink, nextEdge, stack, path, componentOf, regions: region } = this;
    const { graph, allowedInfinitelyOften } = this.query;
    const { first, target, choice } = graph;
    let discovered = discoveredBefore;
    let height = 0;
    let depth = 0;
    const discover = (state: number): void => {
      index[state] = lowLink[state] = ++discovered;
      nextEdge[state] = first[state];
      stack[height++] = path[depth++] = state;
    };
    discover(root);
    while (depth > 0) {
      const state = path[depth - 1];
      const edge = nextEdge[state];
      if (edge < first[state + 1]) {
        nextEdge[state] = edge + 1;
        const successor = target[edge];
        if (allowedInfinitelyOften[choice[edge]] === 0 || regionOf[successor] !== region) continue;
        if (index[successor] === 0) discover(successor);
        else if (componentOf[successor] === 0) lowLink[state] = Math.min(lowLink[state], index[successor]);
        continue;
      }
      depth--;
      if (depth > 0) {
        const parent = path[depth - 1];
        lowLink[parent] = Math.min(lowLink[parent], lowLink[state]);
      }
      const isRoot = lowLink[state] === index[state];
      if (!isRoot) continue;
      const end = height;
      if (this.components === maxComponents) throw tooManyComponents();
      this.components++;
      do componentOf[stack[--height]] = this.components;
      while (stack[height] !== state);
      onComponent(stack.subarray(height, end), this.components);
    }
    return discovered;
  }
}
