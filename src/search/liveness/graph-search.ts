import { type Program, StepOutcome } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
import type { Exploration } from '../exploration.ts';
import { FingerprintSet } from '../storage/fingerprint-set.ts';
import { Frontier, type FrontierCursor } from '../storage/frontier.ts';
import { createSuccessorGenerator } from '../successors/successor-factory.ts';
import type { SuccessorGenerator } from '../successors/successor-generator.ts';
import type { StateGraph } from './state-graph.ts';
import type { StateLabels } from './state-labels.ts';

/** Most states that are expanded between two tests of the limits. */
const maxStatesPerYield = 8192;
/** Share of the memory limit that the successors of these states may take. */
const yieldShare = 0.25;
/** Memory of a state and its edges, without its words, in bytes. */
const bytesPerSuccessor = 40;
/** Least memory of a fingerprint and its id, in bytes. */
const bytesPerFingerprint = 12;
/** Share of the memory limit that caches may take. */
const cacheShare = 0.25;

/** Visits all states, breadth first, appends them to a graph, and labels them. */
export class GraphSearch {
  violation: Exploration['violation'];
  /** number of states discovered so far */
  states = 0;
  private readonly visited: FingerprintSet;
  private readonly generator: SuccessorGenerator;
  private readonly statesPerYield: number;
  private readonly frontier: Frontier;
  private readonly parent: FrontierCursor;
  private readonly discovered: FrontierCursor;
  private readonly maxCacheBytes: number;
  /** Moves the program to the state that was discovered last. */
  private readonly load = (): void => this.generator.load(this.discovered.segment, this.discovered.at);

  constructor(
    private readonly program: Program,
    private readonly choiceIds: ChoiceIds,
    private readonly graph: StateGraph,
    private readonly labels: StateLabels,
    maxMemoryBytes: number,
  ) {
    this.generator = createSuccessorGenerator(program);
    this.maxCacheBytes = maxMemoryBytes * cacheShare;
    program.limitCache(this.maxCacheBytes);
    const words = program.state.length + this.generator.hashWords;
    // The limit is checked once per yield, and may be exceeded by the states discovered between two yields.
    const choices = Math.max(1, choiceIds.count);
    const bytesPerParent = choices * (bytesPerSuccessor + 4 * words);
    this.statesPerYield = Math.max(
      1,
      Math.min(maxStatesPerYield, Math.floor((maxMemoryBytes * yieldShare) / bytesPerParent)),
    );
    const newStatesPerYield = this.statesPerYield * choices;
    const maxStates = maxMemoryBytes / bytesPerFingerprint + newStatesPerYield;
    this.visited = new FingerprintSet(FingerprintSet.reserve(9.9 * maxStates, { withIds: true }));
    this.frontier = new Frontier(Frontier.reserve(words, maxMemoryBytes + 4 * words * newStatesPerYield), words);
    this.parent = this.frontier.cursor();
    this.discovered = this.frontier.cursor();
  }

  /** Builds the graph, to the end or to a violation. Yields before every so many states. */
  *run(): Generator<void, void, void> {
    const { program, graph, frontier } = this;
    if (program.reset() === StepOutcome.fault) {
      this.violation = { property: wellFormed, schedule: [], fault: program.fault() };
      return;
    }
    this.addInitial();
    for (let levelEnd = 1; graph.states < levelEnd; levelEnd = this.states) {
      while (graph.states < levelEnd) {
        yield;
        const end = Math.min(levelEnd, graph.states + this.statesPerYield);
        this.limitCaches();
        while (graph.states < end && !this.violation) this.expand(graph.states);
        if (this.violation) return;
        frontier.release(graph.states);
      }
      if (this.states > levelEnd) graph.levels.push(levelEnd);
    }
  }

  /** memory of visited set and frontier, in bytes */
  get bytes(): number {
    return this.visited.bytes + this.frontier.bytes;
  }

  get cacheBytes(): number {
    return this.generator.bytes;
  }

  private addInitial(): void {
    const { generator, frontier, visited, labels } = this;
    const initial = new Int32Array(this.program.state.length + generator.hashWords);
    generator.writeInitial(initial);
    visited.idOf(generator.high, generator.low);
    frontier.extend(1);
    frontier.store(0, initial);
    this.states = 1;
    labels.addInitial();
  }

  /** Appends the edges of the next state of the frontier. */
  private expand(parent: number): void {
    const { generator, graph } = this;
    this.parent.seek(parent);
    const count = generator.enumerate(this.parent.segment, this.parent.at);
    for (let n = 0; n < count; n++) {
      const outcome = generator.evaluate(n);
      if (outcome === StepOutcome.refused) continue;
      if (outcome === StepOutcome.fault) {
        this.recordFault(parent, n);
        return;
      }
      graph.addEdge(this.successor(parent, n), generator.choices[n]);
    }
    if (generator.hasOwnedRace()) this.recordRace(parent);
    graph.endState();
    if (generator.isFull) this.limitCaches();
  }

  /** Clears the caches if they are full. */
  private limitCaches(): void {
    const { generator, program, labels } = this;
    generator.begin(this.maxCacheBytes);
    if (program.successors?.effects.length === 0) labels.forgetTransitions();
  }

  /** Returns the id of the nth successor, and records it if it is new. */
  private successor(parent: number, n: number): number {
    const { generator, frontier, labels } = this;
    const id = this.visited.idOf(generator.high, generator.low);
    if (id < this.states) return id;
    this.states++;
    if (id % frontier.statesPerChunk === 0) frontier.extend(id + 1);
    this.discovered.seek(id);
    const { segment, at } = this.discovered;
    const transition = generator.transitionId(n);
    generator.materialize(transition, this.parent.segment, this.parent.at, segment, at);
    labels.add(parent, transition, this.load);
    return id;
  }

  /** Records the fault of the nth choice, unless its state is a race for owned memory: then that. */
  private recordFault(parent: number, n: number): void {
    const { generator, program, graph, choiceIds } = this;
    generator.moveTo(n);
    const fault = program.fault();
    const choice = choiceIds.choiceOf(generator.choices[n]);
    if (this.recordRace(parent)) return;
    const schedule = graph.pathTo(parent).map((id) => choiceIds.choiceOf(id));
    this.violation = { property: wellFormed, schedule: [...schedule, choice], fault };
  }

  /** Records that a state is a race for owned memory. Returns false if it is none. */
  private recordRace(parent: number): boolean {
    const { program, graph, choiceIds } = this;
    this.generator.load(this.parent.segment, this.parent.at);
    const fault = program.ownedRace();
    if (fault === undefined) return false;
    const schedule = graph.pathTo(parent).map((id) => choiceIds.choiceOf(id));
    this.violation = { property: wellFormed, schedule, fault };
    return true;
  }
}
