import { cpus } from 'node:os';
import { plainPrecopy } from './engines.ts';
import { type Comparison, compareGranularity } from './equality.ts';
import type { Measurement, Run } from './measurement.ts';
import { type Size, shapeOf } from './sizes.ts';

/** One row: what was measured, and what follows from it. */
export interface Row extends Partial<Run> {
  readonly size: string;
  readonly shape: string;
  readonly engine: string;
  /** why there are no numbers */
  readonly failure?: string;
  readonly transitionsPerSecond?: number;
  /** total time as a multiple of that of precopy on one worker without reduction */
  readonly totalRatio?: number;
  readonly searchRatio?: number;
}

/** All that a run of the benchmark found. */
export interface Report {
  readonly design: 'rmap-xchg';
  readonly environment: { readonly cpu: string; readonly node: string; readonly spin?: string; readonly gcc?: string };
  readonly rows: readonly Row[];
  readonly granularity: readonly Comparison[];
  /** programs that are not installed: without them there are no rows of SPIN */
  readonly missing: readonly string[];
}

/** Puts a report together. */
export function reportOf(
  measurements: readonly Measurement[],
  sizes: readonly Size[],
  tools: { readonly spin: string | undefined; readonly gcc: string | undefined },
): Report {
  const { spin, gcc } = tools;
  return {
    design: 'rmap-xchg',
    environment: {
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      ...(spin !== undefined && { spin }),
      ...(gcc !== undefined && { gcc }),
    },
    rows: measurements.map((one) => rowOf(one, measurements)),
    granularity: compareGranularity(measurements, sizes),
    missing: Object.entries(tools).flatMap(([tool, version]) => (version === undefined ? [tool] : [])),
  };
}

function rowOf({ size, engine, run, failure }: Measurement, all: readonly Measurement[]): Row {
  const plain = all.find((one) => one.engine === plainPrecopy && one.size === size)?.run;
  return {
    size: size.name,
    shape: shapeOf(size),
    engine: engine.name,
    ...(failure !== undefined && { failure }),
    ...run,
    ...(run && { transitionsPerSecond: run.transitions / run.searchSeconds }),
    ...(run &&
      plain && {
        totalRatio: run.totalSeconds / plain.totalSeconds,
        searchRatio: run.searchSeconds / plain.searchSeconds,
      }),
  };
}
