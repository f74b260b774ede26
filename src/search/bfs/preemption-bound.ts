import { isEqual } from '../../cache/access-sets.ts';
import { memoise } from '../../cache/cached-program.ts';
import { compile } from '../../compile/compile.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import { ProgramDecorator } from '../../compile/program-decorator.ts';
import type { Property } from '../../model/property.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from './breadth-first-search.ts';

/**
 * Visits all states that schedules with few preemptions lead to (M. Musuvathi, S. Qadeer: Iterative Context Bounding for Systematic Testing
 * of Multithreaded Programs, PLDI 2007). Most races need one or two. The counterexample is one of the shortest of those with so few. Where
 * the bound kept something from being taken, finding nothing proves nothing beyond it, and the verdict is open.
 * @param bound the most preemptions of a schedule
 */
export function* preemptionBoundedSearch(
  program: Program,
  bound: number,
  limits: Limits = {},
  outside: SearchServices = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  const { covers, ...found } = yield* breadthFirstSearch(new PreemptionBoundedProgram(program, bound), limits, outside);
  const depthBoundReached = covers.at(-1)?.hit === true;
  const result: Exploration = { ...found, covers: covers.slice(0, -1), preemptions: bound };
  if (found.verdict !== 'holds' || !depthBoundReached) return result;
  const properties = found.properties.map(({ id }) => ({ id, verdict: 'inconclusive' as const }));
  return { ...result, verdict: 'inconclusive', stoppedBy: 'preemptions', properties };
}

/** is hit when the bound keeps an actor from its step */
const boundReached: Property = { kind: 'cover', id: 'cut', description: 'the bound was reached', isHit: () => false };

/**
 * The same program under a scheduler that preempts only so often. A preemption is a switch away from an actor that could have gone on: from
 * one whose steps would all change nothing, it is none. One further word of the state says who took the last step, if that one can
 * go on, and how many preemptions there were.
 */
export class PreemptionBoundedProgram extends ProgramDecorator {
  /** the state of the program itself */
  private readonly plain: Int32Array;
  /** a second one: what the first says of its last step has to stay */
  private readonly probe: Program;
  private readonly offered: Int32Array;
  private readonly actorOf: Int32Array;
  private readonly last: number;
  private hasCut = false;

  constructor(
    program: Program,
    private readonly bound: number,
  ) {
    const { state, events, properties, design, params } = program;
    super(program, new Int32Array(state.length + 1), [...properties, boundReached]);
    this.plain = state;
    this.last = state.length;
    this.probe = memoise(compile(design, params));
    this.offered = new Int32Array(events.length);
    this.actorOf = Int32Array.from(events, ({ actor }) => actor);
  }

  override reset(): StepOutcome {
    const outcome = this.inner.reset();
    this.store(0);
    return outcome;
  }

  override enabled(out: Int32Array): number {
    this.load();
    const count = this.inner.enabled(out);
    const word = this.state[this.last];
    const runningActor = goesOnOf(word);
    if (runningActor < 0 || usedOf(word) < this.bound) return count;
    let kept = 0;
    for (let n = 0; n < count; n++) {
      const event = out[n];
      if (this.actorOf[event] === runningActor) out[kept++] = event;
    }
    if (kept < count) this.hasCut = true;
    return kept;
  }

  override step(event: number, payload: number): StepOutcome {
    this.load();
    const outcome = this.inner.step(event, payload);
    if (outcome !== StepOutcome.taken) return outcome;
    const word = this.state[this.last];
    const actor = this.actorOf[event];
    const runningActor = goesOnOf(word);
    const used = usedOf(word) + (runningActor >= 0 && runningActor !== actor ? 1 : 0);
    this.store(wordOf(this.canGoOn(actor) ? actor : -1, used));
    return outcome;
  }

  override violated(): number {
    this.load();
    return this.inner.violated();
  }
  override covers(open: readonly number[], hit: (property: number) => void): void {
    const last = this.properties.length - 1;
    if (this.hasCut && open.includes(last)) hit(last);
    const others = open.filter((cover) => cover !== last);
    if (others.length > 0) this.inner.covers(others, hit);
  }
  override isValidEndState(): boolean {
    this.load();
    return this.inner.isValidEndState();
  }

  /** Whether an actor has a step that changes something. */
  private canGoOn(actor: number): boolean {
    const { probe, offered, plain } = this;
    probe.state.set(plain);
    const count = probe.enabled(offered);
    for (let n = 0; n < count; n++) {
      const event = offered[n];
      if (this.actorOf[event] !== actor) continue;
      const { domain } = probe.events[event];
      for (let payload = 0; payload < domain; payload++) {
        const outcome = probe.step(event, payload);
        if (outcome === StepOutcome.fault || (outcome === StepOutcome.taken && !isEqual(probe.state, plain)))
          return true;
      }
    }
    return false;
  }

  private load(): void {
    const { plain, state } = this;
    for (let n = 0; n < plain.length; n++) plain[n] = state[n];
  }

  private store(word: number): void {
    const { plain, state } = this;
    for (let n = 0; n < plain.length; n++) state[n] = plain[n];
    state[this.last] = word;
  }
}

/** The further word: in the lower half the actor that can go on, and 1; in the upper half how many preemptions there were. */
const wordOf = (runningActor: number, used: number): number => (used << 16) | (runningActor + 1);
const goesOnOf = (word: number): number => (word & 0xffff) - 1;
const usedOf = (word: number): number => word >>> 16;
