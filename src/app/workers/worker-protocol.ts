import type { AnyDesign } from '../../model/design.ts';
import { type ErrorCode, PrecopyError } from '../../model/errors.ts';
import type { BitstateOptions } from '../../search/dfs/bitstate.ts';
import type { SwarmMember } from '../../search/dfs/swarm.ts';
import type { Progress, StopReason } from '../../search/exploration.ts';
import type { EndedEarly } from '../../simulate/results.ts';
import type { SentRun } from '../../simulate/run-serialization.ts';
import type { Experiment } from '../../simulate/simulation-run.ts';

/** Names a design, for a worker that imports it itself: machines cannot be sent. */
export interface DesignRef {
  /** id of the design */
  readonly design: string;
  /** the file that exports it; `undefined` for a design that precopy ships */
  readonly file: string | undefined;
}

/** Names a program, for a worker that compiles it itself. */
export interface ProgramRef extends DesignRef {
  readonly memoryModel: AnyDesign['memoryModel'];
  readonly params: Readonly<Record<string, number>>;
}

/** To a swarm worker: search, or stop the current search. */
export type SwarmCommand =
  | { readonly program: ProgramRef; readonly options: BitstateOptions }
  | { readonly stop: StopReason };

/** From a swarm worker. */
export type SwarmMessage =
  | { readonly progress: Progress }
  | { readonly member: SwarmMember }
  | { readonly error: SerializedError };

/** Data of a simulation worker: an experiment, and the numbers of the runs to make. */
export interface SimulationAssignment extends DesignRef {
  readonly experiment: Omit<Experiment, 'design'>;
  readonly runs: readonly number[];
}

/** To a simulation worker: end the current run. */
export type SimulationCommand = EndedEarly;

/** From a simulation worker: one run, or what it failed with. */
export type SimulationMessage = { readonly run: SentRun } | { readonly error: SerializedError };

/** An exception as it crosses a thread boundary. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** of a `PrecopyError` */
  readonly code?: ErrorCode;
  readonly remedy?: string;
}

/** Prepares an exception for `postMessage`. */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(error instanceof PrecopyError && { code: error.code, remedy: error.remedy }),
  };
}

/** Restores an exception with the stack of the worker. */
export function deserializeError({ name, message, stack, code, remedy = '' }: SerializedError): Error {
  const error = code === undefined ? new Error(message) : new PrecopyError(code, message, remedy);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
