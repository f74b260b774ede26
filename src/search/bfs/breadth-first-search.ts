/**
 * Breadth-first search with hash compaction, in parallel, with a result that does not depend on the number of workers.
 *
 *     visited := { fingerprint(initial) };  frontier := [ initial ]
 *     for each level of the frontier, for each block of up to 512 units of consecutive states in it:
 *       expand        for each unit, in parallel:
 *                       for each state of the unit, for each enabled choice:
 *                         record the fingerprint of the successor, and (state, choice) as its predecessor
 *                       sort the records of the unit by the partition of their fingerprints
 *       deduplicate   for each partition of the visited set, in parallel:
 *                       for each unit, in order, for each of its records in this partition:
 *                         the record is new if its fingerprint is not in visited; add the fingerprint
 *       assign ids    number the new records: in the order of units, and within a unit of their generation
 *       commit        for each unit, in parallel, for each new record:
 *                       frontier[id] := the successor;  predecessor log[id] := (state, choice)
 *                       check invariants and covers
 *     if the level has a violation, report the first one with the path to it in the predecessor log
 *
 * A barrier lies between two phases. `BreadthFirstSearch.run` is the loop over levels, `BlockExpander` runs the phases
 * of a block, and `SearchWorker` is what one worker does in each. reference/naive.ts is the same search without any of
 * this.
 *
 * - Hash compaction (U. Stern, D. Dill: Improved Probabilistic Verification by Hash Compaction, 1995): the visited set
 *   stores a 64-bit fingerprint of each state. Two states with the same fingerprint are identified; the result states
 *   how probable that is.
 * - What is different: the fingerprint of a successor is known before the successor is made. A cached transition has a
 *   constant effect on the state and on its hash (`IncrementalSuccessors`), so only new states are made.
 * - Why the order is deterministic: one worker expands a unit, in order. One worker deduplicates a partition, unit by
 *   unit, so the first of equal fingerprints is always the same one. Ids are assigned in order. So ids, predecessors
 *   and counterexamples depend on the model alone, and no two workers write to one table at a time.
 */

import { type Program, StepOutcome } from '../../compile/program.ts';
import { goalsAmong, wellFormed } from '../../model/property.ts';
import type { CheckpointStore } from '../checkpoint-store.ts';
import type { Engine, Exploration, Progress, StopReason } from '../exploration.ts';
import { coversOf, verdictsOnSafety } from '../property-monitor.ts';
import { type ChunkStore, FrontierSpill } from '../storage/frontier-spill.ts';
import type { ArrayVisitor } from '../storage/growable-buffer.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { createSuccessorGenerator } from '../successors/successor-factory.ts';
import { untakenUnder } from '../untaken.ts';
import { ViolationTotals } from './all-violations.ts';
import { UnitField } from './block.ts';
import { BlockExpander, type WorkerSource } from './block-expansion.ts';
import { CoverageTotals } from './coverage.ts';
import { FirstViolation, type Violation } from './first-violation.ts';
import type { SearchCheckpoint } from './search-checkpoint.ts';
import { allocate, bytesBesideTables, CoverStatus, frontierShare, type SearchMemory } from './search-memory.ts';
import { SearchWorker } from './search-worker.ts';
import { LevelSizes } from './state-space-estimate.ts';
import { ViolationTally } from './violation-tally.ts';

/**
 * Limits and options of a search that visits all states.
 * @example
 * const exploration = runEngine(breadthFirstSearch(program, { maxStates: 1_000_000, coverage: true }));
 */
export interface Limits {
  /** stop at this number of states */
  readonly maxStates?: number;
  /** stop when tables, frontier and caches, of all workers, take this many bytes; 4 GiB by default */
  readonly maxMemoryBytes?: number;
  /** count transitions, and find cells that never change */
  readonly coverage?: boolean;
  /** go on after the first violation, and count all of them */
  readonly all?: boolean;
  /** skip transitions with sleep sets: all states remain */
  readonly partialOrder?: boolean;
}

/** What a search needs from its environment: threads and files. */
export interface SearchServices {
  readonly workers?: WorkerSource | undefined;
  /** saves a checkpoint when one is due, and when the search is stopped */
  readonly checkpoints?: CheckpointStore<SearchCheckpoint> | undefined;
  /** stores frontier chunks that are evicted from memory */
  readonly store?: ChunkStore | undefined;
}

/** Memory limit of a search by default: 4 GiB. */
export const defaultMemoryBytes = 4 * 2 ** 30;

/**
 * Visits all reachable states, breadth first. The counterexample is one of the shortest, and the first of these in the
 * order of predecessors and choices. Workers do not change the result.
 * @returns an engine: it yields its progress, and ends with a partial result once it is sent a reason to stop
 * @throws PrecopyError `BAD_PARAMETER` if there are more than 65536 choices, or too little address space
 */
export function* breadthFirstSearch(program: Program, limits: Limits = {}, services: SearchServices = {}): Engine {
  const search = new BreadthFirstSearch(program, limits, services);
  try {
    const result = yield* search.run();
    program.repeatSteps();
    return result;
  } finally {
    search.end();
  }
}

class BreadthFirstSearch {
  private readonly leader: SearchWorker;
  private readonly memory: SearchMemory;
  private readonly blocks: BlockExpander;
  private readonly violations: FirstViolation;
  /** all violations, if the search goes on after the first one */
  private readonly totals: ViolationTotals | undefined;
  private readonly spill: FrontierSpill;
  private readonly checkpoints: CheckpointStore<SearchCheckpoint> | undefined;
  private readonly maxStates: number;
  private readonly maxMemoryBytes: number;
  private readonly coverage: CoverageTotals | undefined;
  private readonly isReduced: boolean;
  private readonly levels = new LevelSizes();
  private transitions = 1;
  private sleepSetSkips = 0;
  private depth = 1;
  private states = 0;
  /** states below this id are expanded */
  private expanded = 0;
  private levelEnd = 1;
  private stop: StopReason | undefined;

  constructor(
    private readonly program: Program,
    limits: Limits,
    { workers, checkpoints, store }: SearchServices,
  ) {
    this.checkpoints = checkpoints;
    const choices = choicesForSearch(program.events);
    this.isReduced = limits.partialOrder === true && program.successors !== undefined;
    this.maxStates = limits.maxStates ?? Number.POSITIVE_INFINITY;
    this.maxMemoryBytes = limits.maxMemoryBytes ?? defaultMemoryBytes;
    const generator = createSuccessorGenerator(program);
    this.leader = new SearchWorker(
      program,
      allocate({
        words: program.state.length,
        hashWords: generator.hashWords,
        sleepWords: this.isReduced ? Math.ceil(choices.count / 32) : 0,
        choices: Math.max(1, choices.count),
        properties: program.properties.length,
        bytes: this.maxMemoryBytes,
        transitions: program.transitions.length,
        coverage: limits.coverage === true,
        all: limits.all === true,
      }),
      generator,
    );
    this.memory = this.leader.memory;
    const { coverage } = this.memory.buffers;
    this.coverage = coverage && new CoverageTotals(program, coverage);
    this.spill = new FrontierSpill(this.memory.frontier, store, this.maxMemoryBytes);
    this.blocks = new BlockExpander(this.leader, workers);
    this.violations = new FirstViolation(program, this.memory, choices);
    const { violations: tally } = this.memory.buffers;
    this.totals =
      tally && new ViolationTotals(program, this.memory, new ViolationTally(tally, program.properties.length), choices);
  }

  *run(): Engine {
    const { program, violations } = this;
    if (program.reset() === StepOutcome.fault) {
      return this.result('violated', { property: wellFormed, schedule: [], fault: program.fault() });
    }
    const initialViolation = this.startOrRestore();
    if (initialViolation && !this.totals) return this.result('violated', initialViolation);
    while (this.expanded < this.states) {
      while (this.expanded < this.levelEnd) {
        this.stop ??= this.overLimit() ?? (yield this.progress());
        if (this.stop || this.checkpoints?.isDue()) this.saveCheckpoint();
        if (this.stop) return this.resultSoFar('inconclusive');
        yield* this.expandBlock();
      }
      if (violations.first && !this.totals) return this.result('violated', violations.first);
      this.levelEnd = this.states;
      if (this.expanded < this.states) {
        this.depth++;
        this.levels.add(this.states - this.expanded);
      }
    }
    return this.resultSoFar('holds');
  }

  /** Returns the result of a search that is stopped or complete, unless it found a violation. */
  private resultSoFar(otherwise: Exploration['verdict']): Exploration {
    const first = this.totals ? this.totals.result.violations[0] : this.violations.first;
    if (first === undefined) return this.result(otherwise, first, this.stop);
    const { property, schedule, fault } = first;
    return this.result('violated', { property, schedule, fault }, this.stop);
  }

  end(): void {
    this.blocks.end();
  }

  /** Starts from the initial state, or from the latest checkpoint. Returns the violation of the initial state. */
  private startOrRestore(): Violation | undefined {
    const { program, checkpoints, memory, leader, violations } = this;
    const latest = checkpoints?.latest;
    if (!latest) {
      leader.start();
      this.states = 1;
      const violated = program.violated();
      this.totals?.addInitial();
      const reached = goalsAmong(program.properties).find((goal) => memory.hits[goal] === CoverStatus.hit) ?? -1;
      const first = violated < 0 ? reached : violated;
      return first < 0 ? undefined : violations.violationOf(first, []);
    }
    const { units, hits, atParent, broken, ...counters } = latest;
    Object.assign(this, counters);
    Object.assign(violations, { atParent, broken });
    memory.hits.set(hits);
    checkpoints.restore((visit) => {
      this.visitTables(units, visit);
      this.spill.refill(this.expanded, this.states, visit);
    });
    return undefined;
  }

  private saveCheckpoint(): void {
    const { states, transitions, sleepSetSkips, depth, expanded, levelEnd, memory } = this;
    const { atParent, broken } = this.violations;
    const { units } = memory.predecessors;
    const hits = [...memory.hits];
    this.checkpoints?.save(
      { states, transitions, sleepSetSkips, depth, expanded, levelEnd, units, hits, atParent, broken },
      (visit) => {
        this.visitTables(units, visit);
        this.spill.visitMemory(visit);
      },
    );
  }

  private visitTables(units: number, visit: ArrayVisitor): void {
    const { visited, predecessors } = this.memory;
    visited.visitMemory(visit);
    predecessors.visitMemory(this.states, units, visit);
    visit(new Int32Array(this.memory.buffers.readSets));
    visit(this.memory.taken);
    this.coverage?.visitMemory(visit);
  }

  /** Expands the next block of the level. */
  private *expandBlock(): Generator<Progress, void, StopReason | undefined> {
    const { blocks, memory, spill } = this;
    const end = blocks.endOf(this.expanded, this.levelEnd, this.maxStates - this.states);
    spill.fetch(end);
    const expansion = blocks.expand(this.expanded, end, this.states, (unit) => this.addUnit(unit));
    let turn = expansion.next();
    for (; !turn.done; turn = expansion.next()) this.stop ??= yield this.progress();
    this.leader.recheckStepCovers();
    this.expanded = turn.value;
    memory.frontier.release(this.expanded);
    spill.evictExcess();
    blocks.startWorkersIfWorthwhile(this.states);
  }

  /** Adds the results of a unit. Units come in order. */
  private addUnit(unit: number): void {
    const { block, predecessors } = this.memory;
    predecessors.beginUnit(block.firstParent[unit], this.states);
    this.states += block.get(unit, UnitField.newStates);
    this.transitions += block.get(unit, UnitField.generated);
    this.sleepSetSkips += block.get(unit, UnitField.sleepSetSkips);
    this.coverage?.add(unit);
    if (this.totals) this.totals.collect(unit);
    else this.violations.collect(unit);
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= this.maxStates) return 'max-states';
    if (this.spill.isFull) return 'disk';
    const { residentChunks, bytesPerChunk } = this.memory.frontier;
    const isFull =
      this.memoryBytes() >= this.maxMemoryBytes ||
      residentChunks * bytesPerChunk >= this.maxMemoryBytes * frontierShare;
    return isFull ? 'max-memory' : undefined;
  }

  private memoryBytes(): number {
    const { frontier, buffers } = this.memory;
    return this.tableBytes() + frontier.bytes + bytesBesideTables(buffers);
  }

  private tableBytes(): number {
    return this.memory.visited.bytes + this.memory.predecessors.bytes(this.states);
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
    const { program, states, transitions, sleepSetSkips, memory } = this;
    const all = this.totals?.result;
    const violated = all ? all.violations.map(({ property }) => property) : violation ? [violation.property] : [];
    const others = all && !stoppedBy ? 'holds' : verdict;
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      depth: verdict === 'violated' && violation && !all ? violation.schedule.length + 1 : this.depth,
      frontier: states - this.expanded,
      ...(verdict === 'inconclusive' && this.levels.remaining(states - this.levelEnd)),
      collisionProbability: (states * (transitions + sleepSetSkips - states)) / 2 ** 64,
      tableBytes: this.tableBytes(),
      ...(verdict === 'inconclusive' && { frontierBytes: memory.frontier.bytes }),
      properties: verdictsOnSafety(program, others, violated),
      covers: coversOf(program, (cover) => memory.hits[cover] === CoverStatus.hit),
      ...(violation && { violation }),
      ...(all && { all }),
      ...(this.coverage && { coverage: this.coverage.coverage() }),
      ...untakenUnder(verdict, program, memory.taken),
      ...(this.isReduced && { reductions: ['partial-order'] as const }),
    };
  }
}
