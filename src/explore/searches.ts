import { memoise } from '../cache/cached-program.ts';
import { compile } from '../compile/compile.ts';
import { type Program, StepOutcome } from '../compile/program.ts';
import { ProgramDecorator } from '../compile/program-decorator.ts';
import { untilProperty } from '../expression/until.ts';
import { ChoiceIds } from '../model/choices.ts';
import { type AnyDesign, checkKindOf } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { type Property, wellFormed } from '../model/property.ts';
import { breadthFirstSearch } from '../search/bfs/breadth-first-search.ts';
import type { Progress, StopReason } from '../search/exploration.ts';
import type { SearchAnswer, SearchGoal, SearchLimits } from './messages.ts';

/** A program whose initial state is another one. */
class ProgramFrom extends ProgramDecorator {
  readonly successors?: NonNullable<Program['successors']>;

  constructor(
    inner: Program,
    private readonly start: Int32Array,
    properties: readonly Property[] = inner.properties,
  ) {
    super(inner, inner.state, properties);
    if (inner.successors && properties === inner.properties) this.successors = inner.successors;
  }

  override reset(): StepOutcome {
    this.inner.reset();
    this.state.set(this.start);
    return StepOutcome.taken;
  }
}

const isReached: Property = {
  kind: 'invariant',
  id: 'state',
  description: 'the state is another one',
  holds: () => true,
};

/** A program that violates its only property in one state, which is compared word by word. */
class ProgramTo extends ProgramFrom {
  constructor(
    inner: Program,
    start: Int32Array,
    private readonly target: Int32Array,
  ) {
    super(inner, start, [isReached]);
  }

  override violated(from = 0): number {
    return from === 0 && this.state.every((word, n) => word === this.target[n]) ? 0 : -1;
  }

  override covers(): void {}

  override violatedByDeadlock(): number {
    return -1;
  }
}

/** A search from a state, as a generator: it yields its progress, and takes a reason to stop. */
export type StateSearch = Generator<Progress, SearchAnswer, StopReason | undefined>;

/** What is searched, and from where. */
export interface SearchStart {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  /** the state to start from */
  readonly from: Int32Array;
}

/** The default limit of states: what a page finds within a minute or two. */
const defaultStates = 20_000_000;

/**
 * Searches breadth first from a state on. A fault, or a race for owned memory, counts as a violation of `well-formed`:
 * behind it nothing is searched, so a goal that was not found by then is `undecided`.
 * @param target the state to find, of a goal `meet` or `this-state`
 * @throws PrecopyError `UNKNOWN_NAME` for a property or cover that is none, `BAD_PARAMETER` for a mistake in an
 *   expression
 */
export function* searchFrom(
  { design, params, from }: SearchStart,
  goal: SearchGoal,
  target: Int32Array | undefined,
  { maxStates = defaultStates, maxMemoryBytes }: SearchLimits = {},
): StateSearch {
  const properties = propertiesOf(design, params, goal);
  const program = memoise(compile({ ...design, properties }, params));
  const start = target ? new ProgramTo(program, from, target) : new ProgramFrom(program, from);
  const search = breadthFirstSearch(start, { maxStates, ...(maxMemoryBytes !== undefined && { maxMemoryBytes }) });
  const { verdict, violation, states, depth = 1, stoppedBy } = yield* search;
  const figures = { states, depth };
  if (violation === undefined) {
    if (verdict === 'holds') return { outcome: 'none', ...figures };
    return { outcome: 'undecided', detail: `stopped: ${stoppedBy}`, ...figures };
  }
  const { property, fault } = violation;
  const isSought =
    property !== wellFormed || (goal.kind === 'violation' && [undefined, property].includes(goal.property));
  if (!isSought) return { outcome: 'undecided', detail: `a run is not well-formed: ${fault}`, ...figures };
  const ids = new ChoiceIds(program.events);
  return {
    outcome: 'found',
    steps: violation.schedule.map(({ event, payload }) => ids.firstOf(event) + payload),
    ...(goal.kind === 'violation' && { property }),
    ...(fault !== undefined && { detail: fault }),
    ...figures,
  };
}

/** Returns the answer of a search that would begin, or end, in what a fault left behind. */
export function afterFault(fault: string, goal: SearchGoal): SearchAnswer {
  const isSought = goal.kind === 'violation' && [undefined, wellFormed].includes(goal.property);
  const figures = { states: 1, depth: 1 };
  if (isSought) return { outcome: 'found', steps: [], property: wellFormed, detail: fault, ...figures };
  return { outcome: 'undecided', detail: `a run is not well-formed: ${fault}`, ...figures };
}

/** Returns the properties whose violation is the goal. */
function propertiesOf(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  goal: SearchGoal,
): readonly Property[] {
  const all = design.properties as readonly Property[];
  switch (goal.kind) {
    case 'violation': {
      if (goal.property === undefined) return safetyOf(all);
      if (goal.property === wellFormed) return [];
      return [named(all, goal.property, ({ kind }) => kind === 'invariant' || kind === 'deadlock')];
    }
    case 'cover':
      return [{ ...(named(all, goal.cover, ({ kind }) => kind === 'cover') as CoverProperty), isGoal: true }];
    case 'until':
      return [untilProperty(goal.expression, design, params)];
    default:
      return [];
  }
}

type CoverProperty = Extract<Property, { kind: 'cover' }>;

/** Returns the properties that a search of all states decides, without covers. */
export const safetyOf = (all: readonly Property[]): Property[] =>
  all.filter((one) => one.kind !== 'cover' && checkKindOf(one) === 'safety');

function named(all: readonly Property[], id: string, test: (property: Property) => boolean): Property {
  const known = all.filter(test);
  const found = known.find((property) => property.id === id);
  if (found) return found;
  const ids = known.map((property) => property.id);
  throw new PrecopyError('UNKNOWN_NAME', `there is no '${id}'${didYouMean(id, ids)}`, `there are ${ids.join(', ')}`);
}
