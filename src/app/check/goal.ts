import type { AnyDesign } from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type { Trace } from '../../model/trace.ts';
import type { Exploration } from '../../search/exploration.ts';

/** A search for a shortest run: to a state in which an expression is true. */
export interface Goal {
  readonly until: string;
}

/** Returns true if a question asks for a run. */
export const isGoal = (question: object): question is Goal => 'until' in question;

/**
 * Returns a design whose only property is violated by the runs that reach a goal.
 * @param params those of the check, which actors and cells depend on
 * @throws PrecopyError `BAD_PARAMETER` for a mistake in the expression
 */
export async function withGoal(
  design: AnyDesign,
  { until }: Goal,
  params: Readonly<Record<string, number>>,
): Promise<AnyDesign> {
  // peggy is loaded for an expression only.
  const { untilProperty } = await import('../expression/until.ts');
  return { ...design, properties: [untilProperty(until, design, params)] };
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
  const { violation, ...rest } = exploration;
  const properties = exploration.properties.filter((property) => property.id !== id);
  if (violation?.property !== id) {
    const verdict = exploration.verdict === 'holds' ? 'violated' : exploration.verdict;
    return { exploration: { ...exploration, properties, verdict }, ...(trace && { trace }) };
  }
  const { violation: _, ...run } = trace as Trace;
  return { exploration: { ...rest, properties, verdict: 'holds' }, run };
}
