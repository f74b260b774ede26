import { type Program, Step } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import { wellFormed } from '../model/property.ts';
import { type Choice, ChoiceNumbers } from '../model/schedule.ts';
import { CoverageSum } from './coverage.ts';
import { Crew, Phase } from './crew.ts';
import { Member } from './member.ts';
import type { Visit } from './reserve.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { Levels } from './states-left.ts';
import { reserveAll, type SharedMemory, shareOfFrontier, Unit, unitsPerBlock, type Workspace } from './workspace.ts';

export interface Limits {
  /** stop after so many distinct states */
  readonly maxStates?: number;
  /** stop before tables and frontier take more than this */
  readonly maxMemoryBytes?: number;
  /** count transitions, and look for cells that never change */
  readonly coverage?: boolean;
  /** take one of several orders in which steps lead to the same state: fewer transitions, all states */
  readonly partialOrder?: boolean;
}

/** Other threads that may join a search: each makes a `Member` on the memory, with a program of its own, and calls `serve`. */
export interface Helpers {
  /** from so many states on a search is worth their start */
  readonly worthFrom: number;
  /** Is called once, when the search has become that large. */
  summon(memory: SharedMemory): void;
}

/** A search on its way, between two blocks. */
export interface Snapshot {
  readonly states: number;
  readonly transitions: number;
  readonly slept: number;
  readonly depth: number;
  readonly expanded: number;
  /** the first state after the level that is being expanded */
  readonly levelEnd: number;
  readonly units: number;
  /** by property: 1 for a cover that was hit */
  readonly hits: readonly number[];
  /** what was found in this level so far */
  readonly stuck: Violation | undefined;
  readonly broken: Violation | undefined;
}

/** Keeps snapshots of a search, so that it can go on after the process has ended. */
export interface Keeper {
  /** The snapshot to go on from, where there is one; `fill` then gets the arrays that belong to it, one after the other. */
  readonly last: Snapshot | undefined;
  readonly fill: Visit;
  /** Whether it is time for the next one. */
  isDue(): boolean;
  /** Keeps one, with the arrays that `each` visits. */
  keep(snapshot: Snapshot, each: (visit: Visit) => void): void;
}

/** Tables and frontier take at most so much where no limit is given: 4 GiB. */
const usualMemoryBytes = 4 * 2 ** 30;
/** From so many units on a block is worth waking them. */
const unitsWorthHelp = 4;

/**
 * Visits every reachable state, breadth first, so that the violation found is one of the shortest: of those, the first in the order of
 * parents and choices. States are stored as 64-bit fingerprints (hash compaction; U. Stern and D. Dill, 1995): the result says how likely
 * it is that this left a state out. Threads that help change nothing of the result.
 *
 * A generator, because an engine neither knows the time nor gives way to signals: it yields its progress regularly, and ends with a
 * partial result when it is told a reason to stop.
 *
 * @param keeper gets a snapshot when it is due, and when the search is stopped
 */
export function* exhaustive(
  program: Program,
  limits: Limits = {},
  helpers?: Helpers,
  keeper?: Keeper,
): Generator<Progress, Exploration, StopReason | undefined> {
  const search = new Search(program, limits, helpers, keeper);
  try {
    return yield* search.run();
  } finally {
    search.end();
  }
}

interface Violation {
  readonly property: string;
  readonly schedule: readonly Choice[];
  readonly fault: string | undefined;
}

class Search {
  private readonly leader: Member;
  private readonly workspace: Workspace;
  private readonly crew: Crew;
  private readonly choices: ChoiceNumbers;
  private readonly maxMemoryBytes: number;
  private readonly coverage: CoverageSum | undefined;
  private readonly isReduced: boolean;
  /** the id of the property that says where the system may stop */
  private readonly deadlock: string | undefined;
  private transitions = 1;
  /** choices that were not taken as they commute with others */
  private slept = 0;
  private depth = 1;
  private states = 0;
  /** states below this number have been expanded */
  private expanded = 0;
  private levelEnd = 1;
  private readonly levels = new Levels();
  private hasHelp = false;
  private stuck: Violation | undefined;
  private broken: Violation | undefined;
  private stop: StopReason | undefined;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
    private readonly helpers: Helpers | undefined,
    private readonly keeper: Keeper | undefined,
  ) {
    this.choices = new ChoiceNumbers(program.events);
    if (this.choices.count > 0x10000) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `there are ${this.choices.count} choices, too many to explore all`,
        'choose smaller sizes',
      );
    }
    this.isReduced = limits.partialOrder === true && program.successors !== undefined;
    this.maxMemoryBytes = limits.maxMemoryBytes ?? usualMemoryBytes;
    this.leader = new Member(
      program,
      reserveAll({
        words: program.state.length,
        sleepWords: this.isReduced ? Math.ceil(this.choices.count / 32) : 0,
        choices: Math.max(1, this.choices.count),
        properties: program.properties.length,
        bytes: this.maxMemoryBytes,
        ...(limits.coverage && { transitions: program.transitions.length }),
      }),
    );
    this.workspace = this.leader.workspace;
    const { coverage } = this.workspace.memory;
    this.coverage = coverage && new CoverageSum(program, coverage);
    this.crew = new Crew(this.leader);
    this.deadlock = program.properties.find(({ kind }) => kind === 'deadlock')?.id;
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program } = this;
    if (program.reset() === Step.fault) {
      return this.result('violated', { property: wellFormed, schedule: [], fault: program.fault() });
    }
    const broken = this.begun();
    if (broken) return this.result('violated', broken);
    while (this.expanded < this.states) {
      while (this.expanded < this.levelEnd) {
        this.stop ??= this.overLimit() ?? (yield this.progress());
        if (this.stop || this.keeper?.isDue()) this.keep();
        const found = this.stuck ?? this.broken;
        if (this.stop) return this.result(found ? 'violated' : 'inconclusive', found, this.stop);
        yield* this.expand(this.levelEnd);
      }
      const violation = this.stuck ?? this.broken;
      if (violation) return this.result('violated', violation);
      this.levelEnd = this.states;
      if (this.expanded < this.states) {
        this.depth++;
        this.levels.add(this.states - this.expanded);
      }
    }
    return this.result('holds');
  }

  /** Starts from the initial state, or from the last snapshot; what the initial state breaks. */
  private begun(): Violation | undefined {
    const { program, keeper, workspace, leader } = this;
    const last = keeper?.last;
    if (!last) {
      leader.start();
      this.states = 1;
      const violated = program.violated();
      return violated < 0 ? undefined : this.breaks(violated, []);
    }
    const { units, hits, ...rest } = last;
    Object.assign(this, rest);
    workspace.hits.set(hits);
    workspace.frontier.startAt(this.expanded);
    workspace.frontier.extend(this.states);
    this.each(units, keeper.fill);
    return undefined;
  }

  private keep(): void {
    const { states, transitions, slept, depth, expanded, levelEnd, stuck, broken, workspace } = this;
    const { units } = workspace.origins;
    const hits = [...workspace.hits];
    this.keeper?.keep({ states, transitions, slept, depth, expanded, levelEnd, units, hits, stuck, broken }, (visit) =>
      this.each(units, visit),
    );
  }

  private each(units: number, visit: Visit): void {
    const { seen, origins, frontier } = this.workspace;
    seen.each(visit);
    origins.each(this.states, units, visit);
    frontier.each(visit);
  }

  end(): void {
    this.crew.dismiss();
  }

  /** Expands a block of the level that ends at number `levelEnd`. */
  private *expand(levelEnd: number): Generator<Progress, void, StopReason | undefined> {
    const { workspace, leader } = this;
    const { parentsPerUnit } = workspace;
    const units = Math.min(unitsPerBlock, Math.ceil((levelEnd - this.expanded) / parentsPerUnit));
    const end = Math.min(levelEnd, this.expanded + units * parentsPerUnit);
    if (this.crew.muster() > 1 && units >= unitsWorthHelp) {
      for (let unit = 0; unit < units; unit++) this.begin(unit, this.expanded + unit * parentsPerUnit, end);
      yield* this.together(Phase.expand, units);
      yield* this.together(Phase.lookUp, units);
      let states = this.states;
      for (let unit = 0; unit < units; unit++) {
        workspace.firstState[unit] = states;
        states += workspace.unit(unit, Unit.found);
      }
      workspace.frontier.extend(states);
      workspace.origins.extend(states);
      yield* this.together(Phase.gather, units);
      for (let unit = 0; unit < units; unit++) this.finish(unit);
    } else {
      for (let n = 0; n < units; n++) {
        this.begin(0, this.expanded + n * parentsPerUnit, end);
        leader.expand(0);
        leader.lookUp(0, 0, 1);
        workspace.firstState[0] = this.states;
        const states = this.states + workspace.unit(0, Unit.found);
        workspace.frontier.extend(states);
        workspace.origins.extend(states);
        leader.gather(0);
        this.finish(0);
      }
    }
    this.expanded = end;
    workspace.frontier.release(end);
    this.callHelpers();
  }

  private begin(unit: number, firstParent: number, end: number): void {
    const { workspace } = this;
    workspace.firstParent[unit] = firstParent;
    workspace.setUnit(unit, Unit.parents, Math.min(workspace.parentsPerUnit, end - firstParent));
  }

  private *together(phase: 0 | 1 | 2, units: number): Generator<Progress, void, StopReason | undefined> {
    for (const _ of this.crew.together(phase, units)) this.stop ??= yield this.progress();
  }

  /** Enters what came of a unit. Units come in order, so the first violation is the least. */
  private finish(unit: number): void {
    const { workspace } = this;
    const firstParent = workspace.firstParent[unit] as number;
    workspace.origins.begin(firstParent, this.states);
    this.states += workspace.unit(unit, Unit.found);
    this.transitions += workspace.unit(unit, Unit.generated);
    this.coverage?.add(unit);
    this.slept += workspace.unit(unit, Unit.slept);
    const stuck = workspace.unit(unit, Unit.stuck);
    if (stuck >= 0 && !this.stuck) {
      this.stuck = {
        property: this.deadlock as string,
        schedule: this.scheduleTo(firstParent + stuck),
        fault: undefined,
      };
    }
    if (!this.broken) this.broken = this.brokenIn(unit, firstParent);
  }

  private brokenIn(unit: number, firstParent: number): Violation | undefined {
    const { workspace, program } = this;
    const fault = workspace.unit(unit, Unit.fault);
    const broken = workspace.unit(unit, Unit.broken);
    if (fault < 0 && broken < 0) return undefined;
    const isFault = broken < 0 || (fault >= 0 && fault < broken);
    const { parent, choice } = workspace.origins.decode(firstParent, isFault ? fault : broken);
    const last = this.choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (!isFault) return this.breaks(workspace.unit(unit, Unit.invariant), schedule);
    workspace.frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { property: wellFormed, schedule, fault: program.fault() };
  }

  private breaks(invariant: number, schedule: readonly Choice[]): Violation {
    return { property: this.program.properties[invariant]?.id as string, schedule, fault: undefined };
  }

  private scheduleTo(state: number): Choice[] {
    return this.workspace.origins.choicesTo(state).map((choice) => this.choices.choiceOf(choice));
  }

  private callHelpers(): void {
    if (this.hasHelp || !this.helpers || this.states < this.helpers.worthFrom) return;
    this.hasHelp = true;
    this.workspace.makeRoomForBlocks();
    this.helpers.summon(this.workspace.memory);
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    const { bytes } = this.workspace.frontier;
    const isFull = this.memoryBytes() >= this.maxMemoryBytes || bytes >= this.maxMemoryBytes * shareOfFrontier;
    return isFull ? 'max-memory' : undefined;
  }

  private memoryBytes(): number {
    return this.tableBytes() + this.workspace.frontier.bytes;
  }

  private tableBytes(): number {
    return this.workspace.seen.bytes + this.workspace.origins.bytes(this.states);
  }

  private progress(): Progress {
    return {
      states: this.states,
      transitions: this.transitions,
      depth: this.depth,
      frontier: this.states - this.expanded,
      memoryBytes: this.memoryBytes(),
      memoryShare: this.memoryBytes() / this.maxMemoryBytes,
      ...this.levels.left(this.states - this.levelEnd),
    };
  }

  private result(verdict: Exploration['verdict'], violation?: Violation, stoppedBy?: StopReason): Exploration {
    const { program, states, workspace } = this;
    const invariants = program.properties.flatMap(({ kind, id }) =>
      kind === 'cover' || kind === 'leads-to' ? [] : [id],
    );
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions: this.transitions,
      depth: verdict === 'violated' && violation ? violation.schedule.length + 1 : this.depth,
      frontier: states - this.expanded,
      ...(verdict === 'inconclusive' && this.levels.left(states - this.levelEnd)),
      collisionProbability: (states * (this.transitions + this.slept - states)) / 2 ** 64,
      tableBytes: this.tableBytes(),
      properties: [...invariants, wellFormed].map((id) => ({
        id,
        verdict: id === violation?.property ? 'violated' : verdict === 'holds' ? 'holds' : 'inconclusive',
      })),
      covers: program.properties.flatMap(({ kind, id }, n) =>
        kind === 'cover' ? [{ id, hit: workspace.hits[n] === 1 }] : [],
      ),
      ...(violation && { violation }),
      ...(this.coverage && { coverage: this.coverage.coverage() }),
      ...(this.isReduced && { reductions: ['partial-order'] as const }),
    };
  }
}
