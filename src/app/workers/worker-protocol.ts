import type { AnyDesign } from '../../model/design.ts';
import type { SearchBuffers } from '../../search/bfs/search-memory.ts';
import type { BitstateOptions } from '../../search/dfs/bitstate.ts';
import type { SwarmMember } from '../../search/dfs/swarm.ts';
import type { Progress, StopReason } from '../../search/exploration.ts';
import type { Experiment } from '../../simulate/experiment.ts';
import type { EndedEarly } from '../../simulate/results.ts';
import type { SerializedRun } from '../../simulate/run-serialization.ts';
import type { Question } from '../check/question.ts';
import type { SearchMode } from '../check/search-mode.ts';
import type { LoadedFiles } from '../designs/load-designs.ts';

/** Names a design, for a worker that imports it itself: machines cannot be sent. */
export interface DesignRef {
  /** id of the design */
  readonly design: string;
  /** the file that exports it; `undefined` for a design that precopy ships */
  readonly file: string | undefined;
  /** what the sending thread has loaded, if it loaded the file itself */
  readonly loaded?: LoadedFiles | undefined;
}

/** Names a program, for a worker that compiles it itself. */
export interface ProgramRef extends DesignRef {
  readonly memoryModel: AnyDesign['memoryModel'];
  /** what the check asks of the design */
  readonly question?: Question | undefined;
  readonly params: Readonly<Record<string, number>>;
}

/** To a search worker: join a search. */
export interface SearchJob extends ProgramRef {
  readonly mode: SearchMode;
  readonly memory: SearchBuffers;
}

/** To a swarm worker: search, or stop the current search. */
export type SwarmCommand =
  | { readonly program: ProgramRef; readonly options: BitstateOptions }
  | { readonly stop: StopReason };

/** From a swarm worker. */
export type SwarmMessage = { readonly progress: Progress } | { readonly member: SwarmMember };

/** Data of a simulation worker: an experiment, and the numbers of the runs to make. */
export interface SimulationAssignment extends DesignRef {
  readonly experiment: Omit<Experiment, 'design'>;
  readonly runs: readonly number[];
}

/** To a simulation worker: end the current run. */
export type SimulationCommand = EndedEarly;

/** From a simulation worker: one run. */
export type SimulationMessage = SerializedRun;
