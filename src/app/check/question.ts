import type { Program } from '../../compile/program.ts';
import { type AnyDesign, type CheckKind, checkKindOf } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { type Property, wellFormed } from '../../model/property.ts';
import type { Exploration } from '../../search/exploration.ts';
import { type Goal, isGoal, withGoal } from './goal.ts';

/** Options that say what a check asks of a design: all of its properties by default. At most one of them is given. */
export interface QuestionOptions {
  /** ids of the only properties to check; `well-formed` is checked with them */
  readonly properties?: readonly string[];
  /** an expression over states (docs/search.md): find a shortest run to a state in which it is true */
  readonly until?: string;
  /** id of a cover: find a shortest run that hits it */
  readonly show?: string;
}

/** What a check asks of a design, if not all of its properties. */
export type Question = { readonly properties: readonly string[] } | Goal;

/**
 * Returns the question that options ask; undefined if nothing special is asked.
 * @throws PrecopyError `BAD_PARAMETER` if there are two
 */
export function questionIn({ properties, until, show }: QuestionOptions): Question | undefined {
  const questions: Readonly<Record<string, Question | undefined>> = {
    '--until': until === undefined ? undefined : { until },
    '--show': show === undefined ? undefined : { show },
    '--property': properties && { properties },
  };
  const [first, second] = Object.entries(questions).filter(([, question]) => question !== undefined);
  if (!second) return first?.[1];
  const cause = `${first?.[0]} cannot be combined with ${second[0]}`;
  throw new PrecopyError('BAD_PARAMETER', cause, 'leave one of the two out');
}

/** Returns a design with what a question asks for. */
export async function withQuestion(
  design: AnyDesign,
  question: Question | undefined,
  params: Readonly<Record<string, number>>,
): Promise<AnyDesign> {
  if (question === undefined) return design;
  return isGoal(question) ? withGoal(design, question, params) : withProperties(design, question.properties);
}

/**
 * Returns a design with some of its properties.
 * @throws PrecopyError `UNKNOWN_NAME` if it has no property with one of the ids
 */
export function withProperties(design: AnyDesign, ids: readonly string[]): AnyDesign {
  for (const id of ids) if (!hasProperty(design, id)) throw unknownProperty(design.id, id, [design]);
  return { ...design, properties: propertiesOf(design).filter(({ id }) => ids.includes(id)) };
}

/**
 * Returns the kinds of checks that decide some properties of a design.
 * @param only the only kind of check of the run
 * @throws PrecopyError `NOT_SOUND` if another kind of check would decide one of them
 */
export function kindsOfProperties(
  design: AnyDesign,
  ids: readonly string[],
  only: CheckKind | undefined,
): readonly CheckKind[] {
  const kindOf = (id: string): CheckKind => {
    const property = propertiesOf(design).find((one) => one.id === id);
    return property ? checkKindOf(property) : 'safety';
  };
  const excluded = ids.find((id) => only !== undefined && kindOf(id) !== only);
  if (excluded !== undefined) {
    const what = kindOf(excluded) === 'liveness' ? 'a leads-to property' : 'a safety property';
    const remedy = only === 'safety' ? 'search exhaustively, for liveness too' : 'leave --liveness out';
    throw new PrecopyError('NOT_SOUND', `${excluded} is ${what}, and this run checks ${only} only`, remedy);
  }
  return (['safety', 'liveness'] as const).filter((kind) => ids.some((id) => kindOf(id) === kind));
}

/**
 * Returns the designs that have at least one of some properties.
 * @throws PrecopyError `UNKNOWN_NAME` for a property that none of them has
 */
export function designsWith<T extends { readonly design: AnyDesign }>(
  targets: readonly T[],
  ids: readonly string[],
): T[] {
  const designs = targets.map(({ design }) => design);
  const unknown = ids.find((id) => !designs.some((design) => hasProperty(design, id)));
  if (unknown !== undefined) throw unknownProperty('no design', unknown, designs);
  return targets.filter(({ design }) => ids.some((id) => hasProperty(design, id)));
}

/** Returns those of some ids that are properties of a design. */
export const propertiesIn = (design: AnyDesign, ids: readonly string[]): string[] =>
  ids.filter((id) => hasProperty(design, id));

/**
 * Refuses a property that was asked for and does not apply at the params of a program: it would be left out, and the
 * rest would hold.
 * @param design the design of the program, with these properties
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function assertApplicable({ properties }: Program, design: AnyDesign): void {
  const ids = propertiesOf(design).map(({ id }) => id);
  const inapplicable = ids.find((id) => !properties.some((property) => property.id === id));
  if (inapplicable === undefined) return;
  const cause = `${inapplicable} does not apply at these params, by its \`where\``;
  throw new PrecopyError('BAD_PARAMETER', cause, 'give params at which it applies');
}

/** Returns the result of a search for some properties: a cover among them has to be hit. */
export function withCoversDecided(exploration: Exploration): Exploration {
  const isMissed = exploration.verdict === 'holds' && exploration.covers.some(({ hit }) => !hit);
  return isMissed ? { ...exploration, verdict: 'violated' } : exploration;
}

const propertiesOf = ({ properties }: AnyDesign): readonly Property[] => properties;

const hasProperty = (design: AnyDesign, id: string): boolean =>
  id === wellFormed || propertiesOf(design).some((property) => property.id === id);

function unknownProperty(who: string, id: string, designs: readonly AnyDesign[]): PrecopyError {
  const ids = [...new Set(designs.flatMap((design) => propertiesOf(design).map((property) => property.id)))];
  const known = [...ids, wellFormed];
  const has = who === 'no design' ? 'no design has a' : `${who} has no`;
  return new PrecopyError(
    'UNKNOWN_NAME',
    `${has} property '${id}'${didYouMean(id, known)}`,
    `there are ${known.join(', ')}`,
  );
}
