import { type Program, Step } from '../compile/program.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
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
  private readonly enabled: Int32Array;
  private readonly domains: Int32Array;
  private readonly firstChoice: Int32Array;
  private readonly openCovers: number[];
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
    const numbers = new ChoiceNumbers(program.events);
    this.fingerprint = new Fingerprint(words);
    this.base = new Int32Array(words);
    this.enabled = new Int32Array(program.events.length);
    this.domains = Int32Array.from(program.events, ({ domain }) => domain);
    this.firstChoice = Int32Array.from(program.events, ({ id }) => numbers.firstOf(id));
    this.openCovers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.mine = new Int32Array(this.workspace.recordsPerUnit);
    this.notes = memory.coverage && new CoverageNotes(program, memory.coverage);
  }

  /** Records the current state, which is the initial one. */
  start(): void {
    const { fingerprint, workspace, program } = this;
    fingerprint.of(program.state);
    workspace.seen.add(fingerprint.high, fingerprint.low);
    workspace.frontier.extend(1);
    workspace.frontier.store(0, program.state, 0);
    this.lookForCovers();
  }

  /** Takes all steps out of the states of a unit, and records where they lead. */
  expand(unit: number): void {
    const { workspace } = this;
    const first = workspace.firstParent[unit] as number;
    const parents = workspace.unit(unit, Unit.parents);
    for (const field of [Unit.records, Unit.generated, Unit.found]) workspace.setUnit(unit, field, 0);
    for (const field of [Unit.stuck, Unit.fault, Unit.broken]) workspace.setUnit(unit, field, -1);
    this.notes?.begin(unit);
    for (let parent = 0; parent < parents; parent++) {
      workspace.frontier.load(first + parent, this.base);
      this.takeAllSteps(unit, parent);
    }
  }

  private takeAllSteps(unit: number, parent: number): void {
    const { program, workspace, base, enabled, fingerprint, recent } = this;
    const { high, low, code, states, origins, recordsPerUnit } = workspace;
    const { state } = program;
    const words = base.length;
    for (let n = 0; n < words; n++) state[n] = base[n] as number;
    fingerprint.of(state);
    const start = unit * recordsPerUnit;
    const before = start + workspace.unit(unit, Unit.records);
    let record = before;
    let generated = 0;
    let taken = 0;
    const count = program.enabled(enabled);
    for (let e = 0; e < count; e++) {
      const event = enabled[e] as number;
      const domain = this.domains[event] as number;
      for (let payload = 0; payload < domain; payload++) {
        const outcome = program.step(event, payload);
        if (outcome === Step.refused) continue;
        taken++;
        const how = origins.code(parent, (this.firstChoice[event] as number) + payload);
        if (outcome === Step.fault) {
          if (workspace.unit(unit, Unit.fault) < 0) workspace.setUnit(unit, Unit.fault, how);
        } else {
          generated++;
          this.notes?.took(unit, record);
          if (this.openCovers.length > 0) this.lookForCovers();
          fingerprint.near(state);
          const place = (fingerprint.high >>> (32 - recentBits)) << 1;
          if (recent[place] !== fingerprint.high || recent[place + 1] !== fingerprint.low) {
            recent[place] = fingerprint.high;
            recent[place + 1] = fingerprint.low;
            high[record] = fingerprint.high;
            low[record] = fingerprint.low;
            code[record] = how;
            for (let n = 0; n < words; n++) states[record * words + n] = state[n] as number;
            record++;
          }
        }
        for (let n = 0; n < words; n++) state[n] = base[n] as number;
      }
    }
    if (taken === 0 && workspace.unit(unit, Unit.stuck) < 0 && !program.mayStop()) {
      workspace.setUnit(unit, Unit.stuck, parent);
    }
    workspace.setUnit(unit, Unit.records, record - start);
    workspace.setUnit(unit, Unit.generated, workspace.unit(unit, Unit.generated) + generated);
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
    const start = unit * recordsPerUnit;
    const end = start + workspace.unit(unit, Unit.records);
    let number = workspace.firstState[unit] as number;
    for (let record = start; record < end; record++) {
      if (isNew[record] === 0) continue;
      frontier.store(number, states, record * words);
      origins.set(number, code[record] as number);
      number++;
      for (let n = 0; n < words; n++) state[n] = states[record * words + n] as number;
      this.notes?.found(unit, record);
      const violated = program.violated();
      if (violated < 0 || workspace.unit(unit, Unit.broken) >= 0) continue;
      workspace.setUnit(unit, Unit.broken, code[record] as number);
      workspace.setUnit(unit, Unit.invariant, violated);
    }
    this.notes?.end();
  }

  private lookForCovers(): void {
    const { program, openCovers } = this;
    program.covers(openCovers, (cover) => {
      openCovers.splice(openCovers.indexOf(cover), 1);
      this.workspace.hits[cover] = 1;
    });
  }
}
