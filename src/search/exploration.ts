import type { Choice } from '../model/schedule.ts';
import type { Coverage } from './bfs/coverage.ts';
import type { DetectionBound } from './random/scheduler.ts';
import type { ReductionName } from './reductions.ts';

/** Why a search ended before it had seen everything. */
export type StopReason =
  | 'max-states'
  | 'max-memory'
  | 'disk'
  | 'time'
  | 'interrupt'
  | 'runs'
  | 'preemptions'
  | 'bits'
  | 'depth';

export interface Progress {
  /** distinct states so far */
  readonly states: number;
  /** states generated so far, with those seen before */
  readonly transitions: number;
  readonly depth: number;
  /** states found and not yet expanded */
  readonly frontier: number;
  readonly memoryBytes: number;
  /** how much of the memory that it may take, where that is known: 0 to 1 */
  readonly memoryShare?: number;
  /** an estimate of how many states are still to be found, where there is one */
  readonly statesLeft?: number;
}

export type Verdict = 'holds' | 'violated' | 'inconclusive';

/** What a search found. Counted as TLC counts: the initial state is depth 1, and counts as generated. */
export interface Exploration {
  readonly verdict: Verdict;
  readonly stoppedBy?: StopReason;
  readonly states: number;
  readonly transitions: number;
  /** of the state space, or of the counterexample where there is one */
  readonly depth: number;
  readonly frontier: number;
  /** of a search by levels that was stopped: an estimate of how many states were still to be found, where there is one */
  readonly statesLeft?: number;
  /** how likely it is that two states had the same fingerprint and one was left out: distinct * (generated - distinct) / 2^64, as in TLC */
  readonly collisionProbability: number;
  /** memory of fingerprints and origins, without the frontier */
  readonly tableBytes: number;
  /** memory of the states that were not expanded, where a search keeps them apart and was stopped */
  readonly frontierBytes?: number;
  readonly properties: readonly { readonly id: string; readonly verdict: Verdict }[];
  /** what was seen to happen; of what has to come in the end: that it was ever asked for */
  readonly covers: readonly { readonly id: string; readonly hit: boolean }[];
  readonly violation?: {
    readonly property: string;
    readonly schedule: readonly Choice[];
    /** of what has to come in the end and does not: the choices that are repeated for ever after those of `schedule`; none where nothing happens any more */
    readonly cycle?: readonly Choice[];
    /** what went wrong, where the property is `well-formed` */
    readonly fault: string | undefined;
  };
  /** the reductions that were on and did something */
  readonly reductions?: readonly ReductionName[];
  /** present where schedules were drawn instead of visiting all states: `states` is an estimate then */
  readonly sampled?: SamplingFigures;
  /** present where only a few bits of each state were kept */
  readonly bitstate?: BitstateFigures;
  /** present where several such searches were made, in the order of their seeds: `states` is an estimate of what they saw together */
  readonly swarm?: readonly (BitstateFigures & { readonly states: number })[];
  /** present where one schedule of each trace was taken: `states` is an estimate then */
  readonly dpor?: DporFigures;
  /** present where only schedules with at most so many preemptions were taken; `states` then tells apart who took the last step, and how many there were */
  readonly preemptions?: number;
  /** present if it was asked for */
  readonly coverage?: Coverage;
}

/** How schedules were drawn. */
export interface SamplingFigures {
  readonly strategy: string;
  readonly seed: number;
  /** schedules that were drawn; the last of them is the one that breaks a property */
  readonly runs: number;
  /** the most steps that a schedule could have */
  readonly depth: number;
  /** how many steps the schedule had that broke a property, before it was shrunk */
  readonly stepsFound?: number;
  readonly bound?: DetectionBound;
}

/** How a search went that kept only a few bits of each state. */
export interface BitstateFigures {
  readonly seed: number;
  /** the most steps that a schedule could have */
  readonly depth: number;
  /** whether one was given up as it became longer */
  readonly depthBoundReached: boolean;
  /** how many bits there were for all states, and how many each sets */
  readonly bits: number;
  readonly hashesPerState: number;
  /** about how many states were taken for others and left out; what only they lead to is not counted */
  readonly expectedOmissions: number;
  /** how many steps the schedule had that broke a property, before it was shrunk */
  readonly stepsFound?: number;
}

/** How a search by partial orders went. */
export interface DporFigures {
  /** the most steps that each actor could take */
  readonly depth: number;
  /** schedules that were taken to their end: one of each trace */
  readonly executions: number;
  /** schedules that were given up, as all that could follow had been seen elsewhere */
  readonly blocked: number;
  /** how often the search began again, as it had learned of a further field that matters */
  readonly restarts: number;
  /** whether some actor could have gone on beyond the bound */
  readonly depthBoundReached: boolean;
  /** how many steps the schedule had that broke a property, before it was shrunk */
  readonly stepsFound?: number;
}
