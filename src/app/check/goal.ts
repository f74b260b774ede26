import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import type { Property } from '../../model/property.ts';
import type { Trace } from '../../model/trace.ts';
import type { Exploration } from '../../search/exploration.ts';

/** A search for a shortest run: to a state in which an expression is true, or one that hits a cover. */
export type Goal = { readonly until: string } | { readonly show: string };

/** Returns true if a question asks for a run. */
export const isGoal = (question: object): question is Goal => 'until' in question || 'show' in question;

/**
 * Returns a design whose only property is violated by the runs that reach a goal.
 * @param params those of the check, which actors and cells depend on
 * @throws PrecopyError `BAD_PARAMETER` for a mistake in the expression, `UNKNOWN_NAME` for a cover that is none
 */
export async function withGoal(
  design: AnyDesign,
  goal: Goal,
  params: Readonly<Record<string, number>>,
): Promise<AnyDesign> {
  if ('show' in goal) return { ...design, properties: [{ ...coverOf(design, goal.show), isGoal: true }] };
  const { until } = goal;
  // peggy is loaded for an expression only.
  const { untilProperty } = await import('../../expression/until.ts');
  return { ...design, properties: [untilProperty(until, design, params)] };
}

function coverOf({ id, properties }: AnyDesign, cover: string): Extract<Property, { kind: 'cover' }> {
  const all = properties as readonly Property[];
  const covers = all.filter(({ kind }) => kind === 'cover').map((one) => one.id);
  const found = all.find((one) => one.id === cover);
  if (found?.kind === 'cover') return found;
  if (found) {
    const remedy = `\`--property ${cover}\` looks for a run that violates it`;
    throw new PrecopyError('UNKNOWN_NAME', `${cover} is no cover of ${id}`, remedy);
  }
  const remedy = covers.length > 0 ? `its covers are ${covers.join(', ')}` : 'define one with `reachable`';
  throw new PrecopyError('UNKNOWN_NAME', `${id} has no cover '${cover}'${didYouMean(cover, covers)}`, remedy);
}

/** Returns what a run to a goal violates: the only property of the design of the search. */
const goalOf = ({ properties }: AnyDesign): Property => properties[0] as Property;

/** Returns the statement that is true where a run reaches the goal. */
export const statementOf = (design: AnyDesign): string => goalOf(design).description;

/** The answer of a search for a goal. */
export interface GoalAnswer {
  /** `holds`: the goal was reached; `violated`: no run reaches it, or the model is not well-formed */
  readonly exploration: Exploration;
  /** the run, as live actors executed it */
  readonly run?: Trace;
  /** a counterexample to `well-formed`, which ended the search */
  readonly trace?: Trace;
}

/**
 * Returns the result of a search as an answer.
 * @param trace the run that violates the property of the goal, or `well-formed`
 */
export function answerOf(design: AnyDesign, exploration: Exploration, trace: Trace | undefined): GoalAnswer {
  const { id } = goalOf(design);
  const { violation, ...rest } = { ...exploration, covers: [] };
  const properties = exploration.properties.filter((property) => property.id !== id);
  if (violation?.property !== id) {
    const verdict = exploration.verdict === 'holds' ? 'violated' : exploration.verdict;
    return { exploration: { ...exploration, covers: [], properties, verdict }, ...(trace && { trace }) };
  }
  const { violation: reached, ...run } = trace as Trace;
  return { exploration: { ...rest, properties, verdict: 'holds' }, run: { ...run, ...(reached && { reached }) } };
}
