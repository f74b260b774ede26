/**
 * Model checking from a program: `checkDesign` does what `precopy check` does; the engines below it explore a compiled
 * program.
 * @module checking
 */
export {
  breadthFirstSearch,
  type Campaign,
  type CheckDesignOptions,
  type CheckResult,
  checkDesign,
  compile,
  type Engine,
  type EngineName,
  type Exploration,
  type Interpreter,
  type Limits,
  liveness,
  memoise,
  type Program,
  type Progress,
  runEngine,
  type SearchOptions,
  StepOutcome,
  type StopReason,
  type SystemEvent,
  type Verdict,
} from 'precopy';
