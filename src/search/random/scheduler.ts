import type { Program } from '../../compile/program.ts';
import type { EnabledChoices } from '../successors/enabled-choices.ts';
import type { Random } from './random.ts';

/** A randomized scheduler: in each state the enabled choice of the highest priority is taken. */
export interface Scheduler {
  /** Starts a run, in the initial state. */
  beginRun(): void;
  /** Returns the priority of an enabled choice, by id. */
  priority(choice: number): number;
  /**
   * Observes a step. `before` is the state that it left, and `SchedulerContext.choices` still holds its enabled
   * choices.
   */
  onStep(choice: number, before: Int32Array): void;
  /** lower bound of the probability that a run finds a bug, if the scheduler guarantees one */
  readonly bound?: DetectionBound;
}

/** The guarantee of PCT: the least probability that one run finds a bug of a given depth. */
export interface DetectionBound {
  /** d, the number of ordering constraints that expose the bug */
  readonly bugDepth: number;
  /** n, the number of actors that have events */
  readonly actors: number;
  /** k, the most steps of a run */
  readonly steps: number;
  /** 1 / (n k^(d-1)) */
  readonly probability: number;
}

/** What a scheduler is created from. */
export interface SchedulerContext {
  readonly program: Program;
  /** the enabled choices of the current state */
  readonly choices: EnabledChoices;
  readonly random: Random;
  /** most steps of a run */
  readonly depth: number;
  /** number of ordering constraints of the bugs that PCT aims at */
  readonly bugDepth: number;
}
