/** What designs are made of, and engines: the public API without files and threads, which runs in a browser, too. */
export { memoise } from './cache/cached-program.ts';
export type { Distribution } from './clock/distribution.ts';
export type { SimulatorObserver } from './clock/observer.ts';
export { compile } from './compile/compile.ts';
export type { Interpreter } from './compile/interpreter.ts';
export { type Program, StepOutcome } from './compile/program.ts';
export { LiveSystem } from './live/live-system.ts';
export { replay } from './live/replay.ts';
export type {
  ActorArgs,
  ActorBuilder,
  ActorContext,
  ActorEvent,
  ActorNames,
  MachineBuilder,
} from './model/actor-builder.ts';
export type { Implementations, SpontaneousEvent } from './model/actor-definition.ts';
export type { Bitmap } from './model/bitmap.ts';
export type { Choice } from './model/choices.ts';
export type { Bit, Counter } from './model/counter.ts';
export {
  actor,
  actorQueue,
  actorSet,
  type BitmapOptions,
  bit,
  bitmap,
  type CellSpec,
  counter,
  index,
  queue,
} from './model/declare.ts';
export { defineDesign, defineMutant } from './model/define-design.ts';
export type { ActionCost, AnyDesign, Design, Mutation, Source } from './model/design.ts';
export { type ErrorCode, ModelFault, PrecopyError } from './model/errors.ts';
export type { SystemEvent } from './model/events.ts';
export { and, type Machine, not, or, type StateNode, type Transition } from './model/machine.ts';
export { asCall, asStore, type MessageSpec, posted, rendezvous } from './model/messages.ts';
export type {
  Each,
  MailTest,
  Premises,
  Properties,
  Property,
  PropertyHeader,
  Step,
  StrongPremise,
  TagTest,
  View,
} from './model/property.ts';
export type { Queue } from './model/queue.ts';
export { parseSchedule, printSchedule, type Schedule } from './model/schedule-text.ts';
export { type MemoryModel, memoryModels } from './model/store-buffer.ts';
export type { SymmetrySpec } from './model/symmetry-spec.ts';
export { defineSystem, ghost, owned, type System, shared, type TypesOf } from './model/system.ts';
export type { SystemSpec } from './model/system-spec.ts';
export type {
  Extended,
  OptionalRole,
  ParamSpec,
  ParamValues,
  RegionSpec,
  RoleSpec,
  SecondRole,
} from './model/system-types.ts';
export type { Trace, TraceMove, TraceStep } from './model/trace.ts';
export { breadthFirstSearch, type Limits } from './search/bfs/breadth-first-search.ts';
export type { Engine, Exploration, Progress, StopReason, Verdict } from './search/exploration.ts';
export { liveness } from './search/liveness/liveness.ts';
export { runEngine } from './search/run-engine.ts';
export type { DesignFigures, DistributionName, Round } from './simulate/results.ts';
export type { RunObserver } from './simulate/run-observer.ts';
