import { type Program, StepOutcome } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { coversOf, verdictsOnSafety } from '../shrink/property-monitor.ts';
import { type ChunkStore, Spill } from '../storage/frontier-spill.ts';
import type { ArrayVisitor } from '../storage/growable-buffer.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { createSuccessorGenerator } from '../successors/successor-factory.ts';
import { BlockExpander, type WorkerSource } from './block-expansion.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { CoverageTotals } from './coverage.ts';
import { FirstViolation, type Violation } from './first-violation.ts';
import { allocate, type SearchMemory, shareOfFrontier, UnitField } from './search-memory.ts';
import { SearchWorker } from './search-worker.ts';
import { LevelSizes } from './state-space-estimate.ts';

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
export interface SearchServices {
  /** other threads */
  readonly helpers?: WorkerSource | undefined;
  /** gets a snapshot when it is due, and when the search is stopped */
  readonly keeper?: CheckpointStore | undefined;
  /** gets what of the frontier does not fit into memory */
  readonly store?: ChunkStore | undefined;
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
export function* breadthFirstSearch(
  program: Program,
  limits: Limits = {},
  outside: SearchServices = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  const search = new BreadthFirstSearch(program, limits, outside);
  try {
    return yield* search.run();
  } finally {
    search.end();
  }
}

class BreadthFirstSearch {
  private readonly leader: SearchWorker;
  private readonly workspace: SearchMemory;
  private readonly blocks: BlockExpander;
  private readonly violations: FirstViolation;
  private readonly spill: Spill;
  private readonly keeper: CheckpointStore | undefined;
  private readonly maxStates: number;
  private readonly maxMemoryBytes: number;
  private readonly coverage: CoverageTotals | undefined;
  private readonly isReduced: boolean;
  private readonly levels = new LevelSizes();
  private transitions = 1;
  /** choices that were not taken as they commute with others */
  private sleepSetSkips = 0;
  private depth = 1;
  private states = 0;
  /** states below this number have been expanded */
  private expanded = 0;
  private levelEnd = 1;
  private stop: StopReason | undefined;

  constructor(
    private readonly program: Program,
    limits: Limits,
    { helpers, keeper, store }: SearchServices,
  ) {
    this.keeper = keeper;

    const choices = choicesForSearch(program.events);
    this.isReduced = limits.partialOrder === true && program.successors !== undefined;
    this.maxStates = limits.maxStates ?? Number.POSITIVE_INFINITY;
    this.maxMemoryBytes = limits.maxMemoryBytes ?? usualMemoryBytes;
    const steps = createSuccessorGenerator(program);
    this.leader = new SearchWorker(
      program,
      allocate({
        words: program.state.length,
        sums: steps.hashWords,
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
    this.coverage = coverage && new CoverageTotals(program, coverage);
    this.spill = new Spill(this.workspace.frontier, store, this.maxMemoryBytes);
    this.blocks = new BlockExpander(this.leader, helpers);
    this.violations = new FirstViolation(program, this.workspace, choices);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, violations } = this;
    if (program.reset() === StepOutcome.fault) {
      return this.result('violated', { property: wellFormed, schedule: [], fault: program.fault() });
    }
    const broken = this.startOrRestore();
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
  private startOrRestore(): Violation | undefined {
    const { program, keeper, workspace, leader, violations } = this;
    const last = keeper?.latest;
    if (!last) {
      leader.start();
      this.states = 1;
      const violated = program.violated();
      return violated < 0 ? undefined : violations.invariantViolation(violated, []);
    }
    const { units, hits, deadlock, broken, ...numbers } = last;
    Object.assign(this, numbers);
    Object.assign(violations, { deadlock, broken });
    workspace.hits.set(hits);
    keeper.restore((visit) => {
      this.eachOfTables(units, visit);
      this.spill.refill(this.expanded, this.states, visit);
    });
    return undefined;
  }

  private keep(): void {
    const { states, transitions, sleepSetSkips, depth, expanded, levelEnd, workspace } = this;
    const { deadlock, broken } = this.violations;
    const { units } = workspace.origins;
    const hits = [...workspace.hits];
    this.keeper?.save(
      { states, transitions, sleepSetSkips, depth, expanded, levelEnd, units, hits, deadlock, broken },
      (visit) => {
        this.eachOfTables(units, visit);
        this.spill.each(visit);
      },
    );
  }

  private eachOfTables(units: number, visit: ArrayVisitor): void {
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
    for (const _ of blocks.expand(this.expanded, end, this.states, (unit) => this.commitUnit(unit))) {
      this.stop ??= yield this.progress();
    }
    this.expanded = end;
    workspace.frontier.release(end);
    spill.evictExcess();
    blocks.startWorkersIfWorthwhile(this.states);
  }

  /** Enters what came of a unit. Units come in order. */
  private commitUnit(unit: number): void {
    const { workspace } = this;
    workspace.origins.beginUnit(workspace.firstParent[unit], this.states);
    this.states += workspace.unit(unit, UnitField.found);
    this.transitions += workspace.unit(unit, UnitField.generated);
    this.sleepSetSkips += workspace.unit(unit, UnitField.slept);
    this.coverage?.add(unit);
    this.violations.collect(unit);
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= this.maxStates) return 'max-states';
    if (this.spill.isFull) return 'disk';
    const { residentChunks, bytesPerChunk } = this.workspace.frontier;
    const isFull =
      this.memoryBytes() >= this.maxMemoryBytes ||
      residentChunks * bytesPerChunk >= this.maxMemoryBytes * shareOfFrontier;
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
      ...this.levels.remaining(this.states - this.levelEnd),
    };
  }

  private result(verdict: Exploration['verdict'], violation?: Violation, stoppedBy?: StopReason): Exploration {
    const { program, states, transitions, sleepSetSkips, workspace } = this;
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      depth: verdict === 'violated' && violation ? violation.schedule.length + 1 : this.depth,
      frontier: states - this.expanded,
      ...(verdict === 'inconclusive' && this.levels.remaining(states - this.levelEnd)),
      collisionProbability: (states * (transitions + sleepSetSkips - states)) / 2 ** 64,
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
