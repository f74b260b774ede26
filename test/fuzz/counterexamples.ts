import { type AnyDesign, type Exploration, type Program, type Property, replay } from 'precopy';
import type { Node } from '../reference/graph.ts';
import { brokenIn, deadlocksIn, wellFormed } from '../reference/safety.ts';
import { agree, type Case, Disagreement } from './case.ts';

type Violation = NonNullable<Exploration['violation']>;

/**
 * What an engine does not see before the end of a schedule. Sampling sees a race for owned memory once both accesses
 * were seen; a search for fair cycles looks at no invariant.
 */
export type Overlooked = 'nothing' | 'races' | 'invariants';

/** Checks that a counterexample is one: in the graph of the reference, and on live actors. */
export function checkCounterexample(
  one: Case,
  program: Pick<Program, 'events'>,
  violation: Violation,
  overlooked: Overlooked = 'nothing',
): void {
  const { property, schedule, cycle } = violation;
  if (cycle === undefined)
    agree('what the schedule violates', property, violatedBy(one, program, violation, overlooked));
  const design = overlooked === 'invariants' ? withoutInvariants(one.design) : one.design;
  const trace = replay(design, {}, schedule, cycle);
  const live = { property: trace.violation?.property, steps: trace.steps.length };
  agree('live actors', live, { property, steps: schedule.length + (cycle?.length ?? 0) });
}

const withoutInvariants = (design: AnyDesign): AnyDesign => ({
  ...design,
  properties: (design.properties as readonly Property[]).filter(({ kind }) => kind === 'leads-to'),
});

/** Follows a schedule to its first violation. Returns the property, or what is wrong with the schedule. */
function violatedBy(
  one: Case,
  program: Pick<Program, 'events'>,
  { property, schedule }: Violation,
  overlooked: Overlooked,
): string {
  const properties = overlooked === 'invariants' ? [] : one.properties;
  const { nodes, system } = one.graph;
  if (nodes.length === 0) return schedule.length === 0 ? wellFormed : 'the start is a fault';
  let node = nodes[0] as Node;
  for (const [n, choice] of schedule.entries()) {
    if (brokenIn(system, node.state, properties) !== undefined) return `violated at step ${n} already`;
    if (node.isRace && overlooked !== 'races') return `a race at step ${n} already`;
    const taken = one.choiceOf(program, choice);
    const edge = node.edges.find((candidate) => candidate.choice === taken);
    if (!edge) return `step ${n + 1} is not enabled`;
    if (edge.target < 0) return n === schedule.length - 1 ? wellFormed : `a fault at step ${n + 1} already`;
    node = nodes[edge.target] as Node;
  }
  const broken = brokenIn(system, node.state, properties);
  if (broken !== undefined) return broken;
  const atEnd = [
    ...(node.isRace ? [wellFormed] : []),
    ...(node.edges.length === 0 ? deadlocksIn(system, node.state, properties) : []),
  ];
  return atEnd.includes(property) ? property : (atEnd[0] ?? 'nothing');
}

/** Checks the verdict of an engine that is allowed to say that it does not know. */
export function checkVerdict(
  one: Case,
  program: Pick<Program, 'events'>,
  { verdict, violation, covers }: Exploration,
  safety: Case['safety'],
  overlooked: Overlooked = 'nothing',
): void {
  if (verdict === 'holds') agree('holds', [], [...safety.violated]);
  if (violation) {
    if (!safety.violated.has(violation.property)) {
      throw new Disagreement('the violated property', violation.property, [...safety.violated]);
    }
    checkCounterexample(one, program, violation, overlooked);
  }
  const hit = covers.flatMap(({ id, hit }) => (hit ? [id] : []));
  agree(
    'covers that cannot be hit',
    hit.filter((id) => !safety.covers.has(id)),
    [],
  );
}
