import { intersects } from '../../cache/access-sets.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { type PropertyFailure, PropertyMonitor } from '../shrink/property-monitor.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { type ActorChoices, ChoicesByActor, ExplorationNode } from './dpor-node.ts';
import { FootprintStability } from './footprint-stability.ts';
import type { Footprint } from './footprints.ts';
import { areDependent, type ExecutedEvent, Execution, type Race } from './happens-before.ts';

export interface DporOptions {
  /** the most steps of each actor: where that is a bound at all, it bounds every execution */
  readonly depth: number;
}

/** How many steps are taken between two looks at the clock and at signals. */
const stepsPerTurn = 1024;

/**
 * Takes one schedule of each Mazurkiewicz trace: of those that differ only in the order of steps that do not depend on each other, one is enough
 * (P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas: Optimal Dynamic Partial Order Reduction, POPL 2014: source sets and sleep sets). It keeps no
 * states but those of the current schedule. Two steps depend on each other if one of them writes what the other reads or writes, if they
 * are of one actor, and if both write something that an invariant reads.
 *
 * Three things are here that programs of the paper do not have. An actor may have several choices: all of them are tried wherever one is. A
 * choice may be there and vanish again by a step of another actor: one that cannot be taken races with the steps that wrote what it waits for,
 * as in C. Flanagan, P. Godefroid, POPL 2005. And what a step touches may depend on what others wrote: then a race does not tell what
 * else has to come first, and all actors are tried where it began. Why that is right stands in docs/search.md.
 */
export function* dpor(
  program: Program,
  options: DporOptions,
): Generator<Progress, Exploration, StopReason | undefined> {
  return yield* new Dpor(program, options).run();
}

class Dpor {
  private readonly offers: EnabledChoices;
  private readonly choices: ChoicesByActor;
  private readonly shapes: FootprintStability;
  private readonly distinct = new HyperLogLog();
  private readonly findings: PropertyMonitor;
  /** the fields that invariants were seen to read */
  private readonly readByInvariants: Int32Array;
  private execution: Execution;
  private readonly stack: ExplorationNode[] = [];
  private executions = 0;
  private blocked = 0;
  private restarts = 0;
  private transitions = 0;
  private longest = 0;
  /** whether some actor could have gone on beyond the bound */
  private depthBoundReached = false;
  /** whether a field was added to those that invariants read since the search began */
  private visibilityChanged = false;

  constructor(
    private readonly program: Program,
    private readonly options: DporOptions,
  ) {
    this.offers = new EnabledChoices(program, choicesForSearch(program.events));
    this.choices = new ChoicesByActor(this.offers.actorOf, program.actors.length);
    this.shapes = new FootprintStability(program, this.offers.actorOf);
    this.findings = new PropertyMonitor(program, this.offers);
    this.readByInvariants = new Int32Array(program.state.length);
    this.execution = new Execution(program.actors.length);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, findings } = this;
    let lastTurn = 0;
    do {
      if (program.reset() === StepOutcome.fault) return this.result(findings.modelFault());
      this.begin();
      let broken = this.enterState(new Set());
      while (!broken && this.stack.length > 0) {
        broken = this.step();
        if (this.transitions - lastTurn < stepsPerTurn) continue;
        lastTurn = this.transitions;
        const stop = yield this.progress();
        if (stop && !broken) return this.result(undefined, stop);
      }
      if (broken) return this.result(broken);
    } while (this.mustRestart);
    return this.result(undefined, this.depthBoundReached ? 'depth' : undefined);
  }

  private get mustRestart(): boolean {
    return this.visibilityChanged || this.shapes.wasInvalidated;
  }

  private begin(): void {
    if (this.mustRestart) this.restarts++;
    this.visibilityChanged = false;
    this.shapes.begin();
    this.depthBoundReached = false;
    this.executions = 0;
    this.blocked = 0;
    this.stack.length = 0;
    this.execution = new Execution(this.program.actors.length);
  }

  /** Takes the next choice that the last place asks for, or leaves that place. */
  private step(): PropertyFailure | undefined {
    const { program, stack, execution, offers } = this;
    const place = stack.at(-1) as ExplorationNode;
    const choice = place.next();
    if (choice === undefined) {
      stack.pop();
      if (this.mustRestart) stack.length = 0;
      if (stack.length > 0)
        (stack.at(-1) as ExplorationNode).sleepSet.add((execution.events.at(-1) as ExecutedEvent).choice);
      if (stack.length > 0) execution.pop();
      return undefined;
    }
    const event = this.eventOf(place, choice);
    this.shapes.recordWrites(event.actor, event.footprint.bitsWritten);
    for (const race of execution.push(event)) this.addBacktrackPoint(race, event);
    const asleep = new Set<number>();
    for (const other of place.sleepSet) if (!areDependent(this.eventOf(place, other), event)) asleep.add(other);
    program.state.set(place.state);
    const outcome = offers.take(choice);
    this.transitions++;
    if (outcome === StepOutcome.fault) return this.findings.modelFault();
    return this.enterState(asleep, place, event);
  }

  /** Looks at the current state, which an event led to out of the last place, and puts it at the end of the schedule. */
  private enterState(asleep: Set<number>, last?: ExplorationNode, event?: ExecutedEvent): PropertyFailure | undefined {
    const { choices, stack, findings } = this;
    const state = this.program.state.slice();
    this.look(state);
    const broken = findings.broken();
    if (broken) return broken;
    const options = choices.of.map((_, actor) => this.optionsOf(actor, state, last?.options[actor], event));
    const isCut = options.some((one) => one.boundReached);
    this.depthBoundReached ||= isCut;
    const place = new ExplorationNode(state, choices, options, asleep);
    stack.push(place);
    const first = place.first();
    if (first >= 0) {
      place.addToBacktrack(first);
      return undefined;
    }
    if (options.some(({ enabled }) => enabled > 0)) {
      this.blocked++;
      return undefined;
    }
    this.executions++;
    return isCut ? undefined : findings.deadlock();
  }

  /**
   * What an actor can do in a state: what it could do before the last event, as far as that wrote nothing that was read. A choice that waits
   * races with what wrote what it waits for; where it is as it was before, its races are known.
   */
  private optionsOf(actor: number, state: Int32Array, before?: ActorChoices, event?: ExecutedEvent): ActorChoices {
    const isOther = before && event && event.actor !== actor;
    const written = event?.footprint.bitsWritten as Int32Array;
    if (isOther && !intersects(written, before.bitsRead)) return before;
    const { execution, shapes } = this;
    const choices = this.choices.of[actor];
    const isDone = execution.stepsOf(actor) === this.options.depth;
    const bitsRead = new Int32Array(state.length);
    let possible = 0;
    const footprints = choices.map((choice, n) => {
      const known = before?.footprints[n] as Footprint;
      const isAsBefore = isOther && !intersects(written, known.bitsRead);
      const footprint = isAsBefore ? known : shapes.of(state, choice);
      for (let word = 0; word < bitsRead.length; word++) {
        bitsRead[word] = bitsRead[word] | footprint.bitsRead[word];
      }
      if (footprint.outcome !== StepOutcome.refused) possible++;
      else if (!isDone && !isAsBefore) {
        for (const { earlier } of execution.racesOfDisabled(actor, footprint.bitsRead))
          this.stack[earlier]?.backtrackAll();
      }
      return footprint;
    });
    return { footprints, bitsRead, enabled: isDone ? 0 : possible, boundReached: isDone && possible > 0 };
  }

  /** Takes note of the current state: what the invariants read in it, and what it covers. */
  private look(state: Int32Array): void {
    const { execution, findings } = this;
    this.longest = Math.max(this.longest, execution.events.length);
    this.distinct.addState(state);
    findings.recordCovers();
    this.learn(this.shapes.readByInvariants(state));
  }

  /** Another run has to be tried, in which the later event of a race comes without the earlier one. */
  private addBacktrackPoint({ earlier, initials }: Race, { footprint, choice }: ExecutedEvent): void {
    const place = this.stack[earlier];
    const { bitsWritten } = this.execution.events[earlier].footprint;
    const mayDiffer =
      intersects(bitsWritten, footprint.bitsRead) && this.shapes.dependsOn(footprint, choice, bitsWritten);
    if (mayDiffer) place.backtrackAll();
    if (initials.some((actor) => place.inBacktrack(actor))) return;
    const actor = initials.findLast((one) => place.enabled(one) > 0);
    if (actor !== undefined) place.addToBacktrack(actor);
  }

  private eventOf(place: ExplorationNode, choice: number): ExecutedEvent {
    const footprint = place.footprintOf(choice);
    const isVisible = intersects(footprint.bitsWritten, this.readByInvariants);
    return { choice, actor: this.offers.actorOf[choice], footprint, isVisible };
  }

  private learn(seen: Int32Array): void {
    const known = this.readByInvariants;
    for (let n = 0; n < known.length; n++) {
      if ((seen[n] & ~known[n]) === 0) continue;
      known[n] = known[n] | seen[n];
      this.visibilityChanged = true;
    }
  }

  private progress(): Progress {
    return {
      states: this.distinct.estimate,
      transitions: this.transitions,
      depth: this.longest + 1,
      frontier: this.stack.length,
      memoryBytes: this.distinct.bytes,
    };
  }

  private result(broken?: PropertyFailure, stoppedBy?: StopReason): Exploration {
    const { findings, execution, options, executions, blocked, restarts, depthBoundReached, distinct } = this;
    const path = execution.events.map(({ choice }) => choice);
    const { states, transitions, depth } = this.progress();
    const figures = {
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      tableBytes: distinct.bytes,
      dpor: {
        depth: options.depth,
        executions,
        blocked,
        restarts,
        depthBoundReached,
        ...(broken && { stepsFound: path.length }),
      },
    };
    return findings.result(figures, { broken, path, verdict: stoppedBy ? 'inconclusive' : 'holds', depth });
  }
}
