import type { Program } from '../../compile/program.ts';
import type { Exploration, SymbolicActivity, SymbolicFigures, Verdict } from '../exploration.ts';
import { coversOf, verdictsOnSafety } from '../property-monitor.ts';
import { OutOfNodes } from './decision-diagrams.ts';
import type { StateSets } from './state-sets.ts';

/** Slices of work for figures of a search that was stopped: about a second. */
const slicesWhenStopped = 6;

/** Returns the result of a search that ended before it had a set of states. */
export function endedAtStart(
  program: Program,
  hitAtStart: ReadonlySet<number>,
  end: Pick<Exploration, 'verdict' | 'stoppedBy' | 'violation'>,
): Exploration {
  const { verdict, violation } = end;
  return {
    ...end,
    states: 1,
    transitions: 1,
    depth: 1,
    frontier: 0,
    collisionProbability: 0,
    tableBytes: 0,
    properties: verdictsOnSafety(program, verdict, violation ? [violation.property] : []),
    covers: coversOf(program, (cover) => hitAtStart.has(cover)),
  };
}

/** What a symbolic search reports when it has ended. */
export interface SymbolicEnd {
  readonly verdict: Verdict;
  readonly rounds: number;
  /** id of the property to which there is a counterexample */
  readonly violated?: string;
  /** of a search that was stopped: what it was doing, and a property that is violated without a counterexample */
  readonly activity?: SymbolicActivity;
  readonly known?: string | undefined;
}

/** Evaluates covers and counts what a symbolic search has visited. */
export class SymbolicReport {
  private readonly hits: Set<number>;
  private transitions = 1n;
  private hasCountedTransitions = false;
  /** of a search that was stopped: by property, the number of states in which it is known to hold */
  private readonly checkedByProperty = new Map<string, bigint>();
  /** number of visited states */
  private states: bigint | undefined;

  /** @param hitAtStart covers that the initial state hits */
  constructor(
    private readonly program: Program,
    private readonly sets: StateSets,
    hitAtStart: ReadonlySet<number>,
  ) {
    this.hits = new Set(hitAtStart);
  }

  /**
   * Evaluates the covers and counts the transitions. Yields from time to time; what is known by then can be reported.
   */
  *evaluate(): Generator<void, void, undefined> {
    const { program, sets, hits } = this;
    for (const [n, { kind }] of program.properties.entries()) {
      if (kind === 'cover' && !hits.has(n) && (yield* sets.isHit(n))) hits.add(n);
    }
    for (const { taken } of sets.relation.choices) {
      this.transitions += this.count(yield* sets.visited(taken));
      yield;
    }
    this.hasCountedTransitions = true;
  }

  /** Evaluates as much as is quick, for a search that was stopped. */
  evaluateSome(): void {
    const evaluation = this.evaluateStopped();
    try {
      for (let slice = 0; slice < slicesWhenStopped && !evaluation.next().done; slice++);
    } catch (error) {
      if (!(error instanceof OutOfNodes)) throw error;
    }
  }

  private *evaluateStopped(): Generator<void, void, undefined> {
    const { program, sets, checkedByProperty } = this;
    for (const [n, { id, kind }] of program.properties.entries()) {
      if (kind === 'cover' || kind === 'leads-to') continue;
      checkedByProperty.set(id, this.count(yield* sets.checkedFor(n)));
    }
    yield* this.evaluate();
  }

  /** Counts the states of a set. Many properties are checked in all visited states. */
  private count(set: number): bigint {
    const { sets } = this;
    if (set !== sets.states) return sets.countStates(set);
    this.states ??= sets.countStates(set);
    return this.states;
  }

  /** Returns the result, with the covers and transitions that were evaluated. */
  exploration({ verdict, rounds, violated, activity, known }: SymbolicEnd): Exploration {
    const { program, sets, hits, transitions, hasCountedTransitions } = this;
    const { diagrams, symbolic, relation } = sets;
    const states = this.count(sets.states);
    const isStopped = verdict === 'inconclusive';
    const checked = isStopped ? this.count(sets.checked) : states;
    const properties = verdictsOnSafety(program, verdict, violated === undefined ? [] : [violated]);
    const figures: SymbolicFigures = {
      states: String(states),
      ...(hasCountedTransitions && { transitions: String(transitions) }),
      checked: String(checked),
      ...(isStopped && {
        checkedByProperty: properties.map(({ id }) => ({
          id,
          states: String(this.checkedByProperty.get(id) ?? checked),
        })),
      }),
      rounds,
      ...(activity && { activity }),
      ...(known !== undefined && { violated: known }),
      nodes: diagrams.size(sets.states),
      peakNodes: diagrams.peak,
      variables: symbolic.bits.length,
      paths: relation.paths,
    };
    return {
      verdict,
      states: Number(states),
      transitions: Number(transitions),
      frontier: 0,
      collisionProbability: 0,
      tableBytes: diagrams.bytes,
      properties,
      covers: coversOf(program, (cover) => hits.has(cover)),
      symbolic: figures,
    };
  }
}
