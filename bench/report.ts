import { cpus } from 'node:os';
import { type Comparison, compareGranularity, precopyAt } from './equality.ts';
import type { Engine, Measurement } from './measurement.ts';
import { nameOf } from './sizes.ts';

/** What precopy is meant to reach. */
const targets = { transitionsPerSecond: 1_000_000, bytesPerState: 24 };

/** One row: what was measured, and what follows from it. */
export interface Row {
  readonly size: string;
  readonly engine: Engine;
  /** false where a limit on the number of states ended the search */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly searchSeconds: number;
  readonly totalSeconds: number;
  readonly statesPerSecond: number;
  readonly transitionsPerSecond: number;
  readonly bytesPerState: number;
  /** search time as a multiple of precopy's */
  readonly timeRatio: number;
  /** states as a multiple of precopy's */
  readonly statesRatio: number;
}

/** All that a run of the benchmark found. */
export interface Report {
  readonly design: 'rmap-xchg';
  readonly environment: { readonly cpu: string; readonly node: string; readonly spin?: string; readonly gcc?: string };
  readonly rows: readonly Row[];
  readonly granularity: readonly Comparison[];
  readonly targets: typeof targets;
  /** programs that are not installed: without them there are no rows of SPIN */
  readonly missing: readonly string[];
}

/** Puts a report together. */
export function reportOf(
  measurements: readonly Measurement[],
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
    rows: measurements.map((one) => rowOf(one, precopyAt(measurements, one.size) as Measurement)),
    granularity: compareGranularity(measurements),
    targets,
    missing: Object.entries(tools).flatMap(([tool, version]) => (version === undefined ? [tool] : [])),
  };
}

function rowOf(one: Measurement, precopy: Measurement): Row {
  const { size, engine, ...measured } = one;
  return {
    size: nameOf(size),
    engine,
    complete: size.maxStates === undefined,
    ...measured,
    statesPerSecond: one.states / one.searchSeconds,
    transitionsPerSecond: one.transitions / one.searchSeconds,
    timeRatio: one.searchSeconds / precopy.searchSeconds,
    statesRatio: one.states / precopy.states,
  };
}
