import { cpus } from 'node:os';
import { baseline, type Engine } from './engines.ts';
import type { Measurement, SearchRun } from './measurement.ts';
import { type Scenario, shapeOf } from './scenarios.ts';
import { compareStateSpaces, type StateSpaceComparison } from './state-space-equality.ts';
import { missingTools, type Tools } from './tools.ts';

/** A row of the table: one measurement, and its ratios to the baseline. */
export interface Row extends Partial<SearchRun> {
  readonly scenario: string;
  readonly shape: string;
  readonly engine: string;
  /** why there are no figures */
  readonly failure?: string;
  /** true if the engine found a violation */
  readonly isRefuted?: boolean;
  readonly transitionsPerSecond?: number;
  /** total time, relative to precopy on one worker without reduction */
  readonly totalRatio?: number;
  readonly searchRatio?: number;
}

/** The result of the benchmark. */
export interface Report {
  readonly design: 'rmap-xchg';
  readonly environment: { readonly cpu: string; readonly node: string } & Partial<Omit<Tools, 'tla2tools'>>;
  readonly rows: readonly Row[];
  readonly stateSpaces: readonly StateSpaceComparison[];
  /** the tools without rows, and their missing requirements */
  readonly absent: readonly { readonly tool: Engine['tool']; readonly missing: readonly (keyof Tools)[] }[];
}

/** Creates the report of all measurements. */
export function createReport(
  measurements: readonly Measurement[],
  scenarios: readonly Scenario[],
  tools: Tools,
): Report {
  const { spin, gcc, java } = tools;
  return {
    design: 'rmap-xchg',
    environment: {
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      ...(spin !== undefined && { spin }),
      ...(gcc !== undefined && { gcc }),
      ...(java !== undefined && { java }),
    },
    rows: measurements.map((one) => rowOf(one, measurements)),
    stateSpaces: compareStateSpaces(measurements, scenarios),
    absent: (['SPIN', 'TLC'] as const).flatMap((tool) => {
      const missing = missingTools(tool, tools);
      return missing.length > 0 ? [{ tool, missing }] : [];
    }),
  };
}

function rowOf({ scenario, engine, run, failure, isRefuted }: Measurement, all: readonly Measurement[]): Row {
  const plain = all.find((one) => one.engine === baseline && one.scenario === scenario)?.run;
  return {
    scenario: scenario.name,
    shape: shapeOf(scenario),
    engine: engine.name,
    ...(failure !== undefined && { failure }),
    ...(isRefuted && { isRefuted }),
    ...run,
    ...(run?.transitions !== undefined && { transitionsPerSecond: run.transitions / run.searchSeconds }),
    ...(run &&
      plain && {
        totalRatio: run.totalSeconds / plain.totalSeconds,
        searchRatio: run.searchSeconds / plain.searchSeconds,
      }),
  };
}
