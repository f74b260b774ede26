import { cpus } from 'node:os';
import { type Engine, plainPrecopy } from './engines.ts';
import { type Comparison, compareGranularity } from './equality.ts';
import type { Measurement, Run } from './measurement.ts';
import { type Size, shapeOf } from './sizes.ts';
import { missingFor, type Tools } from './tools.ts';

/** One row: what was measured, and what follows from it. */
export interface Row extends Partial<Run> {
  readonly size: string;
  readonly shape: string;
  readonly engine: string;
  /** why there are no numbers */
  readonly failure?: string;
  /** it found that something does not hold */
  readonly isRefuted?: boolean;
  readonly transitionsPerSecond?: number;
  /** total time as a multiple of that of precopy on one worker without reduction */
  readonly totalRatio?: number;
  readonly searchRatio?: number;
}

/** All that a run of the benchmark found. */
export interface Report {
  readonly design: 'rmap-xchg';
  readonly environment: { readonly cpu: string; readonly node: string } & Partial<Omit<Tools, 'tla2tools'>>;
  readonly rows: readonly Row[];
  readonly granularity: readonly Comparison[];
  /** the tools that there are no rows of, and what they would take */
  readonly absent: readonly { readonly tool: Engine['tool']; readonly missing: readonly (keyof Tools)[] }[];
}

/** Puts a report together. */
export function reportOf(measurements: readonly Measurement[], sizes: readonly Size[], tools: Tools): Report {
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
    granularity: compareGranularity(measurements, sizes),
    absent: (['SPIN', 'TLC'] as const).flatMap((tool) => {
      const missing = missingFor(tool, tools);
      return missing.length > 0 ? [{ tool, missing }] : [];
    }),
  };
}

function rowOf({ size, engine, run, failure, isRefuted }: Measurement, all: readonly Measurement[]): Row {
  const plain = all.find((one) => one.engine === plainPrecopy && one.size === size)?.run;
  return {
    size: size.name,
    shape: shapeOf(size),
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
