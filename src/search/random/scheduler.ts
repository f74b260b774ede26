import type { Program } from '../../compile/program.ts';
import type { EnabledChoices } from '../successors/enabled-choices.ts';
import { pct } from './pct.ts';
import { pos } from './pos.ts';
import type { Random } from './random.ts';
import { randomWalk } from './random-walk.ts';

/** Draws schedules, one run after the other: of what can be taken, that is taken which has the highest priority. */
export interface Scheduler {
  /** A new run begins in the initial state. */
  beginRun(): void;
  /** The priority of a choice, by number, that the current state offers. */
  priority(choice: number): number;
  /** A choice was taken, out of state `before`, which had offered `offers.numbers`. */
  onStep(choice: number, before: Int32Array): void;
  /** How likely one run is at least to find a bug, where the strategy can tell. */
  readonly bound?: DetectionBound;
}

/** The guarantee of PCT. */
export interface DetectionBound {
  /** how many ordering constraints a bug has that is found so */
  readonly bugDepth: number;
  /** actors that can begin steps */
  readonly actors: number;
  /** the most steps of a run */
  readonly steps: number;
  /** how likely one run is at least to find such a bug: 1 / (actors * steps^(bugDepth - 1)) */
  readonly probability: number;
}

/** What strategies are made from. */
export interface SchedulerContext {
  readonly program: Program;
  readonly offers: EnabledChoices;
  readonly random: Random;
  /** the most steps of a run */
  readonly depth: number;
  /** for PCT */
  readonly bugDepth: number;
}

/** Every strategy that draws schedules, by the name that `--strategy` takes. */
export const strategies = { random: randomWalk, pct, pos } as const satisfies Readonly<
  Record<string, (setting: SchedulerContext) => Scheduler>
>;

export type StrategyName = keyof typeof strategies;
