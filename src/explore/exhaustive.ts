import { type Program, Step } from '../compile/program.ts';
import { wellFormed } from '../model/property.ts';
import { allChoices } from './all-choices.ts';
import { Blocks, type Helpers } from './blocks.ts';
import { CoverageSum } from './coverage.ts';
import { coversOf, verdictsOnSafety } from './findings.ts';
import type { Keeper } from './keeper.ts';
import { Member } from './member.ts';
import type { Visit } from './reserve.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { Spill, type Store } from './spill.ts';
import { Levels } from './states-left.ts';
import { stepsOf } from './steps-of.ts';
import { type Violation, Violations } from './violations.ts';
import { reserveAll, shareOfFrontier, Unit, type Workspace } from './workspace.ts';

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

/** What a search may have from outside. */
export interface Outside {
  /** other threads */
  readonly helpers?: Helpers | undefined;
  /** gets a snapshot when it is due, and when the search is stopped */
  readonly keeper?: Keeper | undefined;
  /** gets what of the frontier does not fit into memory */
  readonly store?: Store | undefined;
}

/** Tables and frontier take at most so much where no limit is given: 4 GiB. */
const usualMemoryBytes = 4 * 2 ** 30;
/**
 * Visits every reachable state, breadth first, so that the violation found is one of the shortest: of those, the first in the order of
 * parents and choices. States are stored as 64-bit fingerprints (hash compaction; U. Stern and D. Dill, 1995): the result says how likely
 * it is that this left a state out. Threads that help change nothing of the result.
 *
 * A generator, because an engine neither knows the time nor gives way to signals: it yields its progress regularly, and ends with a
 * partial result when it is told a reason to stop.
 */
export function* exhaustive(
  program: Program,
  limits: Limits = {},
  outside: Outside = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  const search = new Search(program, limits, outside);
  try {
    return yield* search.run();
  } finally {
    search.end();
  }
}

class Search {
  private readonly leader: Member;
  private readonly workspace: Workspace;
  private readonly blocks: Blocks;
  private readonly violations: Violations;
  private readonly spill: Spill;
  private readonly keeper: Keeper | undefined;
  private readonly maxStates: number;
  private readonly maxMemoryBytes: number;
  private readonly coverage: CoverageSum | undefined;
  private readonly isReduced: boolean;
  private readonly levels = new Levels();
  private transitions = 1;
  /** choices that were not taken as they commute with others */
  private slept = 0;
  private depth = 1;
  private states = 0;
  /** states below this number have been expanded */
  private expanded = 0;
  private levelEnd = 1;
  private stop: StopReason | undefined;

  constructor(
    private readonly program: Program,
    limits: Limits,
    { helpers, keeper, store }: Outside,
  ) {
    this.keeper = keeper;

    const choices = allChoices(program.events);
    this.isReduced = limits.partialOrder === true && program.successors !== undefined;
    this.maxStates = limits.maxStates ?? Number.POSITIVE_INFINITY;
    this.maxMemoryBytes = limits.maxMemoryBytes ?? usualMemoryBytes;
    const steps = stepsOf(program);
    this.leader = new Member(
      program,
      reserveAll({
        words: program.state.length,
        sums: steps.sums,
        sleepWords: this.isReduced ? Math.ceil(choices.count / 32) : 0,
        choices: Math.max(1, choices.count),
        properties: program.properties.length,
        bytes: this.maxMemoryBytes,
        ...(limits.coverage && { transitions: program.transitions.length }),
      }),
      steps,
    );
    this.workspace = this.leader.workspace;
    const { coverage } = this.workspace.memory;
    this.coverage = coverage && new CoverageSum(program, coverage);
    this.spill = new Spill(this.workspace.frontier, store, this.maxMemoryBytes);
    this.blocks = new Blocks(this.leader, helpers);
    this.violations = new Violations(program, this.workspace, choices);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, violations } = this;
    if (program.reset() === Step.fault) {
      return this.result('violated', { property: wellFormed, schedule: [], fault: program.fault() });
    }
    const broken = this.begun();
    if (broken) return this.result('violated', broken);
    while (this.expanded < this.states) {
      while (this.expanded < this.levelEnd) {
        this.stop ??= this.overLimit() ?? (yield this.progress());
        if (this.stop || this.keeper?.isDue()) this.keep();
        const { first } = violations;
        if (this.stop) return this.result(first ? 'violated' : 'inconclusive', first, this.stop);
        yield* this.expand();
      }
      if (violations.first) return this.result('violated', violations.first);
      this.levelEnd = this.states;
      if (this.expanded < this.states) {
        this.depth++;
        this.levels.add(this.states - this.expanded);
      }
    }
    return this.result('holds');
  }

  end(): void {
    this.blocks.end();
  }

  /** Starts from the initial state, or from the last snapshot; what the initial state breaks. */
  private begun(): Violation | undefined {
    const { program, keeper, workspace, leader, violations } = this;
    const last = keeper?.last;
    if (!last) {
      leader.start();
      this.states = 1;
      const violated = program.violated();
      return violated < 0 ? undefined : violations.breaks(violated, []);
    }
    const { units, hits, stuck, broken, ...numbers } = last;
    Object.assign(this, numbers);
    Object.assign(violations, { stuck, broken });
    workspace.hits.set(hits);
    keeper.restore((visit) => {
      this.eachOfTables(units, visit);
      this.spill.refill(this.expanded, this.states, visit);
    });
    return undefined;
  }

  private keep(): void {
    const { states, transitions, slept, depth, expanded, levelEnd, workspace } = this;
    const { stuck, broken } = this.violations;
    const { units } = workspace.origins;
    const hits = [...workspace.hits];
    this.keeper?.keep(
      { states, transitions, slept, depth, expanded, levelEnd, units, hits, stuck, broken },
      (visit) => {
        this.eachOfTables(units, visit);
        this.spill.each(visit);
      },
    );
  }

  private eachOfTables(units: number, visit: Visit): void {
    const { seen, origins } = this.workspace;
    seen.each(visit);
    origins.each(this.states, units, visit);
    visit(this.workspace.reads);
    this.coverage?.each(visit);
  }

  /** Expands the next block of the level. */
  private *expand(): Generator<Progress, void, StopReason | undefined> {
    const { blocks, workspace, spill } = this;
    const end = blocks.endOf(this.expanded, this.levelEnd, this.maxStates - this.states);
    spill.fetch(end);
    for (const _ of blocks.expand(this.expanded, end, this.states, (unit) => this.enter(unit))) {
      this.stop ??= yield this.progress();
    }
    this.expanded = end;
    workspace.frontier.release(end);
    spill.relieve();
    blocks.callHelpers(this.states);
  }

  /** Enters what came of a unit. Units come in order. */
  private enter(unit: number): void {
    const { workspace } = this;
    workspace.origins.begin(workspace.firstParent[unit] as number, this.states);
    this.states += workspace.unit(unit, Unit.found);
    this.transitions += workspace.unit(unit, Unit.generated);
    this.slept += workspace.unit(unit, Unit.slept);
    this.coverage?.add(unit);
    this.violations.enter(unit);
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= this.maxStates) return 'max-states';
    if (this.spill.isFull) return 'disk';
    const { held, bytesPerChunk } = this.workspace.frontier;
    const isFull =
      this.memoryBytes() >= this.maxMemoryBytes || held * bytesPerChunk >= this.maxMemoryBytes * shareOfFrontier;
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
    const { program, states, transitions, slept, workspace } = this;
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      depth: verdict === 'violated' && violation ? violation.schedule.length + 1 : this.depth,
      frontier: states - this.expanded,
      ...(verdict === 'inconclusive' && this.levels.left(states - this.levelEnd)),
      collisionProbability: (states * (transitions + slept - states)) / 2 ** 64,
      tableBytes: this.tableBytes(),
      ...(verdict === 'inconclusive' && { frontierBytes: workspace.frontier.bytes }),
      properties: verdictsOnSafety(program, verdict, violation?.property),
      covers: coversOf(program, (cover) => workspace.hits[cover] === 1),
      ...(violation && { violation }),
      ...(this.coverage && { coverage: this.coverage.coverage() }),
      ...(this.isReduced && { reductions: ['partial-order'] as const }),
    };
  }
}
