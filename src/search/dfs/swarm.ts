import type { BitstateFigures, Exploration, StopReason } from '../exploration.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';

/** What one search of a swarm found. */
export interface SwarmMember {
  readonly exploration: Exploration;
  /** the sketch of the states that it saw */
  readonly longest: HyperLogLog['registers'];
}

/**
 * What searches that keep a few bits of each state found together (G. Holzmann, R. Joshi, A. Groce: Swarm Verification, ASE 2008): each has a seed
 * of its own, so each leaves out other states. Of several that broke a property the first one counts, and those after it are forgotten, so
 * the answer does not depend on which was the fastest.
 * @param members in the order of their seeds; not empty
 */
export function mergeSwarmResults(members: readonly SwarmMember[], stoppedBy?: StopReason): Exploration {
  const first = members.findIndex(({ exploration }) => exploration.verdict === 'violated');
  const counted = first < 0 ? members : members.slice(0, first + 1);
  const decisive = (counted.at(-1) as SwarmMember).exploration;
  const all = counted.map(({ exploration }) => exploration);
  const together = new HyperLogLog();
  for (const { longest } of counted) together.merge(longest);
  const sum = (of: (one: Exploration) => number): number => all.reduce((total, one) => total + of(one), 0);
  const { bitstate, ...rest } = decisive;
  return {
    ...rest,
    ...(first < 0 && { stoppedBy: stoppedBy ?? 'bits' }),
    states: together.estimate,
    transitions: sum(({ transitions }) => transitions),
    depth: first < 0 ? Math.max(...all.map(({ depth }) => depth)) : decisive.depth,
    tableBytes: sum(({ tableBytes }) => tableBytes),
    covers: decisive.covers.map(({ id }, n) => ({ id, hit: all.some(({ covers }) => covers[n]?.hit === true) })),
    swarm: all.map(({ states, bitstate }) => ({ states, ...(bitstate as BitstateFigures) })),
  };
}
