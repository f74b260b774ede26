import { isEqual } from '../../cache/access-sets.ts';
import { memoise } from '../../cache/cached-program.ts';
import { compile } from '../../compile/compile.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import { ProgramDecorator } from '../../compile/program-decorator.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import type { Engine, Exploration } from '../exploration.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from './breadth-first-search.ts';

/**
 * Visits all states that schedules with at most `bound` preemptions reach: preemption bounding (M. Musuvathi, S.
 * Qadeer: Iterative Context Bounding for Systematic Testing of Multithreaded Programs, PLDI 2007). Most races need one
 * or two. The counterexample is a shortest one within the bound. If the bound disabled a choice, the verdict `holds`
 * becomes `inconclusive`.
 * @param bound most preemptions of a schedule
 */
export function* preemptionBoundedSearch(
  program: Program,
  bound: number,
  limits: Limits = {},
  services: SearchServices = {},
): Engine {
  const { covers, ...found } = yield* breadthFirstSearch(
    new PreemptionBoundedProgram(program, bound),
    limits,
    services,
  );
  const depthBoundReached = covers.at(-1)?.hit === true;
  const result: Exploration = { ...found, covers: covers.slice(0, -1), preemptions: bound };
  if (found.verdict !== 'holds' || !depthBoundReached) return result;
  const properties = found.properties.map(({ id }) => ({ id, verdict: 'inconclusive' as const }));
  return { ...result, verdict: 'inconclusive', stoppedBy: 'preemptions', properties };
}

/** A cover that is hit if the bound disables a choice. */
const boundReached: Property = { kind: 'cover', id: 'cut', description: 'the bound was reached', isHit: () => false };

/**
 * A program under a scheduler that preempts at most `bound` times. A preemption is a switch away from an actor that can
 * continue. An actor whose steps all leave the state as it is, such as one that spins, cannot. An additional word of
 * the state holds the actor of the last step, if it can continue, and the number of preemptions.
 */
export class PreemptionBoundedProgram extends ProgramDecorator {
  /** the state of the inner program */
  private readonly innerState: Int32Array;
  /** a second program: steps of the inner one would change its last step */
  private readonly probe: Program;
  private readonly enabledEvents: Int32Array;
  private readonly actorOf: Int32Array;
  private readonly last: number;
  private isBoundReached = false;
  /** id of what the last step would have accessed of owned memory, if the bound forbade it */
  private forbiddenAccesses: number | undefined;

  constructor(
    program: Program,
    private readonly bound: number,
  ) {
    const { state, events, properties, design, params } = program;
    if (!(bound >= 0 && bound <= maxPreemptions) || program.actors.length >= maxPreemptions) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `a schedule with at most ${bound} preemptions of ${program.actors.length} actors`,
        `give a bound from 0 to ${maxPreemptions}, for fewer actors than that`,
      );
    }
    super(program, new Int32Array(state.length + 1), [...properties, boundReached]);
    this.innerState = state;
    this.last = state.length;
    this.probe = memoise(compile(design, params));
    this.enabledEvents = new Int32Array(events.length);
    this.actorOf = Int32Array.from(events, ({ actor }) => actor);
  }

  override get cacheBytes(): number {
    return this.inner.cacheBytes + this.probe.cacheBytes;
  }

  override limitCache(bytes: number): void {
    this.inner.limitCache(bytes / 2);
    this.probe.limitCache(bytes / 2);
  }

  override reset(): StepOutcome {
    const outcome = this.inner.reset();
    this.store(0);
    return outcome;
  }

  override enabled(out: Int32Array): number {
    this.load();
    const count = this.inner.enabled(out);
    for (let n = 0; n < count; n++) if (this.isForbidden(this.actorOf[out[n]])) this.isBoundReached = true;
    return count;
  }

  /** Takes a step. Beyond the bound it is refused, and what it would access is known all the same. */
  override step(event: number, payload: number): StepOutcome {
    this.load();
    const actor = this.actorOf[event];
    if (this.isForbidden(actor)) {
      this.forbiddenAccesses = this.accessesOf(event, payload);
      return StepOutcome.refused;
    }
    this.forbiddenAccesses = undefined;
    const outcome = this.inner.step(event, payload);
    if (outcome !== StepOutcome.taken) return outcome;
    const word = this.state[this.last];
    const preemptions = preemptionsOf(word) + (isPreemption(word, actor) ? 1 : 0);
    this.store(wordOf(this.canContinue(actor) ? actor : -1, preemptions));
    return outcome;
  }

  /** A race for owned memory is one of a state, whether or not the bound allows both steps. */
  override ownedAccesses(): number {
    return this.forbiddenAccesses ?? this.inner.ownedAccesses();
  }

  override violated(from?: number): number {
    this.load();
    return this.inner.violated(from);
  }
  override covers(open: readonly number[], hit: (property: number) => void): void {
    const last = this.properties.length - 1;
    if (this.isBoundReached && open.includes(last)) hit(last);
    const others = open.filter((cover) => cover !== last);
    if (others.length > 0) this.inner.covers(others, hit);
  }
  override ownedRace(): string | undefined {
    this.load();
    return this.inner.ownedRace();
  }
  override violatedByDeadlock(from?: number): number {
    this.load();
    return this.inner.violatedByDeadlock(from);
  }

  /** Returns whether a step of an actor would exceed the bound. */
  private isForbidden(actor: number): boolean {
    const word = this.state[this.last];
    return isPreemption(word, actor) && preemptionsOf(word) >= this.bound;
  }

  /** Returns the id of what a step accesses of owned memory. */
  private accessesOf(event: number, payload: number): number {
    const { probe, innerState, inner } = this;
    probe.state.set(innerState);
    probe.step(event, payload);
    return inner.ownedSets.idOf(probe.ownedSets.accessesOf(probe.ownedAccesses()));
  }

  /** Returns whether an actor has a step that changes the state, or is a fault. */
  private canContinue(actor: number): boolean {
    const { probe, enabledEvents, innerState } = this;
    probe.state.set(innerState);
    const count = probe.enabled(enabledEvents);
    for (let n = 0; n < count; n++) {
      const event = enabledEvents[n];
      if (this.actorOf[event] !== actor) continue;
      const { domain } = probe.events[event];
      for (let payload = 0; payload < domain; payload++) {
        const outcome = probe.step(event, payload);
        if (outcome === StepOutcome.fault || (outcome === StepOutcome.taken && !isEqual(probe.state, innerState)))
          return true;
      }
    }
    return false;
  }

  private load(): void {
    const { innerState, state } = this;
    for (let n = 0; n < innerState.length; n++) innerState[n] = state[n];
  }

  private store(word: number): void {
    const { innerState, state } = this;
    for (let n = 0; n < innerState.length; n++) state[n] = innerState[n];
    state[this.last] = word;
  }
}

/** Half of a word holds an actor, the other half a number of preemptions. */
const maxPreemptions = 0xffff;

/**
 * Returns the additional word: 1 plus the running actor in the lower half, the number of preemptions in the upper half.
 */
const wordOf = (runningActor: number, preemptions: number): number => (preemptions << 16) | (runningActor + 1);
const runningActorOf = (word: number): number => (word & 0xffff) - 1;
const preemptionsOf = (word: number): number => word >>> 16;
const isPreemption = (word: number, actor: number): boolean =>
  runningActorOf(word) >= 0 && runningActorOf(word) !== actor;
