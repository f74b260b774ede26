import type { Graph } from './graph.ts';
import type { LeadsToSpecification } from './specification.ts';
import type { Choice, System } from './system.ts';
import { holdsIn } from './view.ts';

/** A fairness constraint: what is enabled for ever (weak) or again and again (strong) is taken again and again. */
interface Constraint {
  readonly strong: boolean;
  includes(choice: Choice): boolean;
  /** by state: whether the constraint counts there */
  readonly counts: (node: number) => boolean;
}

/** What holds in each state of a graph for one leads-to property and one actor. */
export interface Obligation {
  readonly actor: number;
  /** whether the premise holds in some state */
  readonly isNonVacuous: boolean;
  /** by state: whether the premise holds and the conclusion does not */
  readonly requested: readonly boolean[];
  /** by state: whether the conclusion does not hold */
  readonly open: readonly boolean[];
  readonly constraints: readonly Constraint[];
  /** Returns whether a run may take a choice infinitely often. */
  mayRepeat(choice: Choice): boolean;
}

/** Returns the obligations of a property: one, or one of each actor of its role. */
export function obligationsOf({ system, nodes }: Graph, property: LeadsToSpecification): Obligation[] {
  const actors =
    property.forEach === undefined
      ? [-1]
      : system.actors.flatMap(({ role }, id) => (role === property.forEach ? [id] : []));
  return actors.map((actor) => {
    const holds = (what: LeadsToSpecification['from']): boolean[] =>
      nodes.map(({ state }) => holdsIn(system, state, what, { theActor: actor }));
    const answered = holds(property.to);
    const premised = holds(property.from);
    return {
      actor,
      isNonVacuous: premised.includes(true),
      requested: premised.map((requested, n) => requested && !answered[n]),
      open: answered.map((is) => !is),
      constraints: constraintsOf({ system, nodes } as Graph, property),
      mayRepeat: (choice) => choice.kind === 'drain' || !property.finitely?.includes(choice.type),
    };
  });
}

function constraintsOf({ system, nodes }: Graph, property: LeadsToSpecification): Constraint[] {
  const everywhere = (): boolean => true;
  const weak = (includes: (choice: Choice) => boolean): Constraint => ({ strong: false, includes, counts: everywhere });
  const threads = system.actors.map((_, actor) =>
    weak((choice) => choice.kind === 'own' && choice.actor === actor && !isOptional(system, choice)),
  );
  const others = system.choices.filter(({ kind }) => kind !== 'own').map((one) => weak((choice) => choice === one));
  const premises = (property.strongly ?? []).flatMap(({ event, when }) => {
    const counts =
      when === undefined
        ? everywhere
        : (n: number) => holdsIn(system, (nodes[n] as never as Graph['nodes'][number]).state, when);
    return system.choices
      .filter((choice) => choice.kind !== 'drain' && choice.type === event)
      .map((one): Constraint => ({ strong: true, includes: (choice) => choice === one, counts }));
  });
  return [...threads, ...others, ...premises];
}

const isOptional = (system: System, choice: Choice): boolean =>
  choice.kind === 'own' && system.actors[choice.actor]?.machine.events[choice.type]?.optional === true;

/** Returns whether a fair run violates an obligation: a request that is never answered. */
export function isViolated(graph: Graph, obligation: Obligation): boolean {
  const { requested, open } = obligation;
  const pending = closure(
    graph,
    requested.flatMap((is, n) => (is ? [n] : [])),
    (n) => open[n] === true,
    () => true,
  );
  const regions = [pending];
  for (let region = regions.pop(); region; region = regions.pop()) {
    for (const component of componentsOf(graph, region, obligation)) {
      const unsatisfied = unsatisfiedIn(graph, [...component], obligation);
      if (unsatisfied.length === 0) return true;
      if (unsatisfied.some(({ strong }) => !strong)) continue;
      // A run that stays here must avoid the states where an unsatisfied strong constraint is enabled.
      const rest = [...component].filter((n) => !unsatisfied.some((one) => enables(graph, n, one)));
      regions.push(new Set(rest));
    }
  }
  return false;
}

/** Returns the states that some states reach by steps that are allowed, within states that are allowed. */
function closure(
  { nodes }: Graph,
  from: readonly number[],
  isInside: (node: number) => boolean,
  isAllowed: (choice: Choice) => boolean,
): Set<number> {
  const reached = new Set(from);
  for (const n of reached) {
    for (const { target, choice } of nodes[n]?.edges ?? []) {
      if (target >= 0 && isInside(target) && isAllowed(choice)) reached.add(target);
    }
  }
  return reached;
}

/** Returns the strongly connected components of a set of states, by their definition. */
function componentsOf(graph: Graph, region: ReadonlySet<number>, { mayRepeat }: Obligation): Set<number>[] {
  const reach = new Map([...region].map((n) => [n, closure(graph, [n], (m) => region.has(m), mayRepeat)]));
  const components: Set<number>[] = [];
  const left = new Set(region);
  for (const n of left) {
    const component = new Set([...(reach.get(n) as Set<number>)].filter((m) => reach.get(m)?.has(n)));
    for (const m of component) left.delete(m);
    components.push(component);
  }
  return components;
}

/** Returns the constraints that a run violates which visits just these states again and again, by all their steps. */
function unsatisfiedIn({ nodes, ...graph }: Graph, states: readonly number[], { constraints, mayRepeat }: Obligation) {
  return constraints.filter((constraint) => {
    const enabledIn = states.filter((n) => enables({ nodes, ...graph }, n, constraint));
    const isBinding = constraint.strong ? enabledIn.length > 0 : enabledIn.length === states.length;
    const isTaken = enabledIn.some((n) =>
      nodes[n]?.edges.some(
        ({ choice, target }) => constraint.includes(choice) && mayRepeat(choice) && states.includes(target),
      ),
    );
    return isBinding && !isTaken;
  });
}

const enables = ({ nodes }: Graph, n: number, { includes, counts }: Constraint): boolean =>
  counts(n) && nodes[n]?.edges.some(({ choice }) => includes(choice)) === true;
