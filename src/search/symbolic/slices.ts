import { type DecisionDiagrams, none, OutOfNodes, Paused } from './decision-diagrams.ts';

/** How often a search pauses, and how soon it frees nodes. Its result does not depend on it. */
export interface Pace {
  /** results of operations that are computed in a slice */
  readonly results: number;
  /** number of nodes from which on unused ones are freed */
  readonly nodes: number;
}

/** A slice takes one or two tenths of a second. */
const usualPace: Pace = { results: 1 << 18, nodes: 1 << 20 };
/** Results that a piece of work counts for besides those that it computes. */
const resultsPerWork = 1 << 10;

/**
 * Does work on diagrams piece by piece, each in slices of a limited number of results, and yields between two slices:
 * so a search can be stopped in any operation. Unused nodes are freed between two pieces, so that memory lasts.
 */
export class Slices {
  /** diagrams that are needed besides the roots */
  readonly held: number[] = [];
  /** return more of them */
  readonly holders: (() => Iterable<number>)[] = [];
  private collectAt: number;
  private resultsLeft: number;

  /** @param roots returns the diagrams that are needed between two pieces */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly roots: () => Iterable<number>,
    readonly pace: Pace = usualPace,
  ) {
    this.collectAt = pace.nodes;
    this.resultsLeft = pace.results;
  }

  /**
   * Does a piece of work. One that pauses, or for which memory did not last, is repeated with the results that it has
   * cached: it must change nothing before its last operation that a repetition would not change in the same way. Slices
   * grow slowly, so that work whose results the cache cannot hold ends as well.
   * @throws OutOfNodes
   */
  *run<T>(work: () => T): Generator<void, T, undefined> {
    this.collectIfDue();
    this.resultsLeft -= resultsPerWork;
    if (this.resultsLeft <= 0) {
      yield;
      this.resultsLeft = this.pace.results;
    }
    let hasCollected = false;
    for (let { results } = this.pace; ; results *= 1.1) {
      try {
        return this.slice(work);
      } catch (error) {
        if (error instanceof OutOfNodes && !hasCollected) {
          hasCollected = true;
          this.collect();
        } else if (!(error instanceof Paused)) throw error;
      }
      yield;
      this.resultsLeft = Math.ceil(results);
    }
  }

  /**
   * Takes parts of a set until it is empty.
   * @param take a piece of work, as that of `run`, which returns what it leaves of the set
   */
  *exhaust(set: number, take: (rest: number) => number): Generator<void, void, undefined> {
    const at = this.held.push(set) - 1;
    try {
      for (let rest = set; rest !== none; this.held[at] = rest) rest = yield* this.run(() => take(rest));
    } finally {
      this.held.length = at;
    }
  }

  /** Works until the end of the slice. Operations outside of slices do not pause. */
  private slice<T>(work: () => T): T {
    const { diagrams } = this;
    diagrams.resultsLeft = this.resultsLeft;
    try {
      return work();
    } finally {
      this.resultsLeft = diagrams.resultsLeft;
      diagrams.resultsLeft = 0;
    }
  }

  /** Frees unused nodes if there may be many. */
  collectIfDue(): void {
    if (this.diagrams.nodes >= this.collectAt) this.collect();
  }

  /** Frees unused nodes. */
  collect(): void {
    const { diagrams } = this;
    diagrams.collect(this.needed());
    const { nodes, maxNodes } = diagrams;
    this.collectAt = Math.min(Math.max(this.pace.nodes, 3 * nodes), (nodes + maxNodes) / 2);
  }

  private *needed(): Generator<number> {
    yield* this.roots();
    yield* this.held;
    for (const roots of this.holders) yield* roots();
  }
}
