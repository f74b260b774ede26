import { plainPrecopy, plainSpin } from './engines.ts';
import type { Measurement } from './measurement.ts';
import type { Size } from './sizes.ts';

/** One size at which precopy and SPIN, both without reduction, saw the whole state space. */
export interface Comparison {
  readonly size: string;
  readonly equal: boolean;
  readonly precopy: Counts;
  readonly spin: Counts;
}

interface Counts {
  readonly states: number;
  readonly transitions: number;
}

/**
 * Compares the state spaces. Two models of one protocol that differ in one step, one variable or one guard differ in these numbers; so
 * where they are equal at every size, the engines were given the same work.
 */
export function compareGranularity(measurements: readonly Measurement[], sizes: readonly Size[]): Comparison[] {
  return sizes.flatMap((size) => {
    const at = measurements.filter((one) => one.size === size);
    const precopy = at.find(({ engine }) => engine === plainPrecopy)?.run;
    const spin = at.find(({ engine }) => engine === plainSpin)?.run;
    if (!precopy || !spin) return [];
    const equal = precopy.states === spin.states && precopy.transitions === spin.transitions;
    return [{ size: size.name, equal, precopy: countsOf(precopy), spin: countsOf(spin) }];
  });
}

const countsOf = ({ states, transitions }: Counts): Counts => ({ states, transitions });
