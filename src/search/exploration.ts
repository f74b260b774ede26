import type { TransitionInfo } from '../compile/transition-tables.ts';
import type { Choice } from '../model/choices.ts';
import type { AllViolations } from './bfs/all-violations.ts';
import type { Coverage } from './bfs/coverage.ts';
import type { DetectionBound } from './random/scheduler.ts';
import type { ReductionName } from './reductions.ts';

/**
 * Why a search ended before it had explored everything.
 * @example
 * runEngine(breadthFirstSearch(program), ({ states }) => (states > 1e6 ? 'interrupt' : undefined));
 */
export type StopReason =
  | 'max-states'
  | 'max-memory'
  | 'disk'
  | 'time'
  | 'interrupt'
  | 'runs'
  | 'preemptions'
  | 'bits'
  | 'depth'
  | 'views';

/**
 * How far a search is.
 * @example
 * runEngine(breadthFirstSearch(program), ({ states }) => void console.error(`${states} states`));
 */
export interface Progress {
  /** distinct states */
  readonly states: number;
  /** transitions, also those to states visited before */
  readonly transitions: number;
  readonly depth: number;
  /** states discovered and not yet expanded */
  readonly frontier: number;
  readonly memoryBytes: number;
  /** used share of the memory limit, 0 to 1 */
  readonly memoryShare?: number;
  /** estimated number of states not yet discovered */
  readonly statesLeft?: number;
  /** of a symbolic search: what it does, the nodes of all diagrams, and whether `depth` is a level or a round */
  readonly symbolic?: { readonly activity: SymbolicActivity; readonly nodes: number; readonly isByLevels: boolean };
}

/**
 * The verdict on a property or a program. `holds` is a proof for the given params.
 * @example
 * if (runEngine(breadthFirstSearch(program)).verdict !== 'holds') process.exitCode = 1;
 */
export type Verdict = 'holds' | 'violated' | 'inconclusive';

/**
 * A search in progress. It yields its progress regularly, accepts a reason to stop in return, and ends with its result:
 * an engine itself knows neither time nor signals.
 * @example
 * const search: Engine = breadthFirstSearch(program);
 * const exploration = runEngine(search);
 */
export type Engine = Generator<Progress, Exploration, StopReason | undefined>;

/**
 * The result of a search. Figures count as those of TLC: the initial state is depth 1, and one transition.
 * @example
 * const { verdict, violation } = runEngine(breadthFirstSearch(program));
 * if (violation) console.log(replay(design, params, violation.schedule));
 */
export interface Exploration {
  readonly verdict: Verdict;
  readonly stoppedBy?: StopReason;
  /** distinct states; an estimate for engines that store no states */
  readonly states: number;
  /** transitions; of a symbolic search that was stopped, those that were counted by then */
  readonly transitions: number;
  /** depth of the state space, or of the counterexample if there is one; absent if a symbolic search did not need it */
  readonly depth?: number;
  /** states discovered and not expanded */
  readonly frontier: number;
  /** for a stopped breadth-first search: estimated number of states not discovered */
  readonly statesLeft?: number;
  /**
   * probability that two states had one fingerprint, and one of them was omitted:
   * distinct * (generated - distinct) / 2^64, as in TLC
   */
  readonly collisionProbability: number;
  /** memory of the visited set and the predecessor log, without the frontier */
  readonly tableBytes: number;
  /** memory of the frontier, for a stopped search that stores one */
  readonly frontierBytes?: number;
  readonly properties: readonly { readonly id: string; readonly verdict: Verdict }[];
  /** covers; for leads-to properties, whether they hold non-vacuously */
  readonly covers: readonly { readonly id: string; readonly hit: boolean }[];
  readonly violation?: {
    /** id of the property */
    readonly property: string;
    /** the counterexample, or the stem of a lasso */
    readonly schedule: readonly Choice[];
    /** the cycle of a lasso, repeated for ever after the stem; empty if nothing happens any more */
    readonly cycle?: readonly Choice[];
    /** message of the fault, if the property is `well-formed` */
    readonly fault: string | undefined;
    /** the params at which it was found, where they are not those of the program: for any number */
    readonly params?: Readonly<Record<string, number>>;
  };
  /** of a search that goes on after the first violation */
  readonly all?: AllViolations;
  /** reductions that were on and could omit something */
  readonly reductions?: readonly ReductionName[];
  /** figures of schedule sampling */
  readonly sampled?: SamplingFigures;
  /** figures of bitstate hashing */
  readonly bitstate?: BitstateFigures;
  /** figures of the members of a swarm, in the order of their seeds */
  readonly swarm?: readonly (BitstateFigures & { readonly states: number })[];
  /** figures of DPOR */
  readonly dpor?: DporFigures;
  /** figures of a symbolic search */
  readonly symbolic?: SymbolicFigures;
  /** figures of a proof for any number of processes; `states` then counts views, and `transitions` configurations */
  readonly anyNumber?: AnyNumberFigures;
  /** preemption bound; `states` then counts pairs of a state with the running actor and its number of preemptions */
  readonly preemptions?: number;
  readonly coverage?: Coverage;
  /** for the verdict `holds`: the transitions that no step takes at these params. The verdict says nothing of them. */
  readonly untaken?: readonly TransitionInfo[];
}

/** Figures of schedule sampling. */
export interface SamplingFigures {
  readonly strategy: string;
  readonly seed: number;
  /** schedules executed; the last one is the counterexample if there is one */
  readonly runs: number;
  /** most steps of a schedule */
  readonly depth: number;
  /** steps of the counterexample before it was shrunk */
  readonly stepsFound?: number;
  readonly bound?: DetectionBound;
}

/** Figures of bitstate hashing. */
export interface BitstateFigures {
  readonly seed: number;
  /** most steps of a schedule */
  readonly depth: number;
  /** true if a state was not expanded because of `depth` */
  readonly depthBoundReached: boolean;
  /** bits of the Bloom filter */
  readonly bits: number;
  readonly hashesPerState: number;
  /** expected number of states taken for visited, not counting those that only they lead to */
  readonly expectedOmissions: number;
  /** steps of the counterexample before it was shrunk */
  readonly stepsFound?: number;
}

/** Figures of DPOR. */
export interface DporFigures {
  /** most steps of each actor */
  readonly depth: number;
  /** complete executions: one of each trace */
  readonly executions: number;
  /** executions abandoned because all enabled choices were asleep */
  readonly blocked: number;
  /** restarts after an assumption on dependence was refuted */
  readonly restarts: number;
  /** true if only `depth` disabled some actor */
  readonly depthBoundReached: boolean;
  /** steps of the counterexample before it was shrunk */
  readonly stepsFound?: number;
}

/** Figures of a symbolic search. Numbers of states and transitions are decimal digits, as they may exceed 2^53. */
export interface SymbolicFigures {
  /** exact number of visited states */
  readonly states: string;
  /** exact number of their transitions; absent if a search was stopped before they were counted */
  readonly transitions?: string;
  /** in how many states all properties were checked: all of them, unless the search was stopped */
  readonly checked: string;
  /** of a stopped search: by property, in how many of the visited states it is known to hold */
  readonly checkedByProperty?: readonly { readonly id: string; readonly states: string }[];
  /** of a stopped search: what it was doing */
  readonly activity?: SymbolicActivity;
  /** rounds of learning, checking and saturation; 0 if the states are visited breadth first */
  readonly rounds: number;
  /** of a stopped search: a property that is violated, in a state to which no schedule was found yet */
  readonly violated?: string;
  /** nodes of the decision diagram of all states */
  readonly nodes: number;
  /** most nodes of all diagrams at one time */
  readonly peakNodes: number;
  /** bits of the state that change */
  readonly variables: number;
  /** paths through guards and actions, of all choices */
  readonly paths: number;
}

/**
 * What a symbolic search does: `learn` relations, `check` properties, `saturate` the set of states, add a `level` to
 * it, look for `fair` cycles or a `lasso`, `repeat` what was learned, or evaluate `covers` and count transitions.
 */
export const symbolicActivities = ['learn', 'check', 'saturate', 'level', 'fair', 'lasso', 'repeat', 'covers'] as const;

/** What a symbolic search does. */
export type SymbolicActivity = (typeof symbolicActivities)[number];

/** Figures of a proof for any number of processes. */
export interface AnyNumberFigures {
  /** the param that counts the processes */
  readonly param: string;
  /** the smallest and the largest value that it may have: the proof is for all of them */
  readonly from: number;
  readonly to: number;
  readonly views: number;
  /** states of what belongs to no process */
  readonly wholes: number;
  /** states that were built of views */
  readonly configurations: number;
  /** values of the param at which it was tried whether a step or a property depends on it */
  readonly triedAt: readonly number[];
  /** properties that views do not prove, and that no search of small numbers has found violated */
  readonly notProved: readonly string[];
}
