export type { Campaign } from './app/campaign/campaign-schema.ts';
export { type CheckDesignOptions, checkDesign } from './app/check/check-design.ts';
export type { EngineName, SearchOptions } from './app/check/engines.ts';
export { replaySchedule } from './app/check/replay-schedule.ts';
export type { CheckResult } from './app/check/verification-job.ts';
export * from './model-api.ts';
