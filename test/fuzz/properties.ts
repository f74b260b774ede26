import { isViolated, obligationsOf } from '../reference/fairness.ts';
import type { Graph } from '../reference/graph.ts';
import type {
  Expression,
  LeadsToSpecification,
  PropertySpecification,
  Specification,
} from '../reference/specification.ts';
import { holdsIn } from '../reference/view.ts';
import type { Dice } from './random.ts';
import { actorCount, anyFormula, anyRead, equals, less, referenceTo } from './vocabulary.ts';

/** Draws a statement about a state. `the` allows the actor of `leadsToForEach`. */
function anyAtom(dice: Dice, specification: Specification, the = false): Expression {
  const { cells, tags, messages, roles, memoryModel } = specification;
  const posted = Object.keys(messages).filter((type) => messages[type]?.delivery === 'posted');
  const count = actorCount(roles);
  const anyActor = (): Expression => (the && dice.chance(70) ? { the: 'actor' } : dice.below(count));
  return dice.weighted<Expression>(
    [
      cells.length > 0 ? 5 : 0,
      () => {
        const spec = dice.pick(cells);
        return anyRead(referenceTo(spec, dice), spec.cell, dice);
      },
    ],
    [tags.length > 0 ? (the ? 12 : 4) : 0, () => ({ tagged: dice.pick(tags), actor: anyActor() })],
    [tags.length > 0 ? 3 : 0, () => dice.pick([equals, less])({ tagCount: dice.pick(tags) }, dice.below(count + 1))],
    [posted.length > 0 ? 2 : 0, () => ({ posted: dice.pick(posted), actor: anyActor() })],
    [memoryModel === 'tso' ? 1 : 0, () => ({ drained: true })],
    [1, () => 1],
  );
}

const both = (left: Expression, right: Expression): Expression => ({ op: '&&', left, right });

/** Draws what never happens: in most cases something that no state does, or only states after some steps. */
function anyForbidden({ system, nodes }: Graph, dice: Dice): Expression {
  const atom = (): Expression => anyAtom(dice, system.specification);
  const draw = (): Expression => dice.times(dice.between(1, 3), () => anyFormula(dice, atom, 1)).reduce(both);
  const wanted = dice.pick(['nowhere', 'nowhere', 'late', 'late', 'rare', 'anywhere'] as const);
  let drawn = draw();
  for (let n = 0; n < 12 && wanted !== 'anywhere'; n++) {
    const happens = nodes.filter(({ state }) => holdsIn(system, state, drawn)).length;
    const happensFirst = nodes.length > 0 && holdsIn(system, (nodes[0] as Graph['nodes'][number]).state, drawn);
    const isRare = happens * 10 <= nodes.length;
    if (wanted === 'nowhere' ? happens === 0 : happens > 0 && !happensFirst && (wanted === 'late' || isRare)) break;
    drawn = draw();
  }
  return drawn;
}

/** Draws safety properties: invariants, covers of states and steps, and deadlock properties. */
export function anySafetyProperties(dice: Dice, graph: Graph): PropertySpecification[] {
  const { specification } = graph.system;
  const { machines, roles } = specification;
  const actions = Object.values(machines).flatMap((machine) => Object.keys(machine.actions));
  const atom = (): Expression => anyAtom(dice, specification);
  const invariants = dice.times(dice.below(4), (n): PropertySpecification => {
    const what = anyForbidden(graph, dice);
    return dice.chance(70)
      ? { kind: 'never', id: `invariant${n}`, what }
      : { kind: 'always', id: `invariant${n}`, what: { not: what } };
  });
  const covers = dice.times(dice.below(3), (n): PropertySpecification => {
    const what = dice.weighted<Expression>(
      [3, atom],
      [actions.length > 0 ? 2 : 0, () => ({ ran: dice.pick(actions) })],
      [1, () => equals({ step: 'actor' }, dice.between(-1, actorCount(roles) - 1))],
      [1, () => equals({ step: 'payload' }, dice.below(3))],
    );
    return { kind: 'reachable', id: `cover${n}`, what: dice.chance(40) ? both(what, atom()) : what };
  });
  const deadlocks = dice.times(
    dice.pick([0, 0, 0, 1, 1, 2]),
    (n): PropertySpecification => ({
      kind: 'noDeadlock',
      id: `deadlock${n}`,
      what: dice.chance(40) ? 1 : anyFormula(dice, atom),
    }),
  );
  return [...invariants, ...covers, ...deadlocks];
}

/** Draws leads-to properties. Most of them are violated, or would be if it were not for fairness. */
export function anyLeadsTo(dice: Dice, graph: Graph): PropertySpecification[] {
  return dice.times(dice.between(1, 3), (n) => {
    const wanted = dice.pick(['violated', 'violated', 'fairness', 'fairness', 'anything'] as const);
    let drawn = oneLeadsTo(dice, graph.system.specification, n);
    for (let m = 0; m < 6 && wanted !== 'anything'; m++) {
      const obligations = obligationsOf(graph, drawn);
      const isViolatedBy = (constraints?: []): boolean =>
        obligations.some((obligation) => isViolated(graph, { ...obligation, ...(constraints && { constraints }) }));
      if (isViolatedBy([]) && isViolatedBy() === (wanted === 'violated')) break;
      drawn = oneLeadsTo(dice, graph.system.specification, n);
    }
    return drawn;
  });
}

/** Draws a leads-to property with any kind of premise. */
function oneLeadsTo(dice: Dice, specification: Specification, n: number): LeadsToSpecification {
  const { machines, messages, roles } = specification;
  const own = Object.values(machines).flatMap(({ events }) => Object.keys(events));
  const events = [...own, ...Object.keys(messages).filter((type) => messages[type]?.delivery === 'posted')];
  const forEach = dice.chance(40) ? dice.pick(roles).name : undefined;
  const atom = (): Expression => anyAtom(dice, specification, forEach !== undefined);
  const strongly = dice.times(dice.pick([0, 0, 1, 2]), () => ({
    event: dice.pick(events),
    ...(dice.chance(50) && { when: anyFormula(dice, () => anyAtom(dice, specification), 1) }),
  }));
  return {
    kind: 'leadsTo',
    id: `leadsTo${n}`,
    from: anyFormula(dice, atom, 1),
    to: dice.chance(60) ? { op: '||', left: atom(), right: atom() } : anyFormula(dice, atom, 1),
    ...(forEach !== undefined && { forEach }),
    ...(dice.chance(35) && { finitely: [dice.pick(events)] }),
    ...(strongly.length > 0 && { strongly }),
  };
}
