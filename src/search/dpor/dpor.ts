import { intersects } from '../../cache/access-sets.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import { assertInvariant } from '../assert-invariant.ts';
import { defaultMemoryBytes } from '../bfs/breadth-first-search.ts';
import type { DporFigures, Engine, StopReason } from '../exploration.ts';
import { PathSearch } from '../path-search.ts';
import type { PropertyFailure } from '../property-monitor.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { DependenceAssumptions } from './dependence-assumptions.ts';
import { type ActorChoices, ChoicesByActor, ExplorationNode } from './dpor-node.ts';
import { unionOfReads } from './footprints.ts';
import { areDependent, type ExecutedEvent, Execution, type Race } from './happens-before.ts';

export interface DporOptions {
  /** most steps of each actor */
  readonly depth: number;
  /** stop when what was observed takes this many bytes; 4 GiB by default */
  readonly maxMemoryBytes?: number;
}

const transitionsPerYield = 1024;

/**
 * Dynamic partial order reduction with source sets and sleep sets: Source-DPOR, Algorithm 1 of P. Abdulla, S. Aronis,
 * B. Jonsson and K. Sagonas, Optimal Dynamic Partial Order Reduction, POPL 2014. It explores one complete schedule of
 * each Mazurkiewicz trace, and stores no states but those of the current schedule:
 *
 *     explore(E, sleep):
 *       if some p is enabled after E and not in sleep:
 *         backtrack(E) := {p}
 *         while some p is in backtrack(E) and not in sleep:
 *           for each race of an event e of E with the next event of p:
 *             E' := the prefix of E before e;  v := notdep(e, E).p
 *             if no initial of v is in backtrack(E'), add one to backtrack(E')
 *           explore(E.p, {q in sleep | q and p are independent})
 *           add p to sleep
 *
 * Three things differ from the programs of the paper. docs/search.md argues that they are sound; each only enlarges
 * backtrack sets, which is always sound.
 * - An actor may have several choices. Backtrack sets contain actors, sleep sets choices.
 * - A step may disable a choice of another actor. A disabled choice races with the events that wrote what it waits for,
 *   and every actor is added before these, as for blocked processes in C. Flanagan and P. Godefroid, Dynamic
 *   Partial-Order Reduction for Model Checking Software, POPL 2005.
 * - A step may enable a choice of another actor, which has taken another one meanwhile. So an event also reads what the
 *   disabled choices of its actor wait for.
 * - The footprint of a step may depend on what others wrote. Then the initials of v are not known, and every actor is
 *   added before e. This is learned on the way, and the search restarts when it learns more.
 *
 * Invariants speak of states, not of traces: two events that write bits which an invariant reads are dependent.
 */
export function dpor(program: Program, options: DporOptions): Engine {
  return new Dpor(program, options).run();
}

class Dpor extends PathSearch {
  private readonly byActor: ChoicesByActor;
  private readonly assumptions: DependenceAssumptions;
  private readonly sketch = new HyperLogLog();
  private readonly stack: ExplorationNode[] = [];
  /** the events between the nodes of the stack */
  private execution: Execution;
  private executions = 0;
  private blocked = 0;
  private restarts = 0;
  private depthBoundReached = false;
  /** the schedule to a race for owned memory that is not on the stack */
  private pathToRace: number[] | undefined;

  constructor(
    program: Program,
    private readonly options: DporOptions,
  ) {
    const choices = new EnabledChoices(program, choicesForSearch(program.events));
    super(program, choices, transitionsPerYield);
    this.byActor = new ChoicesByActor(choices.actorOf, program.actors.length);
    this.assumptions = new DependenceAssumptions(program, choices.actorOf);
    this.execution = new Execution(program.actors.length, this.assumptions.ownedSets);
  }

  /** Starts the exploration, or restarts it with what was learned. */
  protected start(): PropertyFailure | undefined {
    const { program } = this;
    if (program.reset() === StepOutcome.fault) return this.monitor.modelFault();
    if (this.assumptions.wereRefuted) this.restarts++;
    this.assumptions.restart();
    this.depthBoundReached = false;
    this.executions = 0;
    this.blocked = 0;
    this.execution = new Execution(program.actors.length, this.assumptions.ownedSets);
    return this.enterState(new Set());
  }

  protected isExhausted(): boolean {
    return this.stack.length === 0 && !this.assumptions.wereRefuted;
  }

  /** Explores the next choice of the last node, or backtracks. */
  protected advance(): PropertyFailure | undefined {
    const node = this.stack.at(-1);
    if (!node) return this.start();
    const choice = node.nextChoice();
    if (choice !== undefined) return this.explore(node, choice);
    this.backtrack();
    return undefined;
  }

  private explore(node: ExplorationNode, choice: number): PropertyFailure | undefined {
    const { program } = this;
    const event = this.eventOf(node, choice);
    this.assumptions.recordWrites(event.actor, event.footprint.bitsWritten);
    const races = this.execution.push(event);
    const failure = this.ownedRaceAmong(races, event);
    if (failure) return failure;
    for (const race of races) this.addBacktrackPoint(race, event);
    const { ownedSets } = this.assumptions;
    const sleepSet = new Set<number>();
    for (const other of node.sleepSet) {
      if (!areDependent(this.eventOf(node, other), event, ownedSets)) sleepSet.add(other);
    }
    program.state.set(node.state);
    const outcome = this.choices.take(choice);
    this.transitions++;
    return outcome === StepOutcome.fault ? this.monitor.modelFault() : this.enterState(sleepSet, node, event);
  }

  /** Leaves the last node, and puts the choice that led to it to sleep. */
  private backtrack(): void {
    const { stack, execution } = this;
    stack.pop();
    if (this.assumptions.wereRefuted) stack.length = 0;
    const last = execution.events.at(-1);
    const parent = stack.at(-1);
    if (!parent || !last) return;
    parent.sleepSet.add(last.choice);
    execution.pop();
  }

  /** Checks the current state, which an event of `parent` led to, and pushes its node. */
  private enterState(
    sleepSet: Set<number>,
    parent?: ExplorationNode,
    event?: ExecutedEvent,
  ): PropertyFailure | undefined {
    const { byActor, stack, monitor } = this;
    const state = this.program.state.slice();
    this.maxSteps = Math.max(this.maxSteps, this.execution.events.length);
    this.sketch.addState(state);
    monitor.recordCovers();
    this.assumptions.recordInvariantReads(state);
    const failure = monitor.violation() ?? monitor.race();
    if (failure) return failure;

    const actors = byActor.of.map((_, actor) => this.choicesOf(actor, state, parent?.actors[actor], event));
    const race = this.addBacktrackPointsOfDisabled(actors, parent, event);
    if (race) return race;
    this.program.state.set(state);
    const node = new ExplorationNode(state, byActor, actors, sleepSet);
    stack.push(node);
    assertInvariant(stack.length === this.execution.events.length + 1, 'there is a node before and after each event');
    const boundReached = actors.some((choices) => choices.boundReached);
    this.depthBoundReached ||= boundReached;
    const first = node.firstActor();
    if (first >= 0) {
      node.addToBacktrack(first);
      return undefined;
    }
    if (actors.some(({ enabled }) => enabled > 0)) {
      this.blocked++;
      return undefined;
    }
    this.executions++;
    return boundReached ? undefined : monitor.deadlock();
  }

  /**
   * Returns the choices of an actor in a state. Footprints of the parent are reused unless the last event affects them.
   * @param before the choices of the actor in the parent
   */
  private choicesOf(actor: number, state: Int32Array, before?: ActorChoices, event?: ExecutedEvent): ActorChoices {
    if (before && !isAffected(actor, before.bitsRead, event)) return before;
    const footprints = this.byActor.of[actor].map((choice, n) => {
      const known = before?.footprints[n];
      return known && !isAffected(actor, known.bitsRead, event) ? known : this.assumptions.footprintOf(state, choice);
    });
    const disabled = footprints.filter(({ outcome }) => outcome === StepOutcome.refused);
    const enabled = footprints.length - disabled.length;
    const hasEnded = this.hasReachedBound(actor);
    return {
      footprints,
      bitsRead: unionOfReads(footprints, state.length),
      bitsWaitedFor: unionOfReads(disabled, state.length),
      enabled: hasEnded ? 0 : enabled,
      boundReached: hasEnded && enabled > 0,
    };
  }

  private hasReachedBound(actor: number): boolean {
    return this.execution.stepsOf(actor) === this.options.depth;
  }

  /** Reverses the race of an executed event with an earlier one. */
  private addBacktrackPoint({ earlier, initials }: Race, { footprint, choice }: ExecutedEvent): void {
    const node = this.stack[earlier];
    const { bitsWritten } = this.execution.events[earlier].footprint;
    const mayChange =
      intersects(bitsWritten, footprint.bitsRead) && this.assumptions.mayChange(footprint, choice, bitsWritten);
    if (mayChange) node.backtrackAll();
    if (initials.some((actor) => node.inBacktrack(actor))) return;
    const actor = initials.findLast((initial) => node.enabled(initial) > 0);
    if (actor !== undefined) node.addToBacktrack(actor);
  }

  /**
   * Reverses the races of disabled choices, except those of choices that the last event does not affect: these are
   * known.
   */
  private addBacktrackPointsOfDisabled(
    actors: readonly ActorChoices[],
    parent: ExplorationNode | undefined,
    event: ExecutedEvent | undefined,
  ): PropertyFailure | undefined {
    for (const [actor, choices] of actors.entries()) {
      const before = parent?.actors[actor];
      if (choices === before || this.hasReachedBound(actor)) continue;
      for (const [n, { outcome, bitsRead }] of choices.footprints.entries()) {
        const isKnown = before !== undefined && !isAffected(actor, before.footprints[n].bitsRead, event);
        if (outcome !== StepOutcome.refused || isKnown) continue;
        for (const { earlier } of this.execution.racesOfDisabled(actor, bitsRead)) {
          this.stack[earlier].backtrackAll();
          const race = this.ownedRaceBefore(earlier, this.execution.events.length);
          if (race) return race;
        }
      }
    }
    return undefined;
  }

  /** Returns the failure if events that race with the last one access the same owned memory, and both were enabled. */
  private ownedRaceAmong(races: readonly Race[], { footprint }: ExecutedEvent): PropertyFailure | undefined {
    const { events } = this.execution;
    for (const { earlier } of races) {
      const { ownedAccesses } = events[earlier].footprint;
      if (!this.assumptions.ownedSets.conflict(ownedAccesses, footprint.ownedAccesses)) continue;
      const failure = this.ownedRaceBefore(earlier, events.length - 1);
      if (failure) return failure;
    }
    return undefined;
  }

  /**
   * Returns the failure if the state after the prefix of the execution before an event, and notdep of it, is a race for
   * owned memory. That state need not be on the stack: it may lie on another schedule of the trace.
   */
  private ownedRaceBefore(earlier: number, end: number): PropertyFailure | undefined {
    const { execution, stack, choices, program } = this;
    const { events } = execution;
    if (events[earlier].footprint.ownedAccesses === 0) return undefined;
    const rest = execution.independentOf(earlier, end);
    program.state.set(stack[earlier].state);
    for (const n of rest) choices.take(events[n].choice);
    const failure = this.monitor.race();
    if (failure) this.pathToRace = [...this.path().slice(0, earlier), ...rest.map((n) => events[n].choice)];
    return failure;
  }

  private eventOf(node: ExplorationNode, choice: number): ExecutedEvent {
    const footprint = node.footprintOf(choice);
    const isVisible = this.assumptions.isVisible(footprint);
    const accesses = node.accessesOf(choice);
    return { choice, actor: this.choices.actorOf[choice], footprint, accesses, isVisible };
  }

  protected override overLimit(): StopReason | undefined {
    return this.progress().memoryBytes >= (this.options.maxMemoryBytes ?? defaultMemoryBytes)
      ? 'max-memory'
      : undefined;
  }

  /** memory of a node: its state, and the footprints of each actor with what they read */
  private get bytesPerNode(): number {
    const { state, actors } = this.program;
    return 4 * state.length * (1 + actors.length) + 200 * actors.length + 8 * this.choices.ids.length;
  }

  protected incompleteness(): StopReason | undefined {
    return this.depthBoundReached ? 'depth' : undefined;
  }

  protected path(): number[] {
    return this.pathToRace ?? this.execution.events.map(({ choice }) => choice);
  }

  protected counters() {
    const { sketch, stack, assumptions } = this;
    const memoryBytes = sketch.bytes + assumptions.bytes + stack.length * this.bytesPerNode;
    return { states: sketch.estimate, frontier: stack.length, memoryBytes };
  }

  protected figures(found: { readonly stepsFound?: number }): { dpor: DporFigures } {
    const { executions, blocked, restarts, depthBoundReached } = this;
    return { dpor: { depth: this.options.depth, executions, blocked, restarts, depthBoundReached, ...found } };
  }
}

/**
 * Returns true if the last event may change the footprint of a choice: it is of the same actor, or writes what it
 * reads.
 */
function isAffected(actor: number, bitsRead: Int32Array, event: ExecutedEvent | undefined): boolean {
  return event === undefined || event.actor === actor || intersects(event.footprint.bitsWritten, bitsRead);
}
