import { baseline, unreducedPeers } from './engines.ts';
import type { Measurement, SearchRun } from './measurement.ts';
import type { Scenario } from './scenarios.ts';

/** The counts of precopy and of a peer in one scenario, both without reduction and to the end. */
export interface StateSpaceComparison {
  readonly scenario: string;
  readonly peer: string;
  readonly equal: boolean;
  readonly counts: { readonly precopy: Counts; readonly peer: Counts };
}

interface Counts {
  readonly states: number;
  /** undefined if the peer does not count transitions: only states are compared then */
  readonly transitions: number | undefined;
}

/**
 * Compares the state spaces of precopy and its peers by their counts. Models that differ in a step, a variable or a
 * guard differ in these counts, so equal counts in every scenario show that the engines do the same work.
 */
export function compareStateSpaces(
  measurements: readonly Measurement[],
  scenarios: readonly Scenario[],
): StateSpaceComparison[] {
  return unreducedPeers.flatMap((peer) =>
    scenarios.flatMap((scenario) => comparisonOf(measurements, scenario, peer.name)),
  );
}

function comparisonOf(measurements: readonly Measurement[], scenario: Scenario, peer: string): StateSpaceComparison[] {
  const countsOf = (name: string) =>
    measurements.flatMap((one) =>
      one.scenario === scenario && one.engine.name === name && one.run ? [counted(one.run)] : [],
    );
  const [ours] = countsOf(baseline.name);
  const [theirs] = countsOf(peer);
  if (!ours || !theirs) return [];
  const equal = ours.states === theirs.states && (theirs.transitions === undefined || areSame(ours, theirs));
  return [{ scenario: scenario.name, peer, equal, counts: { precopy: ours, peer: theirs } }];
}

/** Compares counts up to the eight digits that pan prints. */
const areSame = ({ transitions: ours }: Counts, { transitions: theirs }: Counts): boolean =>
  ours === theirs || Number(ours?.toPrecision(8)) === theirs;

const counted = ({ states, transitions }: SearchRun): Counts => ({ states, transitions });
