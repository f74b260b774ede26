import type { Measurement } from './measurement.ts';
import { nameOf, type Size } from './sizes.ts';

/** One size at which precopy and SPIN without reduction both saw the whole state space. */
export interface Comparison {
  readonly size: string;
  readonly equal: boolean;
  readonly precopy: Counts;
  readonly spin: Counts;
}

type Counts = Pick<Measurement, 'states' | 'transitions'>;

/**
 * Compares the state spaces. Two models of one protocol that differ in one step, one variable or one guard differ in these numbers; so
 * where they are equal at every size, the engines were given the same work.
 */
export function compareGranularity(measurements: readonly Measurement[]): Comparison[] {
  return measurements
    .filter(({ engine }) => engine === 'SPIN -DNOREDUCE')
    .map((spin) => compare(precopyAt(measurements, spin.size) as Measurement, spin));
}

/** What precopy measured at a size. */
export function precopyAt(measurements: readonly Measurement[], size: Size): Measurement | undefined {
  return measurements.find((one) => one.engine === 'precopy' && one.size === size);
}

function compare(precopy: Measurement, spin: Measurement): Comparison {
  return {
    size: nameOf(spin.size),
    equal: precopy.states === spin.states && precopy.transitions === spin.transitions,
    precopy: countsOf(precopy),
    spin: countsOf(spin),
  };
}

const countsOf = ({ states, transitions }: Measurement): Counts => ({ states, transitions });
