/**
 * Schedules, their replay on live actors, and traces.
 * @module schedules
 */
export {
  type Choice,
  LiveSystem,
  parseSchedule,
  printSchedule,
  replay,
  replaySchedule,
  type Schedule,
  type Trace,
  type TraceMove,
  type TraceStep,
} from 'precopy';
