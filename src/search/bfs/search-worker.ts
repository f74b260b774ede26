import { type Program, StepOutcome } from '../../compile/program.ts';
import { isStepCover } from '../../model/property.ts';
import { partitionCount, partitionOf } from '../storage/fingerprint-set.ts';
import type { Cursor } from '../storage/frontier.ts';
import { createSuccessorGenerator } from '../successors/successor-factory.ts';
import type { SuccessorGenerator } from '../successors/successor-generator.ts';
import { CoverageRecorder } from './coverage.ts';
import { type SearchBuffers, SearchMemory, UnitField, unitsPerBlock } from './search-memory.ts';

/** Fingerprints that a thread remembers to have recorded: most states that are found again are found again soon. */
const recentBits = 14;

/**
 * What one thread does in a search, with a program of its own. A block of states is gone through in three phases, each by all threads together:
 * units are expanded, one by one, by whoever is free; then successors are looked up, part by part of the table; then the new
 * states are checked and stored, again unit by unit. So what is found, and in what order, depends on nothing but the model.
 */
export class SearchWorker {
  readonly workspace: SearchMemory;
  /** how many words of a state are kept, without those of what sleeps there */
  private readonly wordsWithoutSleepSet: number;
  /** of the state that is being expanded, by place among its successors: whether it may be left out */
  private readonly asleep: Uint8Array;
  /** covers that were not hit yet: those that a state shows, and those that look at the step as well */
  private readonly openInStates: number[];
  private readonly openInSteps: number[];
  /** the fingerprints of the records of the unit that is being expanded, in the order in which they were made */
  private readonly high: Int32Array;
  private readonly low: Int32Array;
  /** by part of the table: how many records of the unit fall into it, and then where the next one goes */
  private readonly next = new Int32Array(partitionCount + 1);
  /** by unit: how many states this thread has found to be new */
  private readonly found = new Int32Array(unitsPerBlock);
  private readonly coverage: CoverageRecorder | undefined;
  private readonly recentFingerprints = new Int32Array(2 << recentBits);
  /** the number of the first state of the unit that was expanded last */
  private lastFirst = -1;
  /** only so that the reads that warm the cache are not optimised away */
  prefetchSink = 0;

  constructor(
    readonly program: Program,
    memory: SearchBuffers,
    private readonly steps: SuccessorGenerator = createSuccessorGenerator(program),
  ) {
    this.workspace = new SearchMemory(memory);
    const { successors } = program;
    successors?.predicates.shareReads(this.workspace.reads);
    this.wordsWithoutSleepSet = program.state.length + this.steps.hashWords;
    this.asleep = new Uint8Array(this.steps.choices.length);
    const covers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    const isOfStep = (n: number): boolean => !successors || isStepCover(program.properties[n]);
    this.openInStates = covers.filter((n) => !isOfStep(n));
    this.openInSteps = covers.filter(isOfStep);
    this.high = new Int32Array(this.workspace.recordsPerUnit);
    this.low = new Int32Array(this.workspace.recordsPerUnit);
    this.coverage = memory.coverage && new CoverageRecorder(program, memory.coverage);
  }

  /** Records the current state, which is the initial one. */
  start(): void {
    const { steps, workspace } = this;
    const first = new Int32Array(this.wordsWithoutSleepSet + workspace.sleepWords);
    steps.writeInitial(first);
    workspace.seen.add(steps.high, steps.low);
    workspace.frontier.extend(1);
    workspace.frontier.store(0, first);
    this.lookForCovers(this.openInStates);
    this.lookForCovers(this.openInSteps);
  }

  /** A block begins. */
  begin(): void {
    this.steps.begin();
  }

  /** Takes all steps out of the states of a unit, and records where they lead. */
  expand(unit: number): void {
    const { workspace } = this;
    const first = workspace.firstParent[unit];
    const parents = workspace.unit(unit, UnitField.parents);
    for (const field of [UnitField.records, UnitField.generated, UnitField.slept, UnitField.found])
      workspace.setUnit(unit, field, 0);
    for (const field of [UnitField.deadlock, UnitField.fault, UnitField.broken]) workspace.setUnit(unit, field, -1);
    this.coverage?.begin(unit);
    // what was found in a unit that comes later was not found there first
    if (first < this.lastFirst) this.recentFingerprints.fill(0);
    this.lastFirst = first;
    const here = workspace.frontier.cursor();
    for (let parent = 0; parent < parents; parent++) {
      here.seek(first + parent);
      this.expandState(unit, parent, here);
    }
    this.sortByPartition(unit);
  }

  private expandState(unit: number, parent: number, here: Cursor): void {
    const { program, workspace, steps, recentFingerprints, high, low, asleep, coverage, openInSteps } = this;
    const { code, keys, origins, recordsPerUnit, sleepWords } = workspace;
    const { choices } = steps;
    const start = unit * recordsPerUnit;
    let record = start + workspace.unit(unit, UnitField.records);
    let generated = 0;
    let taken = 0;
    const count = steps.enumerate(here.segment, here.at);
    const slept = sleepWords > 0 ? this.loadSleepSet(count, here) : 0;
    for (let n = 0; n < count; n++) {
      const isAsleep = sleepWords > 0 && asleep[n] === 1;
      const mayShow = openInSteps.length > 0 && steps.mayHitCover(n, openInSteps);
      if (isAsleep && !mayShow) continue;
      const outcome = steps.evaluate(n);
      if (outcome === StepOutcome.refused) continue;
      taken++;
      const how = origins.encode(parent, choices[n]);
      if (outcome === StepOutcome.fault) {
        if (workspace.unit(unit, UnitField.fault) < 0) workspace.setUnit(unit, UnitField.fault, how);
        continue;
      }
      if (mayShow || coverage) steps.moveTo(n);
      if (mayShow) this.lookForCovers(openInSteps);
      if (isAsleep) continue;
      generated++;
      coverage?.recordStep(unit, record);
      const { high: newHigh, low: newLow } = steps;
      const place = (newHigh >>> (32 - recentBits)) << 1;
      if (recentFingerprints[place] === newHigh && recentFingerprints[place + 1] === newLow) continue;
      recentFingerprints[place] = newHigh;
      recentFingerprints[place + 1] = newLow;
      high[record - start] = newHigh;
      low[record - start] = newLow;
      code[record] = how;
      keys[record] = steps.transitionId(n);
      if (sleepWords > 0) this.storeSleepSet(n, count, record);
      record++;
    }
    if (taken + slept === 0 && workspace.unit(unit, UnitField.deadlock) < 0 && !program.isValidEndState()) {
      workspace.setUnit(unit, UnitField.deadlock, parent);
    }
    workspace.setUnit(unit, UnitField.records, record - start);
    workspace.setUnit(unit, UnitField.generated, workspace.unit(unit, UnitField.generated) + generated);
    workspace.setUnit(unit, UnitField.slept, workspace.unit(unit, UnitField.slept) + slept);
  }

  /** Reads which of so many successors need not be taken; how many. */
  private loadSleepSet(count: number, { segment, at }: Cursor): number {
    const { steps, asleep } = this;
    const first = at + this.wordsWithoutSleepSet;
    let slept = 0;
    for (let n = 0; n < count; n++) {
      const choice = steps.choices[n];
      asleep[n] = (segment[first + (choice >>> 5)] >>> choice) & 1;
      slept += asleep[n];
    }
    return slept;
  }

  /** Says what need not be taken after the nth successor: what commutes with it, and was taken before it or left out itself. */
  private storeSleepSet(n: number, count: number, record: number): void {
    const { steps, asleep, workspace } = this;
    const { sleeping, sleepWords } = workspace;
    const { choices } = steps;
    const at = record * sleepWords;
    for (let w = 0; w < sleepWords; w++) sleeping[at + w] = 0;
    for (let m = 0; m < count; m++) {
      if (m === n || (m > n && asleep[m] === 0)) continue;
      if (!steps.commute(n, m)) continue;
      const choice = choices[m];
      sleeping[at + (choice >>> 5)] = sleeping[at + (choice >>> 5)] | (1 << choice);
    }
  }

  /** Writes the fingerprints of the records of a unit where those that look them up find them, those of a part of the table together. */
  private sortByPartition(unit: number): void {
    const { workspace, high, low, next } = this;
    const { ends, place } = workspace;
    const start = unit * workspace.recordsPerUnit;
    const count = workspace.unit(unit, UnitField.records);
    next.fill(0);
    for (let n = 0; n < count; n++) {
      const after = partitionOf(low[n]) + 1;
      next[after] = next[after] + 1;
    }
    for (let part = 0; part < partitionCount; part++) {
      next[part + 1] = next[part + 1] + next[part];
      ends[unit * partitionCount + part] = next[part + 1];
    }
    for (let n = 0; n < count; n++) {
      const part = partitionOf(low[n]);
      const to = next[part];
      next[part] = to + 1;
      workspace.high[start + to] = high[n];
      workspace.low[start + to] = low[n];
      place[start + n] = to;
    }
  }

  /**
   * Looks up what was recorded of so many units, part by part of the table, as a part is small enough to be in the cache. What is in the places where
   * one has to look is asked for ahead.
   * @param these the parts; each is looked up by one thread
   */
  deduplicate(units: number, these: Iterable<number>): void {
    const { workspace, found } = this;
    const { seen, high, low, isNew } = workspace;
    seen.refreshViews();
    found.fill(0);
    for (const part of these) {
      let prefetchSink = 0;
      for (let unit = 0; unit < units; unit++) {
        prefetchSink ^= seen.prefetch(part, high, workspace.firstOf(unit, part), workspace.firstOf(unit, part + 1));
      }
      this.prefetchSink = prefetchSink;
      for (let unit = 0; unit < units; unit++) {
        const [from, to] = [workspace.firstOf(unit, part), workspace.firstOf(unit, part + 1)];
        found[unit] = found[unit] + seen.addAll(part, high, low, from, to, isNew);
      }
    }
    for (let unit = 0; unit < units; unit++) workspace.addToUnit(unit, UnitField.found, found[unit]);
  }

  /** Makes the new states of a unit that this thread has expanded, stores them, and checks them. */
  commitNewStates(unit: number): void {
    const { workspace, steps, coverage, openInStates, wordsWithoutSleepSet } = this;
    const { isNew, place, code, keys, frontier, origins, recordsPerUnit, sleepWords, sleeping } = workspace;
    const start = unit * recordsPerUnit;
    const end = start + workspace.unit(unit, UnitField.records);
    const firstParent = workspace.firstParent[unit];
    const [parent, made] = [frontier.cursor(), frontier.cursor()];
    let number = workspace.firstState[unit];
    for (let record = start; record < end; record++) {
      if (isNew[start + place[record]] === 0) continue;
      const how = code[record];
      const key = keys[record];
      parent.seek(firstParent + origins.parentIn(how));
      made.seek(number);
      const { segment, at } = made;
      steps.materialize(key, parent.segment, parent.at, segment, at);
      for (let w = 0; w < sleepWords; w++) segment[at + wordsWithoutSleepSet + w] = sleeping[record * sleepWords + w];
      origins.set(number, how);
      number++;
      const isQuiet = steps.isKnownSafe(key, segment, at, openInStates);
      if (coverage || !isQuiet) steps.load(segment, at);
      coverage?.recordNewState(unit, record);
      if (isQuiet) continue;
      if (openInStates.length > 0) this.lookForCovers(openInStates);
      const violated = steps.violated(key);
      if (violated < 0 || workspace.unit(unit, UnitField.broken) >= 0) continue;
      workspace.setUnit(unit, UnitField.broken, how);
      workspace.setUnit(unit, UnitField.invariant, violated);
    }
    coverage?.end();
  }

  private lookForCovers(open: number[]): void {
    this.program.covers(open, (cover) => {
      open.splice(open.indexOf(cover), 1);
      this.workspace.hits[cover] = 1;
    });
  }
}
