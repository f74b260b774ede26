import type { StateSets } from './state-sets.ts';

/** Nodes that are visited to count states each time that the search pauses. */
const nodesCountedInAPause = 1 << 14;

/** Counts the visited states of a search in floating point, for its limits and its progress. */
export class StateCounter {
  private sets: StateSets | undefined;
  private set = -1;
  private states = 1;
  /** pauses of the search until progress counts again */
  private pauses = 0;

  /** Returns the number of visited states. */
  count(sets: StateSets): number {
    if (this.sets === sets && this.set === sets.states) return this.states;
    const { states, nodes } = sets.estimateStates();
    this.sets = sets;
    this.set = sets.states;
    this.states = states;
    this.pauses = Math.floor(nodes / nodesCountedInAPause);
    return states;
  }

  /** Returns the number of visited states, or what it was a while ago if it takes time to count them. */
  recentCount(sets: StateSets): number {
    return this.sets === sets && this.pauses-- > 0 ? this.states : this.count(sets);
  }
}
