import type { BitstateFigures, Exploration, StopReason } from '../exploration.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import type { BitstateOptions } from './bitstate.ts';

/** Options of the first member of a swarm. The others have the seeds after its seed. */
export interface SwarmOptions extends BitstateOptions {
  /** number of bitstate searches */
  readonly members: number;
}

/** The result of one member of a swarm. */
export interface SwarmMember {
  readonly exploration: Exploration;
  /** registers of the HyperLogLog sketch of the states that it visited */
  readonly registers: HyperLogLog['registers'];
}

/**
 * Merges the results of a swarm: bitstate searches that differ in their seeds, so that each omits other states
 * (G. Holzmann, R. Joshi and A. Groce, Swarm Verification, ASE 2008).
 *
 * If several members find a violation, the one with the least seed is the answer, and the members after it are ignored.
 * So the answer does not depend on the order in which workers finish.
 * @param members in the order of their seeds; not empty
 */
export function mergeSwarmResults(members: readonly SwarmMember[], stoppedBy?: StopReason): Exploration {
  const firstViolation = members.findIndex(({ exploration }) => exploration.verdict === 'violated');
  const counted = firstViolation < 0 ? members : members.slice(0, firstViolation + 1);
  const decisive = (counted.at(-1) as SwarmMember).exploration;
  const all = counted.map(({ exploration }) => exploration);
  const sketch = new HyperLogLog();
  for (const { registers } of counted) sketch.merge(registers);
  const sum = (figure: (member: Exploration) => number): number =>
    all.reduce((total, member) => total + figure(member), 0);
  const { bitstate, ...rest } = decisive;
  return {
    ...rest,
    ...(firstViolation < 0 && { stoppedBy: stoppedBy ?? 'bits' }),
    states: sketch.estimate,
    transitions: sum(({ transitions }) => transitions),
    depth: firstViolation < 0 ? Math.max(...all.map(({ depth = 0 }) => depth)) : (decisive.depth ?? 0),
    tableBytes: sum(({ tableBytes }) => tableBytes),
    covers: decisive.covers.map(({ id }, n) => ({ id, hit: all.some(({ covers }) => covers[n]?.hit === true) })),
    swarm: all.map(({ states, bitstate }) => ({ states, ...(bitstate as BitstateFigures) })),
  };
}
