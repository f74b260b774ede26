import { memoise } from '../../cache/cached-program.ts';
import { compile } from '../../compile/compile.ts';
import type { Program } from '../../compile/program.ts';
import { type Property, wellFormed } from '../../model/property.ts';
import { breadthFirstSearch } from '../bfs/breadth-first-search.ts';
import type { AnyNumberFigures, Engine, Exploration, Progress, StopReason } from '../exploration.ts';
import { symmetryReducedSearch } from '../symmetry/symmetry-search.ts';
import { Crowds } from './crowds.ts';
import { LargerSizes } from './larger-sizes.ts';
import { ProcessFamily } from './process-family.ts';
import { Projection } from './projection.ts';
import { SizedProgram } from './sized-program.ts';
import { SizedSteps } from './sized-steps.ts';
import { StepProofs } from './step-proofs.ts';
import { ViewInvariants } from './view-invariants.ts';
import { ViewLayout } from './view-layout.ts';
import { type Alarm, ViewSearch } from './view-search.ts';

/** Limits of a proof for any number. */
export interface AnyNumberLimits {
  /** stop when views and caches take this many bytes; 2 GiB by default */
  readonly maxMemoryBytes?: number;
  /** states of each search for a counterexample at a fixed number; 3 million by default */
  readonly maxStates?: number;
}

/** Numbers of processes of the configurations: two in view, and up to two unseen. */
const sizes = [2, 3, 4] as const;
/** Numbers at which it is tried whether a step or a property depends on the number. */
const largerSizes = [5, 16] as const;

/**
 * Proves safety for any number of interchangeable processes by view abstraction (P. Abdulla, F. Haziza and L. Holik,
 * All for the Price of Few, VMCAI 2013; Parameterized Verification through View Abstraction, STTT 2016).
 *
 *     views := the views of the initial states
 *     until nothing new comes:
 *       for each whole, for each two views with it, for each company of unseen blocks with it:
 *         build the state of the whole and these blocks; take each step that is not about an unseen process
 *         views := views and the views of the two processes after the step
 *       for each whole, for each three blocks with it: if an invariant is violated in the state that they make: alarm
 *       when there are no new views: the same for each whole beside each crowd of many processes, see crowds.ts
 *
 * A *view* is what belongs to no process, the whole, and what belongs to one process, its block. A state has a view for
 * each process. What a process does, or bears, depends on the whole, on itself, on one other that acts, and on little
 * of the rest: a company of unseen processes stands for that. Steps are those of the program itself, at the size of the
 * company.
 *
 * Numbers of processes that are too small to have two in view are searched state by state, in the same run. An alarm is
 * looked for in searches of 2, 3 and 4 processes: if one finds it, it is a violation, with a counterexample. If none
 * does, the property is not proved. docs/any-number.md says why this is a proof, and what checks each step of it.
 *
 * The files: process-family.ts (sizes of a design), cell-parts.ts, view-layout.ts and projection.ts (what of a state is
 * in a view, and states from views), sized-steps.ts, view-search.ts, forking-pairs.ts, stuck-pairs.ts, crowds.ts,
 * crowd-sets.ts and calm-crowds.ts (the search), view-invariants.ts (properties), block-types.ts (what is read of
 * unseen blocks), step-proofs.ts, larger-sizes.ts and watched-number.ts (that nothing depends on the number).
 * @throws PrecopyError `NOT_SOUND` if something does depend on the number
 */
export function* proveForAnyNumber(program: Program, limits: AnyNumberLimits = {}): Engine {
  const family = new ProcessFamily(program.design, program.params);
  const small = yield* searchSmallNumbers(family);
  if (small.verdict !== 'holds') return small;
  return yield* new AnyNumber(family, small, limits).run();
}

/** Searches the numbers at which there are no two processes to be in view, and the first one at which there are. */
function* searchSmallNumbers(family: ProcessFamily): Engine {
  const { design, min, base } = family;
  let last: Exploration | undefined;
  for (let value = min; value <= Math.max(base + 1, min, 2); value++) {
    const params = family.paramsWith(value);
    last = yield* breadthFirstSearch(memoise(compile(design, params)));
    if (last.violation) return { ...last, violation: { ...last.violation, params } };
    if (last.verdict !== 'holds') return last;
  }
  return last as Exploration;
}

/** The search for the views of a design, and the projections to them, one for each size. */
export interface ViewsOfDesign {
  readonly search: ViewSearch;
  readonly projections: readonly Projection[];
}

/**
 * Begins the search for the views of a design.
 * @throws PrecopyError `NOT_SOUND`
 */
export function viewsOf(family: ProcessFamily): ViewsOfDesign {
  const programs = sizes.map((slots) => new SizedProgram(family, slots));
  const layout = new ViewLayout(family, programs);
  const projections = programs.map((sized) => new Projection(sized, layout));
  const possible = largerSizes.filter((size) => family.base + size <= family.max);
  const larger = new LargerSizes(family, layout, possible);
  for (const one of projections) one.sized.effects.symmetry = new StepProofs(one, larger);
  const steps = projections.map((one) => new SizedSteps(one));
  const search = new ViewSearch(steps, new ViewInvariants(projections.slice(0, 2), larger), new Crowds(family, layout));
  search.addInitial(programs.map((sized) => sized.initialState()));
  return { search, projections };
}

class AnyNumber {
  private readonly search: ViewSearch;
  private readonly programs: readonly SizedProgram[];
  /** ids of properties whose alarm no search has found */
  private readonly unconfirmed: string[] = [];

  constructor(
    private readonly family: ProcessFamily,
    private readonly small: Exploration,
    private readonly limits: AnyNumberLimits,
  ) {
    const { search, projections } = viewsOf(family);
    this.search = search;
    this.programs = projections.map(({ sized }) => sized);
  }

  *run(): Engine {
    const { search, programs } = this;
    for (const part of [() => search.explore(), () => search.findDeadlocks()]) {
      for (;;) {
        const { stop, value: alarm } = yield* this.interruptible(part());
        if (stop) return this.result('inconclusive', stop);
        if (alarm === undefined) break;
        const found = yield* this.confirm(alarm);
        if (found) return found;
      }
    }
    for (const { instrumented } of programs) instrumented.repetitions.repeatAll();
    return this.unconfirmed.length === 0 ? this.result('holds') : this.result('inconclusive', 'views');
  }

  /** Looks for the violation of an alarm at small numbers. Returns the search that has found it. */
  private *confirm({ property }: Alarm): Generator<Progress, Exploration | undefined, StopReason | undefined> {
    const { family, limits } = this;
    const { design, base, min, max } = family;
    const properties = (design.properties as readonly Property[]).filter(({ id }) => id === property);
    for (const size of sizes) {
      const value = base + size;
      if (value < min || value > max) continue;
      const params = family.paramsWith(value);
      const program = memoise(compile({ ...design, properties }, params));
      const found = yield* symmetryReducedSearch(program, { maxStates: limits.maxStates ?? defaultStates });
      if (found.violation) return this.violated(found, params);
    }
    this.unconfirmed.push(property);
    return undefined;
  }

  private violated(found: Exploration, params: Readonly<Record<string, number>>): Exploration | undefined {
    const { violation } = found;
    if (violation === undefined) return undefined;
    const { property } = violation;
    return {
      ...found,
      violation: { ...violation, params },
      covers: this.small.covers,
      properties: this.small.properties.map(({ id }) => ({
        id,
        verdict: id === property ? ('violated' as const) : ('inconclusive' as const),
      })),
      anyNumber: this.figures(),
    };
  }

  /** Does a part of the search. Ends it early if there is a reason to stop. */
  private *interruptible<T>(
    part: Generator<void, T, undefined>,
  ): Generator<Progress, { readonly stop?: StopReason; readonly value?: T }, StopReason | undefined> {
    for (;;) {
      const turn = part.next();
      const stop = this.overLimit() ?? (yield this.progress());
      if (stop) return { stop };
      if (turn.done) return { value: turn.value };
    }
  }

  private overLimit(): StopReason | undefined {
    return this.bytes > (this.limits.maxMemoryBytes ?? defaultBytes) ? 'max-memory' : undefined;
  }

  private get bytes(): number {
    return this.programs.reduce((sum, { effects }) => sum + effects.bytes, this.search.bytes);
  }

  private progress(): Progress {
    const { views, configurations } = this.search;
    return {
      states: views.size,
      transitions: configurations,
      depth: 0,
      frontier: views.queue.length,
      memoryBytes: this.bytes,
      memoryShare: this.bytes / (this.limits.maxMemoryBytes ?? defaultBytes),
    };
  }

  private figures(): AnyNumberFigures {
    const { family, search, unconfirmed } = this;
    return {
      param: family.param,
      from: family.min,
      to: family.max,
      views: search.views.size,
      wholes: search.views.groups.length,
      configurations: search.configurations,
      triedAt: largerSizes.map((size) => family.base + size).filter((value) => value <= family.max),
      notProved: [...unconfirmed],
    };
  }

  private result(verdict: Exploration['verdict'], stoppedBy?: StopReason): Exploration {
    const { search, small, unconfirmed } = this;
    const isComplete = stoppedBy === undefined || stoppedBy === 'views';
    const isOpen = (id: string): boolean => !isComplete || unconfirmed.includes(id) || unconfirmed.includes(wellFormed);
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states: search.views.size,
      transitions: search.configurations,
      frontier: search.views.queue.length,
      collisionProbability: 0,
      tableBytes: this.bytes,
      properties: small.properties.map(({ id }) => ({ id, verdict: isOpen(id) ? 'inconclusive' : 'holds' })),
      covers: small.covers,
      anyNumber: this.figures(),
    };
  }
}

const defaultBytes = 2 ** 31;
const defaultStates = 3_000_000;
