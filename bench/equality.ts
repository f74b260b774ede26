import { plainPeers, plainPrecopy } from './engines.ts';
import type { Measurement, Run } from './measurement.ts';
import type { Size } from './sizes.ts';

/** One size at which precopy and a peer, both without reduction, saw the whole state space. */
export interface Comparison {
  readonly size: string;
  readonly peer: string;
  readonly equal: boolean;
  readonly counts: { readonly precopy: Counts; readonly peer: Counts };
}

interface Counts {
  readonly states: number;
  /** undefined where the peer does not count them: then only states are compared */
  readonly transitions: number | undefined;
}

/**
 * Compares the state spaces. Two models of one protocol that differ in one step, one variable or one guard differ in these numbers; so
 * where they are equal at every size, the engines were given the same work.
 */
export function compareGranularity(measurements: readonly Measurement[], sizes: readonly Size[]): Comparison[] {
  return plainPeers.flatMap((peer) => sizes.flatMap((size) => comparisonOf(measurements, size, peer.name)));
}

function comparisonOf(measurements: readonly Measurement[], size: Size, peer: string): Comparison[] {
  const countsOf = (name: string) =>
    measurements.flatMap((one) => (one.size === size && one.engine.name === name && one.run ? [counted(one.run)] : []));
  const [ours] = countsOf(plainPrecopy.name);
  const [theirs] = countsOf(peer);
  if (!ours || !theirs) return [];
  const equal = ours.states === theirs.states && (theirs.transitions === undefined || areSame(ours, theirs));
  return [{ size: size.name, peer, equal, counts: { precopy: ours, peer: theirs } }];
}

/** A peer that has printed eight digits has rounded the rest. */
const areSame = ({ transitions: ours }: Counts, { transitions: theirs }: Counts): boolean =>
  ours === theirs || Number(ours?.toPrecision(8)) === theirs;

const counted = ({ states, transitions }: Run): Counts => ({ states, transitions });
