import { overlap } from '../compile/bits.ts';
import { type Program, Step } from '../compile/program.ts';
import { allChoices } from './all-choices.ts';
import { Distinct } from './distinct.ts';
import { areDependent, type ExecutedEvent, Execution, type Race } from './execution.ts';
import { type Broken, Findings } from './findings.ts';
import type { Footprint } from './footprints.ts';
import { Offers } from './offers.ts';
import { ChoicesByActor, type Options, Place } from './place.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { Shapes } from './shapes.ts';

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
  private readonly offers: Offers;
  private readonly choices: ChoicesByActor;
  private readonly shapes: Shapes;
  private readonly distinct = new Distinct();
  private readonly findings: Findings;
  /** the fields that invariants were seen to read */
  private readonly readByInvariants: Int32Array;
  private execution: Execution;
  private readonly places: Place[] = [];
  private executions = 0;
  private blocked = 0;
  private restarts = 0;
  private transitions = 0;
  private longest = 0;
  /** whether some actor could have gone on beyond the bound */
  private wasCut = false;
  /** whether a field was added to those that invariants read since the search began */
  private seesMore = false;

  constructor(
    private readonly program: Program,
    private readonly options: DporOptions,
  ) {
    this.offers = new Offers(program, allChoices(program.events));
    this.choices = new ChoicesByActor(this.offers.actorOf, program.actors.length);
    this.shapes = new Shapes(program, this.offers.actorOf);
    this.findings = new Findings(program, this.offers);
    this.readByInvariants = new Int32Array(program.state.length);
    this.execution = new Execution(program.actors.length);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, findings } = this;
    let lastTurn = 0;
    do {
      if (program.reset() === Step.fault) return this.result(findings.faulty());
      this.begin();
      let broken = this.arrive(new Set());
      while (!broken && this.places.length > 0) {
        broken = this.goOn();
        if (this.transitions - lastTurn < stepsPerTurn) continue;
        lastTurn = this.transitions;
        const stop = yield this.progress();
        if (stop && !broken) return this.result(undefined, stop);
      }
      if (broken) return this.result(broken);
    } while (this.hasLearned);
    return this.result(undefined, this.wasCut ? 'depth' : undefined);
  }

  private get hasLearned(): boolean {
    return this.seesMore || this.shapes.hasLearned;
  }

  private begin(): void {
    if (this.hasLearned) this.restarts++;
    this.seesMore = false;
    this.shapes.begin();
    this.wasCut = false;
    this.executions = 0;
    this.blocked = 0;
    this.places.length = 0;
    this.execution = new Execution(this.program.actors.length);
  }

  /** Takes the next choice that the last place asks for, or leaves that place. */
  private goOn(): Broken | undefined {
    const { program, places, execution, offers } = this;
    const place = places.at(-1) as Place;
    const choice = place.next();
    if (choice === undefined) {
      places.pop();
      if (this.hasLearned) places.length = 0;
      if (places.length > 0) (places.at(-1) as Place).asleep.add((execution.events.at(-1) as ExecutedEvent).choice);
      if (places.length > 0) execution.pop();
      return undefined;
    }
    const event = this.eventOf(place, choice);
    this.shapes.wrote(event.actor, event.footprint.bitsWritten);
    for (const race of execution.push(event)) this.reverse(race, event);
    const asleep = new Set<number>();
    for (const other of place.asleep) if (!areDependent(this.eventOf(place, other), event)) asleep.add(other);
    program.state.set(place.state);
    const outcome = offers.take(choice);
    this.transitions++;
    if (outcome === Step.fault) return this.findings.faulty();
    return this.arrive(asleep, place, event);
  }

  /** Looks at the current state, which an event led to out of the last place, and puts it at the end of the schedule. */
  private arrive(asleep: Set<number>, last?: Place, event?: ExecutedEvent): Broken | undefined {
    const { choices, places, findings } = this;
    const state = this.program.state.slice();
    this.look(state);
    const broken = findings.broken();
    if (broken) return broken;
    const options = choices.of.map((_, actor) => this.optionsOf(actor, state, last?.options[actor], event));
    const isCut = options.some((one) => one.isCut);
    this.wasCut ||= isCut;
    const place = new Place(state, choices, options, asleep);
    places.push(place);
    const first = place.first();
    if (first >= 0) {
      place.want(first);
      return undefined;
    }
    if (options.some(({ enabled }) => enabled > 0)) {
      this.blocked++;
      return undefined;
    }
    this.executions++;
    return isCut ? undefined : findings.stuck();
  }

  /**
   * What an actor can do in a state: what it could do before the last event, as far as that wrote nothing that was read. A choice that waits
   * races with what wrote what it waits for; where it is as it was before, its races are known.
   */
  private optionsOf(actor: number, state: Int32Array, before?: Options, event?: ExecutedEvent): Options {
    const isOther = before && event && event.actor !== actor;
    const written = event?.footprint.bitsWritten as Int32Array;
    if (isOther && !overlap(written, before.bitsRead)) return before;
    const { execution, shapes } = this;
    const choices = this.choices.of[actor] as readonly number[];
    const isDone = execution.stepsOf(actor) === this.options.depth;
    const bitsRead = new Int32Array(state.length);
    let possible = 0;
    const footprints = choices.map((choice, n) => {
      const known = before?.footprints[n] as Footprint;
      const isAsBefore = isOther && !overlap(written, known.bitsRead);
      const footprint = isAsBefore ? known : shapes.of(state, choice);
      for (let word = 0; word < bitsRead.length; word++) {
        bitsRead[word] = (bitsRead[word] as number) | (footprint.bitsRead[word] as number);
      }
      if (footprint.outcome !== Step.refused) possible++;
      else if (!isDone && !isAsBefore) {
        for (const { first } of execution.racesOfDisabled(actor, footprint.bitsRead)) this.places[first]?.wantAll();
      }
      return footprint;
    });
    return { footprints, bitsRead, enabled: isDone ? 0 : possible, isCut: isDone && possible > 0 };
  }

  /** Takes note of the current state: what the invariants read in it, and what it covers. */
  private look(state: Int32Array): void {
    const { execution, findings } = this;
    this.longest = Math.max(this.longest, execution.events.length);
    this.distinct.see(state);
    findings.cover();
    this.learn(this.shapes.readByInvariants(state));
  }

  /** Another run has to be tried, in which the later event of a race comes without the earlier one. */
  private reverse({ first, initials }: Race, { footprint, choice }: ExecutedEvent): void {
    const place = this.places[first] as Place;
    const { bitsWritten } = (this.execution.events[first] as ExecutedEvent).footprint;
    const mayDiffer = overlap(bitsWritten, footprint.bitsRead) && this.shapes.dependsOn(footprint, choice, bitsWritten);
    if (mayDiffer) place.wantAll();
    if (initials.some((actor) => place.wants(actor))) return;
    const actor = initials.findLast((one) => place.enabled(one) > 0);
    if (actor !== undefined) place.want(actor);
  }

  private eventOf(place: Place, choice: number): ExecutedEvent {
    const footprint = place.footprintOf(choice);
    const isVisible = overlap(footprint.bitsWritten, this.readByInvariants);
    return { choice, actor: this.offers.actorOf[choice] as number, footprint, isVisible };
  }

  private learn(seen: Int32Array): void {
    const known = this.readByInvariants;
    for (let n = 0; n < known.length; n++) {
      if (((seen[n] as number) & ~(known[n] as number)) === 0) continue;
      known[n] = (known[n] as number) | (seen[n] as number);
      this.seesMore = true;
    }
  }

  private progress(): Progress {
    return {
      states: this.distinct.estimate,
      transitions: this.transitions,
      depth: this.longest + 1,
      frontier: this.places.length,
      memoryBytes: this.distinct.bytes,
    };
  }

  private result(broken?: Broken, stoppedBy?: StopReason): Exploration {
    const { findings, execution, options, executions, blocked, restarts, wasCut, distinct } = this;
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
        wasCut,
        ...(broken && { stepsFound: path.length }),
      },
    };
    return findings.result(figures, { broken, path, verdict: stoppedBy ? 'inconclusive' : 'holds', depth });
  }
}
