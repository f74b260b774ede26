import { type Program, StepOutcome } from '../../compile/program.ts';
import { goalsAmong } from '../../model/property.ts';
import type { PhaseWorker } from '../parallel/worker-barrier.ts';
import type { FrontierCursor } from '../storage/frontier.ts';
import { createSuccessorGenerator } from '../successors/successor-factory.ts';
import type { SuccessorGenerator } from '../successors/successor-generator.ts';
import { UnitField } from './block.ts';
import { CoverageRecorder } from './coverage.ts';
import { DuplicateFilter } from './duplicate-filter.ts';
import { CoverStatus, type SearchBuffers, SearchMemory } from './search-memory.ts';
import { SleepSets } from './sleep-sets.ts';
import { ViolationTally } from './violation-tally.ts';

/** A worker may have caches of this size, whatever the memory limit. */
const leastCacheBytes = 1 << 20;

/** The phases of a block. */
export const Phase = { expand: 0, deduplicate: 1, commit: 2 } as const;

/**
 * One worker of a breadth-first search, with its own program and successor generator. It expands units, deduplicates
 * partitions, and commits the units that it has expanded; see breadth-first-search.ts. What it writes for a unit or a
 * partition depends on the model alone, so the result of a search does not depend on which worker did what.
 */
export class SearchWorker implements PhaseWorker {
  readonly memory: SearchMemory;
  private readonly generator: SuccessorGenerator;
  /** words of a state and its hash in the frontier; its sleep set follows */
  private readonly wordsBeforeSleepSet: number;
  private readonly sleepWords: number;
  private readonly sleepSets: SleepSets | undefined;
  private readonly duplicates = new DuplicateFilter();
  private readonly coverage: CoverageRecorder | undefined;
  /** counts violations, if the search goes on after the first one */
  private readonly tally: ViolationTally | undefined;
  /**
   * indices of covers that were not hit yet: those that a state has decided so far, and those that were seen to look at
   * the step that led to it
   */
  private readonly openStateCovers: number[];
  private openStepCovers: number[];
  /** indices of the covers that end the search: each step is checked for them, and they stay open */
  private readonly goals: readonly number[];
  /** by unit: number of new states that this worker found */
  private readonly newStates: Int32Array;
  /** the first parent of the unit that was expanded last */
  private lastFirstParent = -1;
  /** number of cuts of blocks when the last block began */
  private lastCut = 0;
  /** keeps the compiler from removing the reads of `prefetch` */
  prefetchSink = 0;

  constructor(
    readonly program: Program,
    buffers: SearchBuffers,
    generator = createSuccessorGenerator(program),
  ) {
    const { properties, state, successors } = program;
    const { hashWords, sleepWords } = buffers;
    this.memory = new SearchMemory(buffers);
    this.newStates = new Int32Array(buffers.block.maxUnits);
    this.generator = generator;
    successors?.shareReadSets(new Int32Array(buffers.readSets));
    this.wordsBeforeSleepSet = state.length + hashWords;
    this.sleepWords = sleepWords;
    this.sleepSets = sleepWords > 0 ? new SleepSets(generator, this.wordsBeforeSleepSet, sleepWords) : undefined;
    this.coverage = buffers.coverage && new CoverageRecorder(program, buffers.coverage);
    this.tally = buffers.violations && new ViolationTally(buffers.violations, properties.length);
    this.goals = goalsAmong(properties);
    const covers = properties.flatMap(({ kind }, n) => (kind === 'cover' && !this.goals.includes(n) ? [n] : []));
    this.openStateCovers = successors ? covers : [];
    this.openStepCovers = successors ? [...this.goals] : [...this.goals, ...covers];
  }

  /** Adds the current state, which is the initial one, to the visited set and the frontier. */
  start(): void {
    const { generator, memory } = this;
    const initial = new Int32Array(this.wordsBeforeSleepSet + this.sleepWords);
    generator.writeInitial(initial);
    memory.visited.add(generator.high, generator.low);
    memory.frontier.extend(1);
    memory.frontier.store(0, initial);
    this.checkStateCovers();
    this.checkCovers(this.openStepCovers);
  }

  /**
   * Checks the steps of a block again, for covers that were seen to look at the step in a state that the block has
   * discovered: the block may lead there by other steps too. All earlier states decided these covers.
   */
  recheckStepCovers(): void {
    const { memory, generator, openStateCovers } = this;
    const { block, frontier } = memory;
    const covers = openStateCovers.filter((cover) => memory.hits[cover] === CoverStatus.usesStep);
    if (covers.length === 0) return;
    const state = frontier.cursor();
    for (let unit = 0; unit < block.units; unit++) {
      for (let parent = 0; parent < block.get(unit, UnitField.parents); parent++) {
        state.seek(block.firstParent[unit] + parent);
        const count = generator.enumerate(state.segment, state.at);
        for (let n = 0; n < count; n++) {
          if (generator.evaluate(n) !== StepOutcome.taken) continue;
          generator.moveTo(n);
          this.checkCovers(covers);
        }
      }
    }
  }

  runPhase(phase: number, workerId: number, tasks: Iterable<number>): void {
    const { block } = this.memory;
    if (phase === Phase.deduplicate) {
      this.deduplicate(tasks);
      return;
    }
    if (phase === Phase.commit) {
      for (let unit = 0; unit < block.units; unit++)
        if (block.get(unit, UnitField.owner) === workerId) this.commit(unit);
      return;
    }
    this.beginBlock();
    this.moveStepCovers();
    for (const unit of tasks) {
      block.set(unit, UnitField.owner, workerId);
      if (unit <= block.lastUnit) this.expand(unit);
    }
    this.memory.workerBytes[workerId] = this.bytes;
    this.program.markTaken(this.memory.taken);
  }

  private beginBlock(): void {
    const { generator, memory, program } = this;
    const maxBytes = Math.max(leastCacheBytes, memory.buffers.cacheLimit / memory.workers);
    program.limitCache(maxBytes);
    generator.begin(maxBytes);
    if (memory.block.cuts === this.lastCut) return;
    // Successors of states behind the cut are not in the visited set.
    this.lastCut = memory.block.cuts;
    this.duplicates.clear();
  }

  /** memory that this worker does not share */
  private get bytes(): number {
    return this.generator.bytes + this.memory.visited.scratchBytes + this.memory.records.scratchBytes;
  }

  /** Generates the successors of the parents of a unit, and records them. */
  private expand(unit: number): void {
    const { memory, coverage, generator } = this;
    const { block, frontier, records } = memory;
    const firstParent = block.firstParent[unit];
    const parents = block.get(unit, UnitField.parents);
    // A fingerprint that was recorded by a later unit is not a duplicate here: the earlier unit has to discover the
    // state.
    if (firstParent < this.lastFirstParent) this.duplicates.clear();
    this.lastFirstParent = firstParent;
    block.clear(unit);
    this.tally?.clear(unit);
    coverage?.begin(unit);
    records.beginUnit(unit);
    const state = frontier.cursor();
    for (let parent = 0; parent < parents; parent++) {
      state.seek(firstParent + parent);
      this.expandState(unit, parent, state);
      if (!generator.isFull || (parent + 1 === parents && unit === block.lastUnit)) continue;
      block.cutAfter(unit, parent + 1);
      break;
    }
    block.set(unit, UnitField.records, records.sortByPartition(unit));
  }

  /** @param parent rank of the state in its unit */
  private expandState(unit: number, parent: number, state: FrontierCursor): void {
    const { memory, generator, sleepSets, duplicates, coverage, openStepCovers, tally } = this;
    const { block, predecessors, records } = memory;
    const count = generator.enumerate(state.segment, state.at);
    const asleep = sleepSets ? sleepSets.load(count, state) : 0;
    let steps = 0;
    let generated = 0;
    for (let n = 0; n < count; n++) {
      const isAsleep = asleep > 0 && sleepSets?.has(n) === true;
      const mayHitCover = openStepCovers.length > 0 && generator.mayHitCover(n, openStepCovers);
      if (isAsleep && !mayHitCover) continue;

      const outcome = generator.evaluate(n);
      if (outcome === StepOutcome.refused) continue;
      steps++;
      const predecessorCode = predecessors.encode(parent, generator.choices[n]);
      if (outcome === StepOutcome.fault) {
        block.setFirst(unit, UnitField.fault, predecessorCode);
        tally?.add(unit, tally.slots.faults, predecessorCode);
        continue;
      }
      if (mayHitCover || coverage) generator.moveTo(n);
      if (mayHitCover && this.checkCovers(openStepCovers)) block.setFirst(unit, UnitField.goal, predecessorCode);
      if (isAsleep) continue;

      generated++;
      coverage?.recordStep(unit, records.end);
      if (duplicates.testAndAdd(generator.high, generator.low)) continue;
      if (sleepSets) sleepSets.writeSuccessor(n, count, records.sleepSets, records.end * records.sleepWords);
      records.append(generator.high, generator.low, predecessorCode, generator.transitionId(n));
    }
    if (generator.hasOwnedRace()) {
      block.setFirst(unit, UnitField.atParent, parent);
      tally?.add(unit, tally.slots.races, parent);
    }
    if (steps + asleep === 0 && tally) this.countTerminal(unit, parent, tally);
    if (steps + asleep === 0 && block.get(unit, UnitField.atParent) < 0 && this.program.violatedByDeadlock() >= 0)
      block.set(unit, UnitField.atParent, parent);
    block.add(unit, UnitField.generated, generated);
    block.add(unit, UnitField.sleepSetSkips, asleep);
  }

  /** Counts a state without a successor, which is the current one. */
  private countTerminal(unit: number, parent: number, tally: ViolationTally): void {
    const { program } = this;
    tally.add(unit, tally.slots.terminal, parent);
    const first = program.violatedByDeadlock();
    if (first >= 0) tally.add(unit, tally.slots.deadlocked, parent);
    for (let n = first; n >= 0; n = program.violatedByDeadlock(n + 1)) tally.add(unit, n, parent);
  }

  /**
   * Adds the fingerprints of all units to partitions of the visited set, and marks those that are new. A partition fits
   * into the CPU cache, so all of its fingerprints are looked up together, and their buckets are prefetched.
   * @param partitions no other worker adds to these
   */
  private deduplicate(partitions: Iterable<number>): void {
    const { memory, newStates } = this;
    const { block, visited, records } = memory;
    const { high, low, isNew } = records;
    const { units } = block;
    visited.refreshViews();
    newStates.fill(0);
    for (const partition of partitions) {
      let sink = 0;
      for (let unit = 0; unit < units; unit++) {
        const first = records.firstInPartition(unit, partition);
        sink ^= visited.prefetch(partition, high, first, records.firstInPartition(unit, partition + 1));
      }
      this.prefetchSink = sink;
      for (let unit = 0; unit < units; unit++) {
        const first = records.firstInPartition(unit, partition);
        const end = records.firstInPartition(unit, partition + 1);
        newStates[unit] += visited.addAll(partition, high, low, first, end, isNew);
      }
    }
    for (let unit = 0; unit < units; unit++) block.atomicAdd(unit, UnitField.newStates, newStates[unit]);
  }

  /**
   * Makes the new states of a unit that this worker has expanded, stores them in the frontier, and checks their
   * properties.
   */
  private commit(unit: number): void {
    const { memory, generator, program, tally, coverage, openStateCovers, wordsBeforeSleepSet, sleepWords } = this;
    const { block, frontier, predecessors, records } = memory;
    const { predecessorCode, transitionId, sleepSets } = records;
    const first = records.firstOf(unit);
    const end = first + block.get(unit, UnitField.records);
    const firstParent = block.firstParent[unit];
    const parent = frontier.cursor();
    const successor = frontier.cursor();
    let id = block.firstState[unit];
    for (let record = first; record < end; record++) {
      if (!records.isNewState(first, record)) continue;
      const code = predecessorCode[record];
      const transition = transitionId[record];
      parent.seek(firstParent + predecessors.parentIn(code));
      successor.seek(id);
      const { segment, at } = successor;
      generator.materialize(transition, parent.segment, parent.at, segment, at);
      for (let word = 0; word < sleepWords; word++)
        segment[at + wordsBeforeSleepSet + word] = sleepSets[record * sleepWords + word];
      predecessors.set(id, code);
      id++;

      // What is known of a state assumes that its predecessor violates nothing.
      const isKnownSafe = !tally && generator.isKnownSafe(transition, segment, at, openStateCovers);
      if (coverage || !isKnownSafe) generator.load(segment, at);
      coverage?.recordNewState(unit, record);
      if (isKnownSafe) continue;
      if (openStateCovers.length > 0) this.checkStateCovers();
      if (tally) {
        for (let n = program.violated(); n >= 0; n = program.violated(n + 1)) tally.add(unit, n, code);
        continue;
      }
      const invariant = generator.violated(transition);
      if (invariant < 0 || block.get(unit, UnitField.broken) >= 0) continue;
      block.set(unit, UnitField.broken, code);
      block.set(unit, UnitField.invariant, invariant);
    }
    block.assertCommitted(unit, id);
    coverage?.end();
  }

  /**
   * Records the open covers that the last step or the current state hits, and closes them, except for goals. Returns
   * whether a goal is hit.
   */
  private checkCovers(open: number[]): boolean {
    let isGoalHit = false;
    this.program.covers(open, (cover) => {
      this.memory.hits[cover] = CoverStatus.hit;
      if (this.goals.includes(cover)) isGoalHit = true;
      else open.splice(open.indexOf(cover), 1);
    });
    return isGoalHit;
  }

  /** Does the same for the covers that states have decided so far, and records those that look at the step. */
  private checkStateCovers(): void {
    const { openStateCovers, memory, program } = this;
    this.checkCovers(openStateCovers);
    for (const cover of openStateCovers) {
      if (program.successors?.usesStep(cover))
        Atomics.compareExchange(memory.hits, cover, CoverStatus.open, CoverStatus.usesStep);
    }
  }

  /** Has the steps of the next block checked for covers that were seen to look at the step, by whichever worker. */
  private moveStepCovers(): void {
    const { openStateCovers, memory } = this;
    const moved = openStateCovers.filter((cover) => memory.hits[cover] === CoverStatus.usesStep);
    if (moved.length === 0) return;
    for (const cover of moved) openStateCovers.splice(openStateCovers.indexOf(cover), 1);
    // A new list, as the generator remembers which steps may hit the covers of a list.
    this.openStepCovers = [...this.openStepCovers, ...moved];
  }
}
