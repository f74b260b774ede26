import { type Program, Step } from '../compile/program.ts';
import { PlainSuccessors, type Successors } from '../compile/successors.ts';
import { looksAtSteps, type Property } from '../model/property.ts';
import { CoverageNotes } from './coverage.ts';
import { Fingerprint } from './fingerprint.ts';
import { Seen } from './seen.ts';
import { type SharedMemory, Unit, Workspace } from './workspace.ts';

/** Fingerprints that a thread remembers to have recorded: most states that are found again are found again soon. */
const recentBits = 14;

/**
 * What one thread does in a search, with a program of its own. A block of states is gone through in three phases, each by all threads together:
 * units are expanded, one by one, by whoever is free; each thread looks up the successors of its share of the table, unit by unit; the
 * new states are checked and stored, again unit by unit. So what is found, and in what order, depends on nothing but the model.
 */
export class Member {
  readonly workspace: Workspace;
  private readonly fingerprint: Fingerprint;
  private readonly base: Int32Array;
  private readonly successors: Successors;
  /** of the state that is being expanded, by place among its successors: whether it may be left out, and whether it was taken before */
  private readonly asleep: Uint8Array;
  /** covers that were not hit yet: those that a state shows, and those that look at the step as well */
  private readonly openInStates: number[];
  private readonly openInSteps: number[];
  private readonly mine: Int32Array;
  private readonly notes: CoverageNotes | undefined;
  private readonly recent = new Int32Array(2 << recentBits);
  /** only so that the reads that warm the cache are not optimised away */
  touched = 0;

  constructor(
    readonly program: Program,
    memory: SharedMemory,
  ) {
    this.workspace = new Workspace(memory);
    const words = program.state.length;
    this.fingerprint = new Fingerprint(words);
    this.base = new Int32Array(words + memory.sleepWords);
    this.successors = program.successors ?? new PlainSuccessors(program);
    this.asleep = new Uint8Array(this.successors.choices.length);
    const covers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    const isOfStep = (n: number): boolean => !program.successors || looksAtSteps(program.properties[n] as Property);
    this.openInStates = covers.filter((n) => !isOfStep(n));
    this.openInSteps = covers.filter(isOfStep);
    this.mine = new Int32Array(this.workspace.recordsPerUnit);
    this.notes = memory.coverage && new CoverageNotes(program, memory.coverage);
  }

  /** Records the current state, which is the initial one. */
  start(): void {
    const { fingerprint, workspace, program, base } = this;
    fingerprint.of(program.state);
    workspace.seen.add(fingerprint.high, fingerprint.low);
    workspace.frontier.extend(1);
    base.fill(0);
    base.set(program.state);
    workspace.frontier.store(0, base, 0);
    this.lookForCovers(this.openInStates);
    this.lookForCovers(this.openInSteps);
  }

  /** Takes all steps out of the states of a unit, and records where they lead. */
  expand(unit: number): void {
    const { workspace } = this;
    const first = workspace.firstParent[unit] as number;
    const parents = workspace.unit(unit, Unit.parents);
    for (const field of [Unit.records, Unit.generated, Unit.slept, Unit.found]) workspace.setUnit(unit, field, 0);
    for (const field of [Unit.stuck, Unit.fault, Unit.broken]) workspace.setUnit(unit, field, -1);
    this.notes?.begin(unit);
    for (let parent = 0; parent < parents; parent++) {
      workspace.frontier.load(first + parent, this.base);
      this.takeAllSteps(unit, parent);
    }
  }

  private takeAllSteps(unit: number, parent: number): void {
    const { program, workspace, base, fingerprint, recent, successors, asleep } = this;
    const { high, low, code, states, origins, recordsPerUnit, sleepWords } = workspace;
    const { state } = program;
    const { choices } = successors;
    const words = state.length;
    for (let n = 0; n < words; n++) state[n] = base[n] as number;
    fingerprint.of(state);
    const start = unit * recordsPerUnit;
    let record = start + workspace.unit(unit, Unit.records);
    let generated = 0;
    let taken = 0;
    let slept = 0;
    const count = successors.look();
    if (sleepWords > 0) {
      for (let n = 0; n < count; n++) {
        const choice = choices[n] as number;
        asleep[n] = ((base[words + (choice >>> 5)] as number) >>> choice) & 1;
        slept += asleep[n] as number;
      }
    }
    const { openInSteps } = this;
    for (let n = 0; n < count; n++) {
      const isAsleep = sleepWords > 0 && asleep[n] === 1;
      const mayShow = openInSteps.length > 0 && successors.mayShow(n, openInSteps);
      if (isAsleep && !mayShow) continue;
      const outcome = successors.take(n);
      if (outcome === Step.refused) continue;
      taken++;
      if (mayShow && outcome === Step.taken) this.lookForCovers(openInSteps);
      const how = origins.code(parent, choices[n] as number);
      if (outcome === Step.fault) {
        if (workspace.unit(unit, Unit.fault) < 0) workspace.setUnit(unit, Unit.fault, how);
      } else if (!isAsleep) {
        generated++;
        this.notes?.took(unit, record);
        fingerprint.near(state);
        const place = (fingerprint.high >>> (32 - recentBits)) << 1;
        if (recent[place] !== fingerprint.high || recent[place + 1] !== fingerprint.low) {
          recent[place] = fingerprint.high;
          recent[place + 1] = fingerprint.low;
          high[record] = fingerprint.high;
          low[record] = fingerprint.low;
          code[record] = how;
          const at = record * base.length;
          for (let w = 0; w < words; w++) states[at + w] = state[w] as number;
          if (sleepWords > 0) this.putToSleep(n, count, at + words);
          record++;
        }
      }
      for (let w = 0; w < words; w++) state[w] = base[w] as number;
    }
    if (taken + slept === 0 && workspace.unit(unit, Unit.stuck) < 0 && !program.mayStop()) {
      workspace.setUnit(unit, Unit.stuck, parent);
    }
    workspace.setUnit(unit, Unit.records, record - start);
    workspace.setUnit(unit, Unit.generated, workspace.unit(unit, Unit.generated) + generated);
    workspace.setUnit(unit, Unit.slept, workspace.unit(unit, Unit.slept) + slept);
  }

  /** Says what need not be taken after the nth successor: what commutes with it, and was taken before it or left out itself. */
  private putToSleep(n: number, count: number, at: number): void {
    const { successors, asleep, base, workspace } = this;
    const { states, sleepWords } = workspace;
    const { choices } = successors;
    for (let w = 0; w < sleepWords; w++) states[at + w] = 0;
    for (let m = 0; m < count; m++) {
      if (m === n || (m > n && asleep[m] === 0)) continue;
      if (!successors.commute(n, m, base)) continue;
      const choice = successors.named(choices[m] as number);
      states[at + (choice >>> 5)] = (states[at + (choice >>> 5)] as number) | (1 << choice);
    }
  }

  /** Looks up what was recorded of a unit and falls into a share of the table. */
  lookUp(unit: number, share: number, shares: number): void {
    const { workspace, mine } = this;
    const { seen, high, low, isNew, recordsPerUnit } = workspace;
    seen.lookAgain();
    const start = unit * recordsPerUnit;
    const end = start + workspace.unit(unit, Unit.records);
    let count = 0;
    let touched = 0;
    for (let record = start; record < end; record++) {
      const lowest = low[record] as number;
      if (shares > 1 && Seen.shareOf(lowest, shares) !== share) continue;
      mine[count++] = record;
      touched ^= seen.touch(high[record] as number, lowest);
    }
    this.touched = touched;
    let found = 0;
    for (let n = 0; n < count; n++) {
      const record = mine[n] as number;
      const added = seen.add(high[record] as number, low[record] as number);
      isNew[record] = added ? 1 : 0;
      if (added) found++;
    }
    workspace.addToUnit(unit, Unit.found, found);
  }

  /** Stores the new states of a unit, and checks them. */
  gather(unit: number): void {
    const { workspace, program } = this;
    const { states, isNew, code, frontier, origins, recordsPerUnit } = workspace;
    const { state } = program;
    const words = state.length;
    const wordsPerRecord = this.base.length;
    const start = unit * recordsPerUnit;
    const end = start + workspace.unit(unit, Unit.records);
    let number = workspace.firstState[unit] as number;
    for (let record = start; record < end; record++) {
      if (isNew[record] === 0) continue;
      frontier.store(number, states, record * wordsPerRecord);
      origins.set(number, code[record] as number);
      number++;
      for (let n = 0; n < words; n++) state[n] = states[record * wordsPerRecord + n] as number;
      this.notes?.found(unit, record);
      if (this.openInStates.length > 0) this.lookForCovers(this.openInStates);
      const violated = program.violated();
      if (violated < 0 || workspace.unit(unit, Unit.broken) >= 0) continue;
      workspace.setUnit(unit, Unit.broken, code[record] as number);
      workspace.setUnit(unit, Unit.invariant, violated);
    }
    this.notes?.end();
  }

  private lookForCovers(open: number[]): void {
    this.program.covers(open, (cover) => {
      open.splice(open.indexOf(cover), 1);
      this.workspace.hits[cover] = 1;
    });
  }
}
